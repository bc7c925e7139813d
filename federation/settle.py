"""What becomes of a job after an attempt: struck off, tried again at a time, or buried (REL-013 to REL-016)."""

import asyncio

from federation.attempt import Outcome
from federation.backoff import SECOND_US, next_attempt, retry_after_seconds
from federation.clock import Clock
from storage import Store, Transaction, hosts, jobs
from storage.jobs import Job

SUSPENDED_JOBS_MAX = 50
"""So many deliveries wait for a host that has not answered for a week: the newest (AP-298)."""


class Finisher:
    """Strike confirmed deliveries off; those that come while a commit is under way share the next one."""

    def __init__(self, store: Store, *, owner: str, clock: Clock) -> None:
        self._store = store
        self._owner = owner
        self._clock = clock
        self._coming: list[Job] = []
        self._next: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()

    async def finish(self, job: Job) -> None:
        """Strike a job off; returns when that is committed (REL-001)."""
        self._coming.append(job)
        if self._next is None:
            self._next = asyncio.create_task(self._commit())
        await asyncio.shield(self._next)

    async def _commit(self) -> None:
        async with self._lock:
            done, self._coming, self._next = self._coming, [], None
            await self._store.write(finish, done, owner=self._owner, now=self._clock())


async def finish(tx: Transaction, done: list[Job], *, owner: str, now: int) -> None:
    """Remove jobs that are done and note that their hosts answer. A unit of work."""
    await jobs.finish_many(tx, done, owner=owner)
    await hosts.succeeded(tx, (job.lane for job in done), now)


async def postpone(
    tx: Transaction, job: Job, outcome: Outcome, *, owner: str, now: int, jitter: float
) -> bool:
    """Have a job that was not delivered tried again, or bury it; True when its host is now to be left alone.

    A unit of work, so that the job and what we learned of its host change together (REL-015, REL-016).
    """
    run_at = None
    if outcome.end != "dead":
        run_at = next_attempt(
            job.attempts, now=now, jitter=jitter, created=job.created, retry_after=outcome.retry_after
        )
    if run_at is None:
        await jobs.bury(tx, job, owner=owner, now=now, error=outcome.error, status=outcome.status)
    else:
        await jobs.retry(
            tx, job, owner=owner, now=now, run_at=run_at, error=outcome.error, status=outcome.status
        )
    return await _note_host(tx, job.lane, outcome, now)


async def _note_host(tx: Transaction, host: str, outcome: Outcome, now: int) -> bool:
    """Count a failure of the host, or note that it answers: even a refusal proves that."""
    asked_seconds = retry_after_seconds(outcome.retry_after, now=now) if outcome.end == "wait" else None
    if asked_seconds:
        await hosts.hold(tx, host, now + asked_seconds * SECOND_US, now)
        return True
    if outcome.host_failed:
        state = await hosts.failed(tx, host, now)
        if state.is_suspended(now):
            await jobs.thin(tx, "deliver", host, most=SUSPENDED_JOBS_MAX)
        return state.is_closed_to_us(now)
    if outcome.status:
        await hosts.succeeded(tx, [host], now)
    return False
