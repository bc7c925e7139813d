"""The keys, requests and documents of the published test vectors (V-1 to V-17)."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from federation import Client, Fetcher, Hosts, KeyRing, OutboundPolicy
from federation.signatures import Incoming, Signer
from storage import Store, keys, open_store

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


class Net:
    """Other servers, as a table from URL to answer, and every request that reached them."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.requests: list[httpx.Request] = []

    def show(self, url: str, document: Any, *, status: int = 200, **headers: str) -> None:
        """Let an URL answer with a document."""
        kind = headers.pop("content_type", "application/activity+json")
        body = document if isinstance(document, bytes) else json.dumps(document).encode()
        self.answers[url] = (status, {"content-type": kind, **headers}, body)

    def fail(self, url: str, status: int, **headers: str) -> None:
        """Let an URL answer with nothing but a status."""
        self.answers[url] = (status, headers, b"")

    def silence(self, url: str) -> None:
        """Let an URL not answer at all."""
        self.answers[url] = None

    @property
    def asked(self) -> list[str]:
        """The URLs asked for, in order."""
        return [str(request.url) for request in self.requests]

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer one request; what is not in the table is 404."""
        self.requests.append(request)
        answer = self.answers.get(str(request.url), (404, {}, b""))
        if callable(answer):
            answer = answer(request)
        if answer is None:
            raise httpx.ConnectError("nobody there")
        status, headers, body = answer
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body))


class World:
    """A store with an instance actor, the network, and the parts of federation between them."""

    base_url = "https://b.example"
    instance_actor = "https://b.example/actor"

    def __init__(self, store: Store, net: Net, now: int) -> None:
        self.store, self.net, self.now = store, net, now
        policy = OutboundPolicy(user_agent="Headwater/test", own_origins=frozenset({self.base_url}))
        self.hosts = Hosts(store, clock=self.clock)
        transport = httpx.MockTransport(net.handle)
        self.client = Client(policy, transport=transport, permit=self.hosts.permit)
        self.keyring = KeyRing(
            store, self.client, instance_actor=self.instance_actor, clock=self.clock, hosts=self.hosts
        )
        self.fetcher = Fetcher(store, self.keyring, clock=self.clock)

    def clock(self) -> int:
        """Tell the time of this world."""
        return self.now

    def later(self, seconds: float) -> int:
        """Let time pass."""
        self.now += int(seconds * 1_000_000)
        return self.now


@pytest.fixture
def net() -> Net:
    return Net()


@pytest.fixture
async def world(net: Net, vectors: Vectors) -> AsyncIterator[World]:
    async with open_store("sqlite://") as store:
        made = World(store, net, vectors.noon)
        await store.write(
            keys.put,
            id=f"{World.instance_actor}#main-key",
            actor=World.instance_actor,
            algorithm="rsa",
            public=vectors.public_pem,
            private=vectors.private_pem,
            now=vectors.noon,
        )
        yield made
