"""What becomes of a job after an attempt."""

import asyncio

import pytest

from federation.settle import Finisher
from storage import jobs, letters
from storage.jobs import NewJob

pytestmark = pytest.mark.anyio


async def claimed(world, number):
    async def work(tx):
        letter = await letters.write(tx, "{}", now=world.now)
        new = [NewJob({"inbox": str(n)}, lane=f"{n}.example") for n in range(number)]
        await jobs.add_many(tx, "deliver", new, now=world.now, letter=letter)

    await world.store.write(work)
    return await world.store.write(
        jobs.claim, "deliver", now=world.now, owner="me", lease_us=1_000_000, limit=number
    )


async def test_confirmations_share_commits(world, monkeypatch):
    """REL-001: all are committed when they return, in far fewer commits than jobs."""
    held = await claimed(world, 50)
    commits = []
    original = world.store.write

    async def write(work, *args, **kwargs):
        commits.append(len(args[0]))
        return await original(work, *args, **kwargs)

    monkeypatch.setattr(world.store, "write", write)
    finisher = Finisher(world.store, owner="me", clock=world.clock)

    async def finish(job, delay):
        await asyncio.sleep(delay)
        await finisher.finish(job)

    await asyncio.gather(*(finish(job, 0) for job in held))
    counts = (await world.store.scan(jobs.counts))["deliver"]
    assert (counts.done, counts.leased) == (50, 0)
    assert sum(commits) == 50
    assert len(commits) <= 3


async def test_failure_reaches_all_who_waited(world, monkeypatch):
    """REL-001: nobody takes a failed commit for a success; the next one works again."""
    held = await claimed(world, 3)
    original = world.store.write

    async def fail(work, *args, **kwargs):
        raise OSError

    finisher = Finisher(world.store, owner="me", clock=world.clock)
    monkeypatch.setattr(world.store, "write", fail)
    results = await asyncio.gather(*(finisher.finish(job) for job in held), return_exceptions=True)
    assert [type(result) for result in results] == [OSError] * 3
    monkeypatch.setattr(world.store, "write", original)
    await finisher.finish(held[0])
    assert (await world.store.scan(jobs.counts))["deliver"].done == 1


async def test_waiter_may_leave(world):
    """A worker that is cancelled does not take the others' commit with it."""
    held = await claimed(world, 2)
    finisher = Finisher(world.store, owner="me", clock=world.clock)
    first = asyncio.create_task(finisher.finish(held[0]))
    second = asyncio.create_task(finisher.finish(held[1]))
    await asyncio.sleep(0)
    first.cancel()
    await second
    assert (await world.store.scan(jobs.counts))["deliver"].done == 2
