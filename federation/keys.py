"""Keys as text and as parsed objects: make ours, read theirs, refuse the weak and the odd (SEC-010).

Reading a private RSA key the careful way takes 43 ms with the GIL held; ours were made here and are
read without that check. Public keys come from strangers: their size is limited before anything is
computed with them.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

from federation.errors import BadKey
from federation.signatures import PrivateKey, PublicKey
from vocab import BadMultikey, multikey

RSA_BITS = 2048
RSA_BITS_MAX = 8192
RSA_EXPONENT_MIN = 5
RSA_EXPONENT_MAX = 2**32
KEY_TEXT_MAX = 8192

_PEM = re.compile(
    r"\s*-----BEGIN (RSA )?PUBLIC KEY-----\s+[A-Za-z0-9+/=\s]+-----END \1?PUBLIC KEY-----\s*", re.ASCII
)


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A new key pair as PEM text: SPKI and PKCS#8. ``algorithm`` is ``rsa`` or ``ed25519``."""

    algorithm: str
    public: str
    private: str = field(repr=False)


def generate_pair(algorithm: Literal["rsa", "ed25519"]) -> KeyPair:
    """Make a key pair (AP-093, AP-094). RSA takes a good part of a second: call it in a thread."""
    key: PrivateKey
    if algorithm == "rsa":
        key = rsa.generate_private_key(public_exponent=65537, key_size=RSA_BITS)
    else:
        key = Ed25519PrivateKey.generate()
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return KeyPair(algorithm, public_pem(key.public_key()), private.decode())


def load_private(pem: str) -> PrivateKey:
    """Read a private key of ours."""
    key = load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, rsa.RSAPrivateKey | Ed25519PrivateKey):
        raise BadKey("a private key of a kind we do not make")
    return key


@lru_cache(maxsize=4096)
def load_public(text: str) -> PublicKey:
    """Read someone's public key, PEM or multibase; BadKey for whatever we do not verify with (AP-431)."""
    if len(text) > KEY_TEXT_MAX:
        raise BadKey("longer than any key")
    try:
        key = _from_pem(text) if "-----BEGIN" in text else _from_multibase(text.strip())
    except (ValueError, TypeError, UnsupportedAlgorithm, BadMultikey):
        raise BadKey("not a public key") from None
    if isinstance(key, Ed25519PublicKey):
        return key
    if isinstance(key, rsa.RSAPublicKey):
        _check_rsa(key)
        return key
    raise BadKey("a public key of a kind we do not verify with")


def public_pem(key: PublicKey) -> str:
    """Write a public key the way it is stored."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def algorithm_of(key: PublicKey) -> str:
    """Name a key's kind the way it is stored."""
    return "rsa" if isinstance(key, rsa.RSAPublicKey) else "ed25519"


def _from_pem(text: str) -> object:
    if _PEM.fullmatch(text) is None:
        raise BadKey("not one public key and nothing else")
    return load_pem_public_key(text.strip().encode("ascii"))


def _from_multibase(text: str) -> object:
    kind, raw = multikey.decode(text)
    if kind == "ed25519":
        return Ed25519PublicKey.from_public_bytes(raw)
    return load_der_public_key(raw) if kind == "rsa" else None


def _check_rsa(key: rsa.RSAPublicKey) -> None:
    exponent = key.public_numbers().e
    if not RSA_BITS <= key.key_size <= RSA_BITS_MAX:
        raise BadKey(f"an RSA key of {key.key_size} bits")
    if not RSA_EXPONENT_MIN <= exponent < RSA_EXPONENT_MAX or exponent % 2 == 0:
        raise BadKey("an RSA key with an unusual exponent")
