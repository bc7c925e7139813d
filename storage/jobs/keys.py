"""Jobs with one key run one after the other: the first waits or is leased, the rest are behind it (REL-017).

Only the first is ever looked at when work is claimed, so a long row of jobs with one key costs nothing.
"""

from collections.abc import Iterable
from zlib import crc32

from storage.connection import Transaction
from storage.jobs import lanes
from storage.jobs.job import topic

_LOCKS = 256
_LOCK_SPACE = 0x6B657973  # keeps these advisory locks apart from others


async def lock(tx: Transaction, queue: str, keys: Iterable[str]) -> None:
    """Keep those who add to a row and those who take from it from missing each other.

    SQLite has one writer and needs none of this. Keys share a bounded number of locks, taken in order.
    """
    if tx.engine != "postgres":
        return
    for number in sorted({crc32(f"{queue} {key}".encode()) % _LOCKS for key in keys if key}):
        await tx.one("SELECT 1 FROM pg_advisory_xact_lock(:space, :number)", space=_LOCK_SPACE, number=number)


async def move_up(tx: Transaction, queue: str, key: str) -> None:
    """Let the next job of a key wait in front, the one before having left."""
    if not key:
        return
    row = await tx.one(
        "UPDATE jobs SET state = 0 WHERE id = ("
        "  SELECT id FROM jobs WHERE queue = :queue AND key = :key AND key <> '' AND state <> 2 AND state = 3"
        "  ORDER BY id LIMIT 1"
        ") RETURNING lane, run_at",
        queue=queue,
        key=key,
    )
    if row is not None:
        await lanes.open_all(tx, queue, {str(row[0]): int(row[1] or 0)})
        tx.wake(topic(queue))
