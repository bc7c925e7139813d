"""The two sides of a signed request: one we are about to send, and one that came in."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from federation.errors import BadSignature
from federation.signatures import algorithms
from federation.signatures.algorithms import PrivateKey, PublicKey
from federation.signatures.aside import SigningThreads

WINDOW_SECONDS = 3600
"""How old a signature may be, and how far ahead of our clock (SEC-005)."""
SECOND_US = 1_000_000


@dataclass(frozen=True)
class Incoming:
    """A request as it arrived: ``target`` is the raw path with its query, ``body`` the raw bytes."""

    method: str
    target: str
    headers: list[tuple[bytes, bytes]]
    body: bytes = b""

    @cached_property
    def fields(self) -> dict[str, list[str]]:
        """The header fields by lower-case name, values trimmed, in the order they came."""
        fields: dict[str, list[str]] = {}
        for name, value in self.headers:
            key, text = str(name, "latin-1").lower(), str(value, "latin-1").strip(" \t")
            if key in fields:
                fields[key].append(text)
            else:
                fields[key] = [text]
        return fields

    def field(self, name: str) -> str:
        """One header field's value, several joined as they are for signing; BadSignature when absent."""
        values = self.fields.get(name)
        if values is None:
            raise BadSignature(f"the signature covers {name}, which the request does not have")
        return ", ".join(values)

    def origin(self, origins: Collection[str]) -> str:
        """Which of our origins the request was sent to; BadSignature when none (SEC-006)."""
        hosts = self.fields.get("host", [])
        if len(hosts) == 1:
            authority = hosts[0].lower()
            for origin in origins:
                scheme, _, ours = origin.partition("://")
                if authority.removesuffix(":443" if scheme == "https" else ":80") == ours:
                    return origin
        raise BadSignature("the request was not made for this host")


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says of its signer. Nothing is believed until :meth:`confirm` returned."""

    key_id: str
    texts: tuple[bytes, ...]
    """What may have been signed: a GET may leave its query out (AP-412)."""
    signature: bytes
    algorithms: tuple[str, ...]
    """What the request admits; the key must agree (SEC-008)."""

    def confirm(self, key: PublicKey) -> None:
        """Raise BadSignature unless this key signed what we received."""
        failure = BadSignature("the key is of another kind than the signature's algorithm")
        for algorithm in algorithms.algorithms(key):
            if algorithm not in self.algorithms:
                continue
            for text in self.texts:
                try:
                    return algorithms.verify(key, algorithm, self.signature, text)
                except BadSignature as error:
                    failure = error
        raise failure


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request of ours before it is signed: ``target`` is the raw path with its query."""

    method: str
    origin: str
    target: str
    content_type: str = ""
    body: bytes | None = None

    @property
    def host(self) -> str:
        """The value of the Host field."""
        return self.origin.partition("://")[2]


@dataclass(frozen=True, slots=True)
class Draft:
    """A request of ours, ready but for the signature bytes."""

    text: bytes
    finish: Callable[[bytes], dict[str, str]]


@dataclass(frozen=True, slots=True)
class Signer:
    """One of our keys, parsed and ready."""

    key_id: str
    key: PrivateKey
    threads: SigningThreads | None = field(default=None, compare=False)
    """Where RSA is computed, so that it does not hold up the event loop."""

    @property
    def algorithm(self) -> str:
        """The algorithm this key signs with, as RFC 9421 names it."""
        return algorithms.algorithms(self.key)[0]

    def sign(self, draft: Draft) -> dict[str, str]:
        """Sign here and now; return the header fields to send."""
        return draft.finish(algorithms.sign(self.key, draft.text))

    async def sign_aside(self, draft: Draft) -> dict[str, str]:
        """Sign beside the event loop what takes long; return the header fields to send."""
        if self.threads is None or not isinstance(self.key, RSAPrivateKey):
            return self.sign(draft)
        return draft.finish(await self.threads.sign(self.key, draft.text))


def check_fresh(moment_seconds: float, now: int) -> None:
    """Refuse a moment too far from now in either direction (SEC-005)."""
    now_seconds = now / SECOND_US
    if moment_seconds < now_seconds - WINDOW_SECONDS:
        raise BadSignature("the signature is too old")
    if moment_seconds > now_seconds + WINDOW_SECONDS:
        raise BadSignature("the signature was made in the future")


def check_not_expired(expires_seconds: int, now: int) -> None:
    """Refuse what its own sender limited to an earlier time (SEC-005)."""
    if now > expires_seconds * SECOND_US:
        raise BadSignature("the signature has expired")
