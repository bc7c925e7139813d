"""Adding work."""

from typing import Any

import pytest

from storage import Transaction, jobs, letters
from storage.jobs import NewJob

pytestmark = pytest.mark.anyio


async def test_a_job_comes_back_as_it_was_added(bench: Any) -> None:
    async def add(tx: Transaction) -> None:
        letter = await letters.write(tx, '{"type":"Note"}', now=bench.now)
        await jobs.add(tx, "q", {"to": "ü\0"}, now=bench.now, lane="host", key="k", letter=letter)

    await bench.store.write(add)
    (job,) = await bench.claim()
    assert (job.queue, job.lane, job.key, job.attempts, job.created) == ("q", "host", "k", 1, bench.now)
    assert job.payload == {"v": 1, "to": "ü\0"}
    assert job.letter_body == '{"type":"Note"}'
    assert job.lease_until == bench.now + 60_000_000


async def test_a_payload_says_its_version(bench: Any) -> None:
    """REL-039: ours unless the caller knows better."""
    await bench.store.write(jobs.add, "q", {"v": 7}, now=bench.now)
    assert [job.payload for job in await bench.claim()] == [{"v": 7}]


async def test_of_two_that_are_the_same_one_is_added(bench: Any) -> None:
    assert await bench.add(1, 2, dedupe="x") == [True, False]
    assert await bench.add(3, dedupe="y") == [True]
    assert await bench.add(4, 5) == [True, True]
    assert (await bench.counts()).enqueued == 4
    assert sorted(await bench.claimed()) == [1, 3, 4, 5]


async def test_many_are_added_and_counted_together(bench: Any) -> None:
    new = [NewJob({"n": n}, lane=f"h{n % 3}", dedupe=f"{n % 8}") for n in range(10)]
    assert await bench.store.write(jobs.add_many, "q", new, now=bench.now) == 8
    assert await bench.store.write(jobs.add_many, "q", [], now=bench.now) == 0
    assert (await bench.counts()).waiting == 8
    assert len(await bench.claim()) == 8


async def test_adding_wakes_the_queue(bench: Any) -> None:
    with (
        bench.store.signals.listen(jobs.topic("q")) as bell,
        bench.store.signals.listen(jobs.topic("p")) as other,
    ):
        await bench.add(1)
        assert await bell.wait(1)
        assert not await other.wait(0.01)


async def test_a_unit_that_fails_adds_no_job(bench: Any) -> None:
    """REL-008: the job is committed with what asks for it, or not at all."""

    async def fail(tx: Transaction) -> None:
        await jobs.add(tx, "q", {}, now=bench.now)
        raise LookupError

    with pytest.raises(LookupError):
        await bench.store.write(fail)
    assert await bench.claim() == []


async def test_a_job_is_not_done_before_its_time(bench: Any) -> None:
    await bench.add(1, run_at=bench.now + 10)
    assert await bench.claimed() == []
    bench.now += 10
    assert await bench.claimed() == [1]


async def test_an_earlier_job_brings_its_lane_forward(bench: Any) -> None:
    await bench.add(1, run_at=bench.now + 1_000)
    await bench.add(2)
    assert await bench.claimed() == [2]
    bench.now += 1_000
    assert await bench.claimed() == [1]
