"""Jobs with one key run one after the other: the first waits or is leased, the rest are behind it (REL-017).

Only the first is ever looked at when work is claimed, so a long row of jobs with one key costs nothing.
"""

from collections.abc import Iterable
from zlib import crc32

from storage.connection import Transaction
from storage.jobs import lanes
from storage.jobs.job import topic
from storage.sql import each, listed

_LOCKS = 256
_LOCK_SPACE = 0x6B657973  # keeps these advisory locks apart from others
_LOCK = """
SELECT pg_advisory_xact_lock(CAST(:space AS integer), CAST(each.value ->> 0 AS integer)) FROM {each}
"""
_MOVE_UP = """
UPDATE jobs SET state = 0 WHERE id IN (
    SELECT (
        SELECT id FROM jobs WHERE queue = :queue AND key = each.value ->> 0 AND key <> '' AND state = 3
        ORDER BY id LIMIT 1
    ) FROM {each}
    WHERE NOT EXISTS (
        SELECT 1 FROM jobs WHERE queue = :queue AND key = each.value ->> 0 AND key <> '' AND state IN (0, 1)
    )
) RETURNING lane, run_at
"""


async def lock(tx: Transaction, queue: str, keys: Iterable[str]) -> None:
    """Keep those who add to a row and those who take from it from missing each other.

    SQLite has one writer and needs none of this. Keys share a bounded number of locks, taken in order.
    """
    if tx.engine != "postgres":
        return
    numbers = sorted({crc32(f"{queue} {key}".encode()) % _LOCKS for key in keys if key})
    if numbers:
        await tx.all(
            _LOCK.format(each=each(tx.engine, "numbers")),
            space=_LOCK_SPACE,
            numbers=listed((number,) for number in numbers),
        )


async def move_up(tx: Transaction, queue: str, keys: Iterable[str]) -> None:
    """Let the next of each of these keys wait in front, if nothing is there any more."""
    wanted = sorted({key for key in keys if key})
    if not wanted:
        return
    rows = await tx.all(
        _MOVE_UP.format(each=each(tx.engine, "keys")), queue=queue, keys=listed((key,) for key in wanted)
    )
    if rows:
        await lanes.open_all(tx, queue, [(str(lane), int(run_at or 0)) for lane, run_at in rows])
        tx.wake(topic(queue))
