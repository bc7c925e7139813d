"""The few things streams is handed from outside: storage, the time, and other servers."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from storage import Store
from vocab import Object


def system_clock() -> int:
    """Return the present instant in microseconds since 1970."""
    return time.time_ns() // 1000


class Elsewhere(Protocol):
    """What streams needs of other servers; ``server`` wires it to ``federation``.

    Both return only documents that may be believed (SEC-017…019) and raise ``streams.errors.Unreachable``.
    """

    async def object(self, iri: str) -> Object:
        """Read a document from its origin."""

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        """Return an actor, from its origin when we do not hold a fresh copy, and keep it in storage."""


@dataclass(frozen=True, slots=True)
class Ports:
    """What every verb of streams works with. ``base_url`` is our origin, without a final slash."""

    store: Store
    base_url: str
    elsewhere: Elsewhere
    clock: Callable[[], int] = system_clock
