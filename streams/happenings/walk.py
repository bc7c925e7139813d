"""Walking along pieces of the index, newest first or oldest first, a window at a time.

Of several pieces that one is read on whose next row would come first, until what has been found comes before all that
may still be found. Each statement takes a few milliseconds at most: windows grow and shrink by what the last one took.
"""

import asyncio
import time
from collections.abc import Iterable
from heapq import heappop, heappush
from typing import Final

from storage import Store, happeningpages
from storage.happeningpages import Place, Wanted

ROWS_MIN: Final = 64
ROWS_FIRST: Final = 512
ROWS_MAX: Final = 8_192
SHORT_SECONDS: Final = 0.002
LONG_SECONDS: Final = 0.006


class Walk:
    """What is wanted of some pieces, between two places, neither included; it goes on where it stopped.

    It goes down from ``before``, or ``upward`` from ``after``.
    """

    def __init__(
        self, store: Store, pieces: Iterable[int], wanted: Wanted, before: Place, after: Place, *,
        upward: bool = False,
    ) -> None:  # fmt: skip
        self._store = store
        self._wanted = wanted
        self._upward = upward
        self._end = before if upward else after
        start = after if upward else before
        self._rest = {piece: start for piece in pieces if before > after}
        self._found: list[tuple[int, int]] = []
        self._last: Place | None = None
        self._rows = ROWS_FIRST

    async def take(self, count: int) -> list[Place]:
        """Return the next ones, in the order of the walk; fewer only at the end."""
        taken: list[Place] = []
        while len(taken) < count:
            place = self._pop()
            if place is not None:
                taken.append(place)
            elif self._rest:
                await self._look(count - len(taken))
            else:
                break
        return taken

    async def glance(self) -> bool:
        """Tell whether there is anything in the first window of each piece."""
        for _ in range(len(self._rest)):
            await self._look(1)
        return bool(self._found)

    def _turn(self, place: Place) -> tuple[int, int]:
        """Return what places are compared by: the smallest comes first."""
        return place if self._upward else (-place.published, -place.item)

    def _pop(self) -> Place | None:
        """Return the first of what was found, once nothing that is still to come can be before it."""
        frontier = min(map(self._turn, self._rest.values()), default=None)
        while self._found:
            first = self._found[0]
            if frontier is not None and first > frontier:
                return None
            heappop(self._found)
            place = Place(*first) if self._upward else Place(-first[0], -first[1])
            if place != self._last:
                self._last = place
                return place
        return None

    async def _look(self, limit: int) -> None:
        """Look at the next window of the piece that goes on first."""
        piece = min(self._rest, key=lambda one: self._turn(self._rest[one]))
        begun, here = time.perf_counter(), self._rest[piece]
        before, after = (self._end, here) if self._upward else (here, self._end)
        window = await self._store.read(
            happeningpages.window, piece, self._wanted, before, after, size=self._rows, limit=limit,
            upward=self._upward,
        )  # fmt: skip
        self._adapt(time.perf_counter() - begun, full=len(window.found) < limit)
        for place in window.found:
            heappush(self._found, self._turn(place))
        if window.rest is None:
            del self._rest[piece]
        else:
            self._rest[piece] = window.rest
        await asyncio.sleep(0)

    def _adapt(self, seconds: float, *, full: bool) -> None:
        if seconds > LONG_SECONDS:
            self._rows = max(ROWS_MIN, self._rows // 2)
        elif seconds < SHORT_SECONDS and full:
            self._rows = min(ROWS_MAX, self._rows * 2)
