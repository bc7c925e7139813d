"""Keys as text: ours are made and read, theirs are read or refused."""

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_public_key,
)
from hypothesis import given
from hypothesis import strategies as st

from federation.errors import BadKey
from federation.keys import algorithm_of, generate_pair, load_private, load_public, public_pem


def pem_of(key):
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@pytest.mark.parametrize("algorithm", ["rsa", "ed25519"])
def test_made_keys_can_be_read(algorithm):
    """AP-093, AP-094: RSA of 2,048 bits and Ed25519, as PEM."""
    pair = generate_pair(algorithm)
    public, private = load_public(pair.public), load_private(pair.private)
    assert public_pem(private.public_key()) == pair.public == public_pem(public)
    assert algorithm_of(public) == pair.algorithm == algorithm
    assert "PRIVATE" not in repr(pair)


def test_every_spelling_of_one_key(vectors):
    """V-1, V-2, V-17, AP-431: SPKI, PKCS#1, CRLF line ends and multibase give the same key."""
    expected = load_pem_public_key(vectors.public_pem.encode())
    spellings = [
        vectors.public_pem,
        vectors.pkcs1_pem,
        vectors.public_pem.replace("\n", "\r\n"),
        vectors.data["rsa_multibase"],
    ]
    for text in spellings:
        assert load_public(text) == expected
    ed25519 = vectors.data["ed25519"]
    assert pem_of(load_public(ed25519["pem"])) == pem_of(load_public(ed25519["multibase"])) == ed25519["pem"]


@pytest.mark.parametrize("bits", [1024, 16384])
def test_rsa_sizes(bits):
    """SEC-010: neither weak keys nor ones that cost us more than them."""
    modulus = (1 << (bits - 1)) | 1
    key = rsa.RSAPublicNumbers(65537, modulus).public_key()
    with pytest.raises(BadKey, match=str(bits)):
        load_public(pem_of(key))


def test_512_bits():
    """SEC-010: as weak as it gets; whether the library or we refuse it does not matter."""
    base64 = (
        "MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAJ0dKjdBmgUhSTrA3rlJyQ9YIaqfDA6J"
        "j+O3QJkOoJBa2Yb2vT6mQYDuhVGnBjsG+lkPZ9Mda6cP4gr3gEbY2OECAwEAAQ=="
    )
    text = f"-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n"
    with pytest.raises(BadKey):
        load_public(text)


def test_rsa_exponent():
    """SEC §2: an exponent above 3 and below 2^32."""
    modulus = (1 << 2047) | 1
    for exponent in (3, 2**32 + 1):
        with pytest.raises(BadKey):
            load_public(pem_of(rsa.RSAPublicNumbers(exponent, modulus).public_key()))


def test_other_kinds(vectors):
    """SEC-010: EC, DSA, X25519, P-256 multikeys and private keys are no keys of ours or theirs."""
    elliptic = ec.generate_private_key(ec.SECP256R1())
    texts = [
        pem_of(elliptic.public_key()),
        pem_of(dsa.generate_private_key(2048).public_key()),
        pem_of(x25519.X25519PrivateKey.generate().public_key()),
        elliptic.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
        vectors.private_pem,
        "zDnaepsL7AXenJkVYdkh5KuKsSU7Ykh7kyXaLLU7auN9FWSiZ",
        "z3u2RDpgFe6Voz19gxWsBkueKj6XiuC9w1bSBT4FTowsWk6A",
    ]
    for text in texts:
        with pytest.raises(BadKey):
            load_public(text)


def test_more_than_a_key(vectors):
    """SEC-010: text before or after, two keys, mixed labels, broken base64, or far too much of it."""
    pem = vectors.public_pem
    for text in (
        pem + "trailing",
        "leading\n" + pem,
        pem + pem,
        pem.replace("BEGIN PUBLIC", "BEGIN RSA PUBLIC"),
        pem.replace("MIIB", "AAAA"),
        "",
        "z",
        "-----BEGIN",
        pem.replace("\n", "\n" * 10_000, 1),
    ):
        with pytest.raises(BadKey):
            load_public(text)


@given(text=st.text(max_size=200) | st.binary(max_size=100).map(lambda raw: f"z{raw.hex()}"))
def test_any_text(text):
    """SEC-010: hostile key text raises nothing but our own error."""
    with pytest.raises(BadKey):
        load_public(text)


def test_private_keys_of_other_kinds():
    """We only read what we make."""
    key = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(BadKey):
        load_private(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode())
