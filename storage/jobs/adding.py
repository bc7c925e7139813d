"""Adding work, in the transaction of what asks for it (REL-008)."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage.connection import Transaction, Value
from storage.ids import next_id
from storage.jobs import keys, lanes, tallies
from storage.jobs.job import PAYLOAD_VERSION, NewJob, topic
from vocab import jsontext

# A job is behind when an unfinished one with its key came before; the dead do not count.
_INSERT = """
INSERT INTO jobs (id, queue, lane, key, dedupe, payload, letter, state, run_at, created)
VALUES (:id, :queue, :lane, :key, :dedupe, :payload, :letter,
    CASE WHEN EXISTS (
        SELECT 1 FROM jobs WHERE queue = :queue AND key = :key AND key <> '' AND state IN (0, 1, 3)
    ) THEN 3 ELSE 0 END,
    :run_at, :now)
ON CONFLICT (queue, dedupe) DO NOTHING
"""


async def add(
    tx: Transaction,
    queue: str,
    payload: Mapping[str, Any],
    *,
    now: int,
    lane: str = "",
    key: str = "",
    dedupe: str | None = None,
    letter: int | None = None,
    run_at: int | None = None,
) -> bool:
    """Add one job; False when the queue holds one with the same ``dedupe`` already."""
    new = NewJob(payload, lane, key, dedupe, letter, run_at)
    return await add_many(tx, queue, [new], now=now) == 1


async def add_many(
    tx: Transaction, queue: str, new: Sequence[NewJob], *, now: int, letter: int | None = None
) -> int:
    """Add jobs in this order and return how many of them the queue did not hold already."""
    if not new:
        return 0
    await keys.lock(tx, queue, (job.key for job in new))
    added = await tx.many(_INSERT, [_row(queue, job, now, letter) for job in new])
    if added:
        await lanes.open_all(tx, queue, [(job.lane, job.run_at or now) for job in new])
        await tallies.count(tx, queue, "enqueued", added)
        tx.wake(topic(queue))
    return added


def _row(queue: str, job: NewJob, now: int, letter: int | None) -> dict[str, Value]:
    return {
        "id": next_id(),
        "queue": queue,
        "lane": job.lane,
        "key": job.key,
        "dedupe": job.dedupe,
        "payload": jsontext.dumps({"v": PAYLOAD_VERSION, **job.payload}).decode(),
        "letter": letter if job.letter is None else job.letter,
        "run_at": job.run_at or now,
        "now": now,
    }
