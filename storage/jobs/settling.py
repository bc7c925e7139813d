"""What becomes of a leased job. Only the worker that holds the lease may say (REL-013).

The lease is known by its owner and the number of the attempt, so a worker that was silent too long and
lost the job to another one, or to itself, changes nothing any more.
"""

from collections.abc import Iterable

from storage import letters
from storage.connection import Transaction
from storage.errors import LeaseLost
from storage.jobs import keys, lanes, tallies
from storage.jobs.job import Job, topic
from storage.sql import each, listed

ERROR_CHARACTERS_MAX = 500

_DONE = """
DELETE FROM jobs WHERE state = 1 AND lease_owner = :owner AND (id, attempts) IN (
    SELECT CAST(each.value ->> 0 AS bigint), CAST(each.value ->> 1 AS bigint) FROM {each}
) RETURNING key, letter
"""
_HELD = "id = :id AND state = 1 AND lease_owner = :owner AND attempts = :attempts"


async def finish(tx: Transaction, job: Job, *, owner: str) -> None:
    """Remove a job in the transaction of its effect. Raises LeaseLost, so that the effect is undone with it."""
    if not await finish_many(tx, [job], owner=owner):
        raise LeaseLost(job.queue, job.id)


async def finish_many(tx: Transaction, jobs: Iterable[Job], *, owner: str) -> int:
    """Remove jobs that are done and return how many leases were still held."""
    by_queue: dict[str, list[Job]] = {}
    for job in jobs:
        by_queue.setdefault(job.queue, []).append(job)
    return sum([await _finish(tx, queue, by_queue[queue], owner) for queue in sorted(by_queue)])


async def retry(
    tx: Transaction, job: Job, *, owner: str, now: int, run_at: int, error: str, status: int | None = None
) -> bool:
    """Have a job tried again at an instant; those behind it keep waiting. False when the lease was lost."""
    held = await tx.run(
        "UPDATE jobs SET state = 0, run_at = :run_at, lease_owner = NULL, lease_until = NULL, error = :error,"  # noqa: S608
        f" status = :status, failed_first = coalesce(failed_first, :now), failed_last = :now WHERE {_HELD}",
        run_at=run_at,
        now=now,
        error=error[:ERROR_CHARACTERS_MAX],
        status=status,
        **_lease(job, owner),
    )
    if held:
        await lanes.open_all(tx, job.queue, [(job.lane, run_at)])
    return bool(held)


async def bury(
    tx: Transaction, job: Job, *, owner: str, now: int, error: str, status: int | None = None
) -> bool:
    """Lay a job to rest among the dead, for the operator to see (REL-020). False when the lease was lost."""
    await keys.lock(tx, job.queue, [job.key])
    held = await tx.run(
        "UPDATE jobs SET state = 2, lease_owner = NULL, lease_until = NULL, error = :error, status = :status,"  # noqa: S608
        f" failed_first = coalesce(failed_first, :now), failed_last = :now WHERE {_HELD}",
        now=now,
        error=error[:ERROR_CHARACTERS_MAX],
        status=status,
        **_lease(job, owner),
    )
    if held:
        await keys.move_up(tx, job.queue, [job.key])
    return bool(held)


async def release(tx: Transaction, jobs: Iterable[Job], *, owner: str) -> int:
    """Give leases back without having tried, as on shutdown (REL-026); the attempt does not count."""
    released = []
    for job in jobs:
        # A job with a key goes behind, from where the first of its key moves up again.
        held = await tx.run(
            "UPDATE jobs SET state = CASE WHEN key <> '' THEN 3 ELSE 0 END, lease_owner = NULL,"  # noqa: S608
            f" lease_until = NULL, attempts = attempts - 1 WHERE {_HELD}",
            **_lease(job, owner),
        )
        if held:
            released.append(job)
    for queue in sorted({job.queue for job in released}):
        of_queue = [job for job in released if job.queue == queue]
        await keys.lock(tx, queue, (job.key for job in of_queue))
        await keys.move_up(tx, queue, (job.key for job in of_queue))
        await lanes.open_all(tx, queue, [(job.lane, job.created) for job in of_queue if not job.key])
        tx.wake(topic(queue))
    return len(released)


async def renew(tx: Transaction, jobs: Iterable[Job], *, owner: str, lease_until: int) -> int:
    """Hold leases for longer, and return how many were still held."""
    return await tx.many(
        f"UPDATE jobs SET lease_until = :lease_until WHERE {_HELD}",  # noqa: S608
        [{"lease_until": lease_until, **_lease(job, owner)} for job in jobs],
    )


async def _finish(tx: Transaction, queue: str, jobs: list[Job], owner: str) -> int:
    await keys.lock(tx, queue, (job.key for job in jobs))
    rows = await tx.all(
        _DONE.format(each=each(tx.engine, "jobs")),
        owner=owner,
        jobs=listed((job.id, job.attempts) for job in jobs),
    )
    await keys.move_up(tx, queue, (str(key) for key, _ in rows))
    await tallies.count(tx, queue, "done", len(rows))
    await letters.forget(tx, (int(letter) for _, letter in rows if letter is not None))
    return len(rows)


def _lease(job: Job, owner: str) -> dict[str, str | int]:
    return {"id": job.id, "owner": owner, "attempts": job.attempts}
