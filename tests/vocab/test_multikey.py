"""Keys as multibase text: vectors of FEP-521a and of the fixtures shared with other packages."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadMultikey, multikey

ED25519_PUBLIC = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"
ED25519_SECRET = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
P256_PUBLIC = "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
RSA_PUBLIC = base64.b64decode(
    "MIIBCgKCAQEA0R4I87rvAHlrqv46539dKzksZUX9ebeywtYJ7Y3X23Wk58u3aY6SOTu1JjeeJ8FzMLhJAp6YJw7doIkA364oiA8QxORT"
    "YitPbS4TSLQYGmDP0B79WeZVlP6kXMjVjmnQf34SesAjBqYQP/xR9YLoL/swAAVggx+HZc4w4aOvG73o/qxIFnKjsj7ozB4vzjfk/2it"
    "7IktdO0flYgHzPk471VYfSENTG1iw7xocoJszFnQ7LjoVpL2wrxVbRUeQJjf6hMXD1K+laMMm/rkNvUBUtSugHIRtr6eD8kU77t48VOC"
    "0ch4A/Nkp04qvokRBNKPs8uZztOtQ2oha/vsrkqcywIDAQAB"
)
ED25519_TEXT = "z6MkehRgf7yJbgaGfYsdoAsKdBPE3dj2CYhowQdcjqSJgvVd"
VECTORS = [
    ("ed25519", bytes.fromhex(ED25519_PUBLIC), ED25519_TEXT),
    ("ed25519-secret", bytes.fromhex(ED25519_SECRET), "z3u2RDpgFe6Voz19gxWsBkueKj6XiuC9w1bSBT4FTowsWk6A"),
    ("p256", bytes.fromhex(P256_PUBLIC), "zDnaepsL7AXenJkVYdkh5KuKsSU7Ykh7kyXaLLU7auN9FWSiZ"),
    ("rsa", RSA_PUBLIC,
     "z4MXj1wBzi9jUstyQ5Mi42JX7LZjWoRFfABxZra6GjaqdxRiykLjLgNbTLE4Vbo21mPjDZxotBpSvXXwz3iK5XKfXojxrBS21mnN9mYFqBPW4U"
     "NwvR7F1hf1CeBHF64FghVcb6J4tkowCi2DSDttEsm4GZXk1VgFmp4juXqw7vvYHbVp1hcwWH5rW351DsE9WK8LmnkN1eoRQkZU3h8VGwqN12f1"
     "pyhrqjLaKaobJZnscunjLGbXuv1wk84iXCMTSQse4yjPNkBntiCheu15WwvnkyiWwwGLtTA6KDNm5SsRrKBu1gzGHgBPvRnLpXx9HXKyn8rpTy"
     "P5wnVkja5PJoo9fgwsRLLMNDUvAj4kNm5WxbnoqAfKn"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "raw", "text"), VECTORS)
def test_vectors(kind, raw, text):
    """AP-094, AP-504: both directions, byte for byte."""
    assert multikey.encode(kind, raw) == text
    assert multikey.decode(text) == (kind, raw)


@pytest.mark.parametrize(
    "text",
    ["", "z", ED25519_TEXT[1:], "m" + ED25519_TEXT[1:], "z" * 3_000]
    + [ED25519_TEXT[:9] + letter + ED25519_TEXT[10:] for letter in "0OIl é"]
    + [multikey.encode_bytes(bytes.fromhex("ed01") + bytes(count)) for count in (0, 31, 33)]
    + [multikey.encode_bytes(bytes.fromhex("8024") + b"\x04" + bytes(64)), multikey.encode_bytes(b"\x85\x24")]
    + [multikey.encode_bytes(bytes.fromhex("8024") + b"\x04" + bytes(32)), multikey.encode_bytes(b"\x00\x01abc")],
)  # fmt: skip
def test_refused(text):
    """SEC-010: wrong alphabet, wrong length, wrong point, wrong kind."""
    with pytest.raises(BadMultikey):
        multikey.decode(text)


def test_refused_when_writing():
    """SEC-010: what could not be read back is not written."""
    for kind, raw in (("ed25519", bytes(31)), ("dsa", bytes(32)), ("rsa", b""), ("p256", bytes(33))):
        with pytest.raises(BadMultikey):
            multikey.encode(kind, raw)


@given(st.binary(max_size=80))
def test_any_bytes_survive(raw):
    """AP-500: leading zeros included."""
    assert multikey.decode_bytes(multikey.encode_bytes(raw)) == raw
