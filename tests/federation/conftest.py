"""The keys, requests and documents of the published test vectors (V-1 to V-17)."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from federation.signatures import Incoming, Signer

FILES = Path(__file__).parent.parent / "vectors" / "federation"
RSA_ID = "https://a.example/u/ada#main-key"
ED25519_ID = "https://a.example/u/ada#ed25519-key"


class Vectors:
    """The file of vectors, and what tests do with its requests."""

    noon = 1795176000 * 1_000_000
    origins = frozenset({"https://b.example"})

    def __init__(self) -> None:
        self.data: dict[str, Any] = json.loads((FILES / "vectors.json").read_text())
        self.actor: dict[str, Any] = json.loads((FILES / "actor.json").read_text())
        self.public_pem = (FILES / "ada-public.pem").read_text()
        self.pkcs1_pem = (FILES / "ada-pkcs1.pem").read_text()
        self.private_pem = (FILES / "ada-private.pem").read_text()

    def request(self, name: str, **changes: Any) -> Incoming:
        """Build the request of one vector; ``headers`` changes some fields, None removes one."""
        vector = self.data[name]
        headers = vector["headers"] | changes.pop("headers", {})
        incoming = Incoming(
            vector["method"],
            vector["target"],
            [(key.encode(), value.encode()) for key, value in headers.items() if value is not None],
            vector["body"].encode(),
        )
        return replace(incoming, **changes)


@pytest.fixture(scope="session")
def vectors() -> Vectors:
    return Vectors()


@pytest.fixture(scope="session")
def rsa(vectors: Vectors) -> Signer:
    key = load_pem_private_key(vectors.private_pem.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    return Signer(RSA_ID, key)


@pytest.fixture(scope="session")
def ed25519(vectors: Vectors) -> Signer:
    seed = bytes.fromhex(vectors.data["ed25519"]["seed"])
    return Signer(ED25519_ID, Ed25519PrivateKey.from_private_bytes(seed))
