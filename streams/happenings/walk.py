"""Walking along pieces of the index, newest first, a window at a time.

Of several pieces that one is read on whose next row would be the newest, until what has been found is newer than all
that may still come. Each statement takes a few milliseconds at most: windows grow and shrink by what the last one took.
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
    """What is wanted of some pieces, from one place down to another, neither included; it goes on where it stopped."""

    def __init__(
        self, store: Store, pieces: Iterable[int], wanted: Wanted, before: Place, after: Place
    ) -> None:
        self._store = store
        self._wanted = wanted
        self._after = after
        self._rest = {piece: before for piece in pieces if before > after}
        self._found: list[tuple[int, int]] = []
        self._last: Place | None = None
        self._rows = ROWS_FIRST

    async def take(self, count: int) -> list[Place]:
        """Return the next ones, newest first; fewer only at the end."""
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

    def _pop(self) -> Place | None:
        """Return the newest of what was found, once nothing that is still to come can be newer."""
        frontier = max(self._rest.values(), default=None)
        while self._found:
            newest = Place(-self._found[0][0], -self._found[0][1])
            if frontier is not None and newest < frontier:
                return None
            heappop(self._found)
            if newest != self._last:
                self._last = newest
                return newest
        return None

    async def _look(self, limit: int) -> None:
        """Look at the next window of the piece that goes on with the newest."""
        piece = max(self._rest, key=self._rest.__getitem__)
        begun = time.perf_counter()
        window = await self._store.read(
            happeningpages.window, piece, self._wanted, self._rest[piece], self._after, size=self._rows, limit=limit
        )  # fmt: skip
        self._adapt(time.perf_counter() - begun, full=len(window.found) < limit)
        for place in window.found:
            heappush(self._found, (-place.published, -place.item))
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
