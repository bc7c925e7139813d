"""A bench for jobs: a store, a clock to move, and short ways to say common things."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from storage import Store, jobs
from storage.jobs import Counts, Job

SECOND = 1_000_000


@dataclass
class Bench:
    """One queue, one owner."""

    store: Store
    now: int = 1_000 * SECOND

    async def add(self, *numbers: int, **where: Any) -> list[bool]:
        return [await self.store.write(jobs.add, "q", {"n": n}, now=self.now, **where) for n in numbers]

    async def claim(
        self, limit: int = 100, *, owner: str = "me", lease_us: int = 60 * SECOND, **how: Any
    ) -> list[Job]:
        return await self.store.write(
            jobs.claim, "q", now=self.now, owner=owner, lease_us=lease_us, limit=limit, **how
        )

    async def claimed(self, limit: int = 100, **how: Any) -> list[int]:
        return [job.payload["n"] for job in await self.claim(limit, **how)]

    async def finish(self, *held: Job, owner: str = "me") -> int:
        return await self.store.write(jobs.finish_many, held, owner=owner)

    async def retry(self, job: Job, run_at: int, *, owner: str = "me") -> bool:
        return await self.store.write(
            jobs.retry, job, owner=owner, now=self.now, run_at=run_at, error="refused", status=503
        )

    async def bury(self, job: Job, *, owner: str = "me") -> bool:
        return await self.store.write(jobs.bury, job, owner=owner, now=self.now, error="gone", status=410)

    async def counts(self) -> Counts:
        counts = (await self.store.scan(jobs.counts))["q"]
        assert (
            counts.enqueued == counts.done + counts.discarded + counts.waiting + counts.leased + counts.dead
        )
        return counts


@pytest.fixture
async def bench(store: Store) -> AsyncIterator[Bench]:
    """An empty queue; in the end nothing may be lost (REL-022) and no letter left over."""
    bench = Bench(store)
    yield bench
    for counts in (await store.scan(jobs.counts)).values():
        assert counts.enqueued == (
            counts.done + counts.discarded + counts.waiting + counts.leased + counts.dead
        )
