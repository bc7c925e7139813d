"""The dead letters."""

from typing import Any

import pytest

from storage import Transaction, jobs, letters
from storage.jobs import NewJob, State

pytestmark = pytest.mark.anyio


async def _bury(bench: Any, *new: NewJob) -> list[int]:
    await bench.store.write(jobs.add_many, "q", new, now=bench.now)
    held = await bench.claim()
    for job in held:
        await bench.bury(job)
    return [job.id for job in held]


async def test_the_dead_are_listed_newest_first(bench: Any) -> None:
    """REL-020."""
    await _bury(bench, *[NewJob({"n": n}, lane=f"h{n % 2}") for n in range(6)])
    dead = await bench.store.read(jobs.dead, "q", limit=4)
    assert [report.payload["n"] for report in dead] == [5, 4, 3, 2]
    rest = await bench.store.read(jobs.dead, "q", before=dead[-1].id)
    assert [report.payload["n"] for report in rest] == [1, 0]
    of_host = await bench.store.read(jobs.dead, "q", host="h1")
    assert [report.payload["n"] for report in of_host] == [5, 3, 1]
    assert (dead[0].state, dead[0].status, dead[0].error, dead[0].attempts) == (State.DEAD, 410, "gone", 1)
    assert await bench.store.read(jobs.waiting, "q") == []


async def test_the_dead_come_back_as_new(bench: Any) -> None:
    """REL-020: by name, by host, or all."""
    ids = await _bury(bench, *[NewJob({"n": n}, lane=f"h{n % 3}") for n in range(6)])
    bench.now += 5
    assert await bench.store.write(jobs.revive, "q", now=bench.now, ids=[ids[0], 12345]) == 1
    (job,) = await bench.claim()
    assert (job.id, job.attempts, job.created) == (ids[0], 1, bench.now)
    assert await bench.store.write(jobs.revive, "q", now=bench.now, host="h2") == 2
    assert await bench.store.write(jobs.revive, "q", now=bench.now) == 3
    assert await bench.store.write(jobs.revive, "q", now=bench.now) == 0
    assert len(await bench.claim()) == 5


async def test_reviving_wakes_the_queue(bench: Any) -> None:
    await _bury(bench, NewJob({"n": 1}))
    with bench.store.signals.listen(jobs.topic("q")) as bell:
        await bench.store.write(jobs.revive, "q", now=bench.now)
        assert await bell.wait(1)


async def test_one_that_comes_back_waits_behind_its_key(bench: Any) -> None:
    """REL-017: never two of a key at once."""
    await _bury(bench, NewJob({"n": 1}, key="k"))
    await bench.add(2, 3, key="k")
    (second,) = await bench.claim()
    await bench.store.write(jobs.revive, "q", now=bench.now)
    assert await bench.claimed() == []
    await bench.store.write(jobs.discard, "q", ids=[second.id], waiting=True)
    assert await bench.claimed() == []
    await bench.finish(second)
    assert await bench.claimed() == [1]


async def test_discarding_is_counted(bench: Any) -> None:
    """REL-022."""

    async def letter(tx: Transaction) -> int:
        return await letters.write(tx, "body", now=bench.now)

    number = await bench.store.write(letter)
    ids = await _bury(bench, *[NewJob({"n": n}, lane=f"h{n % 2}", letter=number) for n in range(4)])
    await bench.add(8)
    assert await bench.store.write(jobs.discard, "q", ids=ids[:1]) == 1
    assert await bench.store.write(jobs.discard, "q", host="h1") == 2
    assert await bench.store.write(jobs.discard, "q", failed_before=bench.now) == 0
    assert await bench.store.write(jobs.discard, "q") == 1
    counts = await bench.counts()
    assert (counts.enqueued, counts.discarded, counts.dead, counts.waiting) == (5, 4, 0, 1)
    assert await bench.store.read(letters.read, number) is None


async def test_what_waits_is_discarded_only_when_asked(bench: Any) -> None:
    """REL-032: "skip older than" after a restore."""
    await bench.add(1, 2, key="k")
    bench.now += 10
    await bench.add(3, key="k")
    assert await bench.store.write(jobs.discard, "q") == 0
    assert await bench.store.write(jobs.discard, "q", created_before=bench.now, waiting=True) == 2
    assert await bench.claimed() == [3]
    assert (await bench.counts()).discarded == 2


async def test_a_leased_job_is_not_discarded(bench: Any) -> None:
    await bench.add(1)
    (job,) = await bench.claim()
    assert await bench.store.write(jobs.discard, "q", ids=[job.id], waiting=True) == 0
    assert await bench.finish(job) == 1
