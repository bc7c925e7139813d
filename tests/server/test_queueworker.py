"""The worker of one queue, on a real store with jobs that do what a test tells them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from server.queueworker import QueueWorker, WorkPolicy
from storage import Store, jobs, open_store
from storage.errors import Broken, Busy
from storage.jobs import Counts, Job, NewJob
from streams.errors import Unreachable

pytestmark = pytest.mark.anyio

SECOND = 1_000_000


class Desk:
    """A queue, and a worker whose jobs note that they were done."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.done = store, 1_000 * SECOND, []
        self.before: Callable[[int], Any] = lambda number: None

    async def add(self, *numbers: int, sender: str = "", lane: str = "a.example") -> None:
        for number in numbers:
            payload = {"n": number, "sender": sender or f"sender {number}"}
            await self.store.write(jobs.add, "q", payload, now=self.now, lane=lane)

    async def add_row(self, key: str, *numbers: int) -> None:
        """Add jobs with one key, as whoever wants them done in their order does."""
        new = [NewJob({"n": number, "sender": key}, "a.example", key) for number in numbers]
        await self.store.write(jobs.add_many, "q", new, now=self.now)

    async def do(self, job: Job, owner: str) -> None:
        waiting = self.before(job.payload["n"])
        if waiting is not None:
            await waiting
        await self.store.write(jobs.finish, job, owner=owner)
        self.done.append(job.payload["n"])

    @contextlib.asynccontextmanager
    async def working(self, **policy: Any) -> AsyncIterator[asyncio.Task[None]]:
        held_to = WorkPolicy(**{"idle_seconds": 0.02, **policy})
        worker = QueueWorker(self.store, "q", self.do, clock=lambda: self.now, policy=held_to)
        task = asyncio.create_task(worker.run())
        try:
            yield task
        finally:
            worker.stop()
            await asyncio.wait([task])

    async def until(self, check: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 5
        while not check():
            assert time.monotonic() < deadline, self.done
            await asyncio.sleep(0.005)

    async def counts(self) -> Counts:
        return (await self.store.scan(jobs.counts))["q"]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with open_store(f"sqlite:///{tmp_path}/test.db") as store:
        yield Desk(store)


async def test_a_claim_is_not_made_for_every_job(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-018: room is filled again when half of what one host may hold is done, not after each job."""
    claims: list[int] = []
    claim = jobs.claim

    async def counted(*given: Any, **named: Any) -> list[Job]:
        claimed = await claim(*given, **named)
        claims.append(len(claimed))
        return claimed

    monkeypatch.setattr(jobs, "claim", counted)
    await desk.add(*range(48), sender="ada")
    async with desk.working(held_per_lane_max=16, idle_seconds=5):
        await desk.until(lambda: len(desk.done) == 48)
    assert desk.done == list(range(48))
    assert sum(claims) == 48
    assert len(claims) <= 7


async def test_jobs_of_one_sender_are_done_in_order(desk: Desk) -> None:
    """REL-017: also when the first takes longer than those behind it, and those come later."""
    desk.before = lambda number: asyncio.sleep(0.1) if number == 1 else None
    await desk.add(1, 2, sender="ada")
    async with desk.working():
        await asyncio.sleep(0.03)
        await desk.add(3, sender="ada")
        await desk.add(9, sender="bob")
        await desk.until(lambda: len(desk.done) == 4)
    assert desk.done == [9, 1, 2, 3]


async def test_a_slow_host_does_not_keep_the_others_waiting(desk: Desk) -> None:
    """REL-018: however much waits for it, and although it came first."""
    forever = asyncio.Event()
    desk.before = lambda number: forever.wait() if number < 100 else None
    await desk.add(*range(30), lane="slow.example")
    async with desk.working(held_max=8, held_per_lane_max=2, drain_seconds=0.05):
        await desk.add(*range(100, 130), lane="quick.example")
        await desk.until(lambda: len(desk.done) == 30)
        counts = await desk.counts()
        assert (counts.leased, counts.waiting) == (2, 28)


async def test_what_is_not_done_when_asked_to_stop_is_given_back(desk: Desk) -> None:
    """REL-026: what is under way may finish; the rest waits again at once, and no attempt is counted."""
    hour = asyncio.Event()
    desk.before = lambda number: asyncio.sleep(0.05) if number == 1 else hour.wait()
    await desk.add(1, 2, sender="ada")
    await desk.add(3)
    async with desk.working(drain_seconds=0.2):
        await asyncio.sleep(0.02)
    assert desk.done == [1]
    assert (await desk.counts()).waiting == 2
    (first, *_) = await desk.store.write(jobs.claim, "q", now=desk.now, owner="me", lease_us=SECOND, limit=5)
    assert first.attempts == 1


async def test_a_lease_is_held_for_as_long_as_the_work_takes(desk: Desk) -> None:
    """REL-013: a job that takes longer than a lease is not handed to another worker."""
    over = asyncio.Event()
    desk.before = lambda number: over.wait()
    await desk.add(1)
    async with desk.working(lease_seconds=0.3):
        await asyncio.sleep(0.15)
        for _ in range(8):
            desk.now += SECOND // 10
            await asyncio.sleep(0.11)
        taken = await desk.store.write(jobs.claim, "q", now=desk.now, owner="me", lease_us=1, limit=5)
        assert taken == []
        over.set()
        await desk.until(lambda: desk.done == [1])


async def test_a_failed_job_waits_and_a_hopeless_one_is_buried(desk: Desk) -> None:
    """REL-019: the queue goes on behind them."""

    def fail(number: int) -> None:
        if number < 3:
            raise ValueError("bad") if number == 1 else Unreachable("https://x.example/", temporary=False)

    desk.before = fail
    await desk.add(1, 2, 3, sender="ada")
    async with desk.working():
        await desk.until(lambda: desk.done == [3])
    counts = await desk.counts()
    assert (counts.waiting, counts.dead, counts.done) == (1, 1, 1)
    (dead,) = await desk.store.read(jobs.dead, "q")
    assert dead.error == "unreachable: https://x.example/"


async def test_a_database_that_is_away_for_a_moment_does_not_stop_the_work(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-010, REL-012: not even when the failure cannot be written down."""
    write, away = desk.store.write, True

    async def flaky(work: Any, /, *args: Any, **kwargs: Any) -> Any:
        if away and work in (jobs.finish, jobs.retry):
            raise Busy("locked")
        return await write(work, *args, **kwargs)

    monkeypatch.setattr(desk.store, "write", flaky)
    await desk.add(1)
    async with desk.working() as task:
        await asyncio.sleep(0.1)
        away = False
        await desk.add(2)
        await desk.until(lambda: desk.done == [2])
        assert not task.done()
        desk.now += 31 * SECOND
        await desk.until(lambda: desk.done == [2, 1])


async def test_what_is_behind_a_job_waits_for_it(desk: Desk) -> None:
    """REL-017: jobs of one key are taken together, and none of them overtakes one that has to be tried again."""
    failures = [Unreachable("https://x.example/", temporary=True)]

    def falter(number: int) -> None:
        if number == 2 and failures:
            raise failures.pop()

    desk.before = falter
    await desk.add_row("ada", 1, 2, 3, 4)
    await desk.add_row("bob", 5, 6)
    async with desk.working(in_order=True):
        await desk.until(lambda: {1, 5, 6} <= set(desk.done))
        assert sorted(desk.done) == [1, 5, 6]
        desk.now += 3_600 * SECOND
        await desk.until(lambda: len(desk.done) == 6)
    assert [number for number in desk.done if number < 5] == [1, 2, 3, 4]


async def test_a_broken_store_ends_the_work(desk: Desk) -> None:
    """REL-004: also when it is a job that finds out."""

    def broken(number: int) -> None:
        raise Broken("the disk failed")

    desk.before = broken
    await desk.add(1)
    async with desk.working() as task:
        with pytest.raises(Broken):
            await asyncio.wait_for(asyncio.shield(task), 2)


async def test_it_shows_that_it_is_alive(desk: Desk) -> None:
    """REL-035: with nothing to do, and with more to do than there is room for."""
    stuck = asyncio.Event()
    desk.before = lambda number: stuck.wait()
    worker = QueueWorker(
        desk.store, "q", desk.do, clock=lambda: desk.now, policy=WorkPolicy(idle_seconds=0.02, held_max=1)
    )
    task = asyncio.create_task(worker.run())
    for numbers in ((), (1, 2, 3)):
        await desk.add(*numbers)
        before = worker.beat
        await desk.until(lambda before=before: worker.beat > before)  # type: ignore[misc]
    stuck.set()
    worker.stop()
    await asyncio.wait([task])
