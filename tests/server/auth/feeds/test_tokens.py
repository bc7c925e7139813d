"""Tokens that are none of ours, in every way that has been tried on others."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from feedtokens import HEADER, SECRET, SERVER, encoded, token
from hypothesis import given
from hypothesis import strategies as st

from server.auth.feeds import BadCredentials, CredentialsError, Denied
from server.auth.feeds.tokens import TOKEN_CHARS_MAX, claims

KEYS = {
    "RS256": rsa.generate_private_key(65_537, 2_048),
    "ES256": ec.generate_private_key(ec.SECP256R1()),
    "EdDSA": ed25519.Ed25519PrivateKey.generate(),
}


def test_what_the_sdks_sign_is_read() -> None:
    assert claims(token(SERVER), [SECRET]) == SERVER
    assert claims(jwt.encode(SERVER, SECRET, "HS256"), [SECRET]) == SERVER


@pytest.mark.parametrize("secret", ["s", "secret", "x" * 31, "x" * 32, "ü" * 20])
def test_a_short_secret_is_a_secret(secret: str) -> None:
    """Feeds §2.2: applications that moved here may hold one; no warning is raised (warnings are errors here)."""
    assert claims(token(SERVER, secret=secret), [secret]) == SERVER


def test_any_secret_that_holds_will_do() -> None:
    """SEC-103: while one takes over from another."""
    assert claims(token(SERVER, secret="old"), ["new", "old"]) == SERVER


@pytest.mark.parametrize("secrets", [[], ["other"], [SECRET[:-1]], [SECRET.upper()]])
def test_a_wrong_signature_is_denied(secrets: list[str]) -> None:
    """Feeds §2.2: 403, unlike a token that cannot be read."""
    with pytest.raises(Denied):
        claims(token(SERVER), secrets)


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_the_same_secret_with_another_hash(algorithm: str) -> None:
    """SEC-100."""
    with pytest.raises(BadCredentials):
        claims(token(SERVER, header={"alg": algorithm}, hashed=f"sha{algorithm[2:]}"), [SECRET])


@pytest.mark.parametrize("algorithm", KEYS)
def test_other_algorithms(algorithm: str) -> None:
    """SEC-100."""
    with pytest.raises(BadCredentials):
        claims(jwt.encode(SERVER, KEYS[algorithm], algorithm), [SECRET])


def test_a_public_key_is_no_secret() -> None:
    """SEC-100: key confusion (CVE-2022-29217)."""
    public = KEYS["RS256"].public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()  # fmt: skip
    with pytest.raises(Denied):
        claims(token(SERVER, secret=public), [public])


@pytest.mark.parametrize(
    "algorithm", [None, "none", "None", "NONE", "", "hs256", "HS256 ", ["HS256"], {"HS256": 1}, 1, True]
)
@pytest.mark.parametrize("signed", [True, False])
def test_the_header_names_the_algorithm_exactly(algorithm: object, signed: bool) -> None:
    """SEC-100: alg none, with a signature and without."""
    made = token(SERVER, header={"alg": algorithm})
    with pytest.raises(BadCredentials):
        claims(made if signed else made.rpartition(".")[0] + ".", [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"typ": "JWT"},
        {**HEADER, "crit": []},
        {**HEADER, "crit": ["exp"], "exp": 1},
        {**HEADER, "crit": ["b64"], "b64": True},
        {**HEADER, "crit": ["b64"], "b64": False},
        {**HEADER, "b64": False},
        {**HEADER, "kid": 1},
        [HEADER],
        "HS256",
        None,
        b"",
        b"{",
        b"\xff\xfe",
        b'{"alg":"HS256","alg":"none"}',
        b"[" * 4_000,
    ],
)
def test_headers_that_cannot_be(header: object) -> None:
    """SEC-100: what is critical is not understood, and what cannot be read is refused."""
    with pytest.raises(BadCredentials):
        claims(token(SERVER, header=header), [SECRET])


def test_a_header_chooses_no_key() -> None:
    """SEC-100: kid, jku, jwk, x5u and x5c are read by nobody."""
    mine = {"kty": "oct", "k": encoded(b"attacker"), "alg": "HS256"}
    evil = "https://evil.example/"
    header = {**HEADER, "jwk": mine, "jku": evil, "kid": "../../dev/null", "x5u": evil, "x5c": ["MII"]}
    with pytest.raises(Denied):
        claims(token(SERVER, secret="attacker", header=header), [SECRET])
    with pytest.raises(Denied):
        claims(token(SERVER, secret="\0", header=header), [SECRET])
    assert claims(token(SERVER, header=header), [SECRET]) == SERVER


GOOD = token(SERVER)
FIRST, SECOND, THIRD = GOOD.split(".")


@pytest.mark.parametrize(
    "made",
    [
        "",
        ".",
        "..",
        "null",
        FIRST,
        f"{FIRST}.{SECOND}",
        f"{FIRST}.{SECOND}.",
        f"{FIRST}..{THIRD}",
        f".{SECOND}.{THIRD}",
        f"{GOOD}.{THIRD}",
        f"{GOOD}=",
        f"{FIRST}=.{SECOND}.{THIRD}",
        f" {GOOD}",
        f"{GOOD}\n",
        f"{FIRST}. {SECOND}.{THIRD}",
        f"{GOOD}é",
        json.dumps({"payload": SECOND, "protected": FIRST, "signature": THIRD}),
    ],
)
def test_compact_form_only(made: str) -> None:
    """SEC-100: strict base64url without padding or spaces, and not JSON."""
    with pytest.raises(BadCredentials):
        claims(made, [SECRET])


def test_a_signature_has_one_spelling() -> None:
    """SEC-100: the bits that base64 leaves over are zero, or one token would have several names."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = alphabet[alphabet.index(GOOD[-1]) + 1]
    with pytest.raises(BadCredentials):
        claims(GOOD[:-1] + other, [SECRET])


@pytest.mark.parametrize(
    "payload",
    [
        b"1",
        b"[]",
        b"null",
        b"{",
        b"\xff",
        b'{"a":1,"a":2}',
        b'{"exp":NaN}',
        b'{"a":' * 900 + b"1" + b"}" * 900,
    ],
)
def test_a_payload_is_one_strict_object(payload: bytes) -> None:
    with pytest.raises(BadCredentials):
        claims(token(payload), [SECRET])


def test_a_token_has_a_length() -> None:
    with pytest.raises(BadCredentials):
        claims(token({**SERVER, "x": "x" * TOKEN_CHARS_MAX}), [SECRET])


@given(st.text() | st.from_regex(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", fullmatch=True))
def test_no_text_is_believed_and_none_breaks_us(made: str) -> None:
    with pytest.raises(CredentialsError):
        claims(made, [SECRET])


@given(st.binary(max_size=200), st.binary(max_size=200))
def test_no_bytes_break_us(header: bytes, payload: bytes) -> None:
    with pytest.raises(CredentialsError):
        claims(token(payload, header=header), [SECRET])
