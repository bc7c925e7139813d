"""The key decides the algorithm."""

import pytest

from federation.errors import BadSignature
from federation.signatures import algorithms

TEXT = b"text"


def test_each_key_its_own(rsa, ed25519):
    """SEC-008: what a key signs, its public half verifies by the key's own algorithm and by no other."""
    for signer, mine in ((rsa, algorithms.RSA_SHA256), (ed25519, algorithms.ED25519)):
        signature = algorithms.sign(signer.key, TEXT)
        public = signer.key.public_key()
        algorithms.verify(public, mine, signature, TEXT)
        for other in {algorithms.RSA_SHA256, algorithms.RSA_SHA512, algorithms.ED25519, "none", ""} - {mine}:
            with pytest.raises(BadSignature):
                algorithms.verify(public, other, signature, TEXT)
        for altered in (signature[:-1], bytes(len(signature)), b"", signature + b"x"):
            with pytest.raises(BadSignature):
                algorithms.verify(public, mine, altered, TEXT)
        with pytest.raises(BadSignature):
            algorithms.verify(public, mine, signature, TEXT + b"x")


def test_names(rsa, ed25519):
    """AP-416: RSA with either hash, Ed25519 with its own."""
    assert algorithms.algorithms(rsa.key) == algorithms.algorithms(rsa.key.public_key())
    assert algorithms.algorithms(rsa.key)[0] == rsa.algorithm == "rsa-v1_5-sha256"
    assert algorithms.algorithms(ed25519.key) == ("ed25519",)
