"""The few things streams is handed from outside: storage, the time, and other servers."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, Self

from storage import Store
from vocab import Object


def system_clock() -> int:
    """Return the present instant in microseconds since 1970."""
    return time.time_ns() // 1000


class Elsewhere(Protocol):
    """What streams needs of other servers; ``server`` wires it to ``federation``.

    What it returns are only documents that may be believed (SEC-017…019); it raises ``streams.errors.Unreachable``.
    """

    async def object(self, iri: str) -> Object:
        """Read a document from its origin."""

    async def actor(self, iri: str, *, refresh: bool = False) -> Object:
        """Return an actor, from its origin when we do not hold a fresh copy, and keep it in storage."""

    async def named(self, handle: str) -> Object:
        """Return the actor that goes by a handle, ``user@host`` (AP-125)."""

    async def items(self, iri: str, *, limit: int) -> list[Object]:
        """List what a collection shows, as far as a few pages and ``limit`` go; what is only named has but an id."""

    def signing_as(self, actor: str) -> Self:
        """Return the same asking in the name of an actor of ours, who may be shown more (AP-283)."""

    def bounded(self) -> Self:
        """Return the same with one purse for all that is asked through it: then Spent is raised (SEC-046)."""

    async def proven(self, thing: Object) -> bool:
        """Tell whether a document handed to us by someone else carries a valid proof of its author (AP-502)."""


@dataclass(frozen=True, slots=True)
class Manners:
    """How much we ask of other servers to complete threads and profiles; see the settings ``threads``."""

    complete: bool = True
    posts_max: int = 200
    newest_posts: int = 40
    requests_per_host_and_hour_max: int = 100
    delay_seconds_max: int = 30


@dataclass(frozen=True, slots=True)
class Ports:
    """What every verb of streams works with. ``base_url`` is our origin, without a final slash."""

    store: Store
    base_url: str
    elsewhere: Elsewhere
    clock: Callable[[], int] = system_clock
    manners: Manners = field(default_factory=Manners)
