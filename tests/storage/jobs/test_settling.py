"""What becomes of leased jobs."""

from typing import Any

import pytest

from storage import Transaction, jobs, letters
from storage.errors import LeaseLost
from storage.jobs import Job, NewJob, State

pytestmark = pytest.mark.anyio

SECOND = 1_000_000


async def test_a_finished_job_is_gone(bench: Any) -> None:
    await bench.add(1)
    (job,) = await bench.claim()
    await bench.store.write(jobs.finish, job, owner="me")
    counts = await bench.counts()
    assert (counts.done, counts.waiting, counts.leased) == (1, 0, 0)


async def test_what_was_done_under_a_lost_lease_is_undone(bench: Any) -> None:
    """REL-013: the effect and the end of its job are one transaction; the worker that came late has neither."""

    async def do(tx: Transaction, job: Job) -> None:
        await tx.run("INSERT INTO meta (name, value) VALUES ('effect', 'x')")
        await jobs.finish(tx, job, owner="me")

    async def effects(tx: Transaction) -> int:
        return len(await tx.all("SELECT 1 FROM meta WHERE name = 'effect'"))

    await bench.add(1)
    (late,) = await bench.claim()
    bench.now += 61 * SECOND
    (job,) = await bench.claim()
    with pytest.raises(LeaseLost):
        await bench.store.write(do, late)
    assert await bench.store.read(effects) == 0
    await bench.store.write(do, job)
    assert await bench.store.read(effects) == 1


async def test_jobs_of_several_queues_are_finished_together(bench: Any) -> None:
    await bench.add(1, 2)
    await bench.store.write(jobs.add, "p", {"n": 3}, now=bench.now)
    held = await bench.claim()
    held += await bench.store.write(jobs.claim, "p", now=bench.now, owner="me", lease_us=SECOND, limit=5)
    assert await bench.finish(*held) == 3
    assert {name: counts.done for name, counts in (await bench.store.scan(jobs.counts)).items()} == {
        "q": 2,
        "p": 1,
    }


async def test_a_failed_job_comes_again_with_its_history(bench: Any) -> None:
    await bench.add(1)
    (job,) = await bench.claim()
    failed = bench.now
    assert await bench.retry(job, bench.now + SECOND)
    assert await bench.claimed() == []
    bench.now += SECOND
    (job,) = await bench.claim()
    assert job.attempts == 2
    await bench.retry(job, bench.now + SECOND)
    (report,) = await bench.store.read(jobs.waiting, "q")
    assert report.state is State.WAITING
    assert (report.error, report.status, report.run_at) == ("refused", 503, bench.now + SECOND)
    assert (report.failed_first, report.failed_last) == (failed, bench.now)


async def test_a_long_error_is_cut(bench: Any) -> None:
    await bench.add(1)
    (job,) = await bench.claim()
    await bench.store.write(jobs.bury, job, owner="me", now=bench.now, error="x" * 100_000)
    (report,) = await bench.store.read(jobs.dead, "q")
    assert report.error == "x" * 500


async def test_a_released_job_is_free_at_once_and_the_attempt_does_not_count(bench: Any) -> None:
    """REL-026."""
    await bench.add(1)
    held = await bench.claim(owner="one")
    assert await bench.store.write(jobs.release, held, owner="one") == 1
    (job,) = await bench.claim(owner="two")
    assert job.attempts == 1


async def test_a_letter_goes_with_the_last_of_its_jobs(bench: Any) -> None:
    async def send(tx: Transaction) -> int:
        letter = await letters.write(tx, "body", now=bench.now)
        await jobs.add_many(tx, "q", [NewJob({"n": n}) for n in range(3)], now=bench.now, letter=letter)
        return letter

    letter = await bench.store.write(send)
    first, second, third = await bench.claim()
    await bench.finish(first)
    await bench.bury(second)
    await bench.finish(third)
    assert await bench.store.read(letters.read, letter) == "body"
    await bench.store.write(jobs.revive, "q", now=bench.now)
    (job,) = await bench.claim()
    assert job.letter_body == "body"
    await bench.finish(job)
    assert await bench.store.read(letters.read, letter) is None
