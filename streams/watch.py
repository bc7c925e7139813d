"""Watch: what enters a stream, as it enters."""

from collections.abc import AsyncIterator

from storage import entries
from storage.entries import NEWEST, Entry
from storage.ids import at_instant
from streams.instants import SECOND_US
from streams.ports import Ports
from streams.read import Reading

BATCH = 50
QUIET_SECONDS = 15.0
OVERLAP_US = 5 * SECOND_US
"""How long an entry may take from getting its position to being committed by another process."""


async def watch(ports: Ports, reading: Reading, *, after: int) -> AsyncIterator[Entry | None]:
    """Yield the entries above a position as they are committed, oldest first; None when it has been quiet.

    Positions are given before the commit, so another process may commit a lower one later: the last few
    seconds are looked at again, and what was seen there is not repeated.
    """
    seen: dict[int, None] = {}
    low = after
    with ports.store.signals.listen(f"stream:{reading.stream.id}") as bell:
        while True:
            fresh = await ports.store.read(
                entries.page, reading.stream.id, viewer=reading.viewer, whole=reading.whole,
                after=low, before=NEWEST, limit=BATCH + len(seen), oldest_first=True,
            )  # fmt: skip
            new = [entry for entry in fresh if entry.position not in seen]
            for entry in new:
                seen[entry.position] = None
                yield entry
            low = max(low, min(at_instant(ports.clock() - OVERLAP_US), max(seen, default=low)))
            seen = {position: None for position in seen if position > low}
            if not new and not await bell.wait(QUIET_SECONDS):
                yield None
