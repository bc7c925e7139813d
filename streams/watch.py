"""Watch: what enters a stream, as it enters; and whatever else can be looked at again and again."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from storage import Store, Transaction, entries
from storage.entries import Entry
from storage.ids import at_instant
from streams.instants import SECOND_US
from streams.ports import Ports
from streams.read import Reading

BATCH = 50
PRESENT_MAX = 5_000
"""More than that is not committed within the seconds that are looked at again."""
QUIET_SECONDS = 15.0
OVERLAP_US = 5 * SECOND_US
"""How long something may take from getting its position to being committed by another process."""


class Placed(Protocol):
    """Something that has a position, by which it can be told apart and resumed from."""

    @property
    def position(self) -> int: ...  # noqa: D102


P = TypeVar("P", bound=Placed)


class Place(Protocol):
    """Where a watch looks, and what time it is there; Ports are one."""

    @property
    def store(self) -> Store: ...  # noqa: D102

    @property
    def clock(self) -> Callable[[], int]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class Seen(Generic[P]):
    """What a look has found, oldest first, and the topics that are rung when there may be more."""

    found: Sequence[P]
    topics: tuple[str, ...]


Look = Callable[[Transaction, int, int], Awaitable[Seen[P]]]
"""A unit of work that finds what lies above a position, at most so much of it; it raises to end the watch."""


def watch(ports: Ports, reading: Reading, *, after: int) -> AsyncIterator[Entry | None]:
    """Yield the entries above a position as they are committed, oldest first; None when it has been quiet."""

    async def look(tx: Transaction, low: int, limit: int) -> Seen[Entry]:
        stream, viewer, whole = reading.stream.id, reading.viewer, reading.whole
        found = await entries.page(
            tx, stream, viewer=viewer, whole=whole, after=low, limit=limit, oldest_first=True
        )
        return Seen(found, (f"stream:{stream}",))

    return follow(ports, look, after=after)


async def follow(place: Place, look: Look[P], *, after: int | None) -> AsyncIterator[P | None]:
    """Yield what is found above a position, or from now on, as it is committed; None when it has been quiet."""
    async for found in gusts(place, look, after=after):
        for one in found:
            yield one
        if not found:
            yield None


async def gusts(place: Place, look: Look[P], *, after: int | None) -> AsyncIterator[Sequence[P]]:
    """Yield all that is found at a time above a position, or from now on; nothing when it has been quiet.

    Positions are given before the commit, so another process may commit a lower one later: the last few
    seconds are looked at again, and what was seen there is not repeated.
    """
    low, seen = after or 0, dict[int, None]()
    if after is None:
        low = at_instant(place.clock() - OVERLAP_US)
        present = await place.store.read(look, low, PRESENT_MAX)
        seen = dict.fromkeys(one.position for one in present.found)
    topics: tuple[str, ...] = ()
    while True:
        with place.store.signals.listen(*topics) as bell:
            while (view := await place.store.read(look, low, BATCH + len(seen))).topics == topics:
                new = [one for one in view.found if one.position not in seen]
                seen |= dict.fromkeys(one.position for one in new)
                if new:
                    yield new
                low = max(low, min(at_instant(place.clock() - OVERLAP_US), max(seen, default=low)))
                seen = {position: None for position in seen if position > low}
                if not new and not await bell.wait(QUIET_SECONDS):
                    yield ()
        topics = view.topics  # and look once more, lest something was committed before we listened
