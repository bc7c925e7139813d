"""Signing and verifying bytes: the key decides the algorithm, never the message (SEC-008)."""

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA512

from federation.errors import BadSignature

PublicKey: TypeAlias = RSAPublicKey | Ed25519PublicKey
PrivateKey: TypeAlias = RSAPrivateKey | Ed25519PrivateKey

RSA_SHA256 = "rsa-v1_5-sha256"
RSA_SHA512 = "rsa-v1_5-sha512"
ED25519 = "ed25519"

_PADDING = PKCS1v15()
_HASHES = {RSA_SHA256: SHA256(), RSA_SHA512: SHA512()}


def algorithms(key: PublicKey | PrivateKey) -> tuple[str, ...]:
    """Name the algorithms a key is good for, the usual one first."""
    if isinstance(key, RSAPublicKey | RSAPrivateKey):
        return (RSA_SHA256, RSA_SHA512)
    return (ED25519,)


def sign(key: PrivateKey, text: bytes) -> bytes:
    """Sign with the key's usual algorithm. RSA takes half a millisecond and releases the GIL."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(text, _PADDING, _HASHES[RSA_SHA256])
    return key.sign(text)


def verify(key: PublicKey, algorithm: str, signature: bytes, text: bytes) -> None:
    """Raise BadSignature unless the signature is this key's over this text, by this algorithm."""
    try:
        if isinstance(key, Ed25519PublicKey) and algorithm == ED25519:
            key.verify(signature, text)
        elif isinstance(key, RSAPublicKey) and algorithm in _HASHES:
            key.verify(signature, text, _PADDING, _HASHES[algorithm])
        else:
            raise BadSignature("the algorithm is not one of the key's kind")
    except InvalidSignature:
        raise BadSignature("the signature is not this key's over this request") from None
