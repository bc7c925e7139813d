"""Claiming work: leases, turns, order, closed circuits."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from storage import Transaction, hosts, jobs
from storage.hosts import FAILURES_MAX, OPEN_US
from storage.jobs import NewJob, lanes, leasing
from storage.sql import each

pytestmark = pytest.mark.anyio

SECOND = 1_000_000


async def _add(bench: Any, *new: NewJob) -> None:
    await bench.store.write(jobs.add_many, "q", new, now=bench.now)


async def test_a_claimed_job_is_not_claimed_again(bench: Any) -> None:
    await bench.add(1, 2, 3)
    assert await bench.claimed(2) == [1, 2]
    assert await bench.claimed() == [3]
    assert await bench.claimed() == []
    counts = await bench.counts()
    assert (counts.leased, counts.waiting) == (3, 0)


async def test_queues_are_apart(bench: Any) -> None:
    await bench.store.write(jobs.add, "other", {"n": 1}, now=bench.now)
    assert await bench.claimed() == []


async def test_lanes_share_what_is_claimed(bench: Any) -> None:
    """REL-018: ten thousand jobs for one host do not keep those of others waiting."""
    await _add(bench, *[NewJob({"n": n}, lane="huge") for n in range(500)])
    await _add(bench, *[NewJob({"n": n}, lane=f"small{n % 4}") for n in range(8)])
    taken = Counter(job.lane for job in await bench.claim(10))
    assert taken == {"huge": 2, "small0": 2, "small1": 2, "small2": 2, "small3": 2}
    assert Counter(job.lane for job in await bench.claim(10)) == {"huge": 10}


async def test_lanes_take_turns(bench: Any) -> None:
    """REL-018: with more lanes than are claimed at once, none gets far ahead of another."""
    await _add(bench, *[NewJob({"n": n}, lane=f"h{n % 10}") for n in range(50)])
    served = Counter(dict.fromkeys((f"h{n}" for n in range(10)), 0))
    for _ in range(15):
        bench.now += 1
        held = await bench.claim(3)
        served.update(job.lane for job in held)
        await bench.finish(*held)
        assert max(served.values()) - min(served.values()) <= 2
    assert sum(served.values()) == 45


async def test_a_late_lane_is_served_before_the_backlog_of_others(bench: Any) -> None:
    await _add(bench, *[NewJob({"n": n}, lane=f"h{n % 3}") for n in range(300)])
    bench.now += 1
    await bench.claim(3)
    await bench.add(999, lane="late")
    bench.now += 1
    lanes = [job.lane for _ in range(2) for job in await bench.claim(3)]
    assert "late" in lanes


async def test_what_a_lane_leaves_goes_to_the_others(bench: Any) -> None:
    await _add(bench, NewJob({"n": 0}, lane="a"), *[NewJob({"n": n}, lane="b") for n in range(1, 20)])
    assert Counter(job.lane for job in await bench.claim(10)) == {"a": 1, "b": 9}


async def test_a_lane_has_only_so_many_at_a_time(bench: Any) -> None:
    """REL-018."""
    await _add(bench, *[NewJob({"n": n}, lane=f"h{n % 2}") for n in range(20)])
    held = await bench.claim(10, per_lane=3)
    assert Counter(job.lane for job in held) == {"h0": 3, "h1": 3}
    assert await bench.claim(10, per_lane=3) == []
    await bench.finish(held[0])
    assert [job.lane for job in await bench.claim(10, per_lane=3)] == [held[0].lane]


async def test_full_lanes_do_not_hide_the_others(bench: Any) -> None:
    await _add(bench, *[NewJob({"n": n}, lane=f"a{n % 5}") for n in range(20)])
    assert len(await bench.claim(5, per_lane=1)) == 5
    await bench.add(99, lane="z")
    assert await bench.claimed(2, per_lane=1) == [99]


async def test_lanes_closed_by_the_caller_are_passed_over(bench: Any) -> None:
    await _add(bench, *[NewJob({"n": n}, lane=f"h{n}") for n in range(4)])
    assert await bench.claimed(2, closed_lanes={"h0", "h1"}) == [2, 3]
    assert await bench.claimed() == [0, 1]


async def test_jobs_of_one_key_run_one_after_the_other(bench: Any) -> None:
    """REL-017: in the order they were added; others overtake freely."""
    await bench.add(1, 2, 3, key="note")
    await bench.add(4, key="other")
    await bench.add(5)
    held = await bench.claim()
    assert sorted(job.payload["n"] for job in held) == [1, 4, 5]
    assert await bench.claimed() == []
    await bench.retry(held[0], bench.now + SECOND)
    assert await bench.claimed() == []
    bench.now += SECOND
    for expected in (1, 2, 3):
        (job,) = await bench.claim()
        assert job.payload["n"] == expected
        await bench.finish(job)
    assert await bench.claimed() == []


async def test_a_dead_job_does_not_block_its_key(bench: Any) -> None:
    """REL-017: a later Delete is sent even if the Create could not be."""
    await bench.add(1, 2, key="note")
    (job,) = await bench.claim()
    await bench.bury(job)
    assert await bench.claimed() == [2]
    await bench.add(3, key="note")
    assert await bench.claimed() == []


async def test_whoever_promises_to_keep_the_order_gets_more_of_a_key(bench: Any) -> None:
    """REL-017: still nobody else gets one of that key."""
    await bench.add(*range(6), key="a")
    await bench.add(6, 7, key="b")
    await bench.add(8)
    held = await bench.claim(7, in_order=True)
    by_key = {key: [job.payload["n"] for job in held if job.key == key] for key in ("a", "b", "")}
    assert by_key == {"a": [0, 1, 2], "b": [6, 7], "": [8]}
    assert await bench.claim(owner="other", in_order=True) == []
    await bench.finish(*held)
    assert await bench.claimed(in_order=True) == [3, 4, 5]


@pytest.mark.parametrize("how", ["release", "expire"])
async def test_what_comes_back_of_a_key_stands_in_its_order_again(bench: Any, how: str) -> None:
    """REL-017, REL-026."""
    await bench.add(*range(4), key="a")
    await bench.add(9)
    held = await bench.claim(4, in_order=True)
    assert len(held) == 4
    if how == "release":
        assert await bench.store.write(jobs.release, reversed(held), owner="me") == 4
    else:
        bench.now += 60 * SECOND
    assert sorted(await bench.claimed()) == [0, 9]


async def test_a_lane_without_due_work_does_not_hide_the_others(bench: Any) -> None:
    await bench.add(1, lane="a")
    await bench.add(2, lane="b")
    (report,) = [report for report in await bench.store.read(jobs.waiting, "q") if report.lane == "a"]
    await bench.store.write(jobs.discard, "q", ids=[report.id], waiting=True)
    assert await bench.claimed(1) == [2]


async def test_moving_up_wakes_the_queue(bench: Any) -> None:
    await bench.add(1, 2, key="note")
    (job,) = await bench.claim()
    with bench.store.signals.listen(jobs.topic("q")) as bell:
        await bench.finish(job)
        assert await bell.wait(1)


async def test_a_lease_that_ran_out_is_taken_back(bench: Any) -> None:
    """REL-012, REL-013: and the former owner has no say any more."""
    await bench.add(1)
    (old,) = await bench.claim(owner="one", lease_us=SECOND)
    bench.now += SECOND - 1
    assert await bench.claim(owner="two") == []
    bench.now += 1
    (new,) = await bench.claim(owner="two", lease_us=SECOND)
    assert new.attempts == 2
    assert await bench.finish(old, owner="one") == 0
    assert not await bench.retry(old, bench.now, owner="one")
    assert not await bench.bury(old, owner="one")
    assert await bench.store.write(jobs.release, [old], owner="one") == 0
    assert await bench.store.write(jobs.renew, [old], owner="one", lease_until=bench.now) == 0
    assert await bench.finish(new, owner="two") == 1
    assert (await bench.counts()).done == 1


async def test_an_owner_that_lost_its_own_lease_is_fenced_too(bench: Any) -> None:
    """REL-013: the number of the attempt tells the two leases apart."""
    await bench.add(1)
    (old,) = await bench.claim(lease_us=SECOND)
    bench.now += SECOND
    (new,) = await bench.claim()
    assert await bench.finish(old) == 0
    assert await bench.finish(new) == 1


async def test_a_job_that_kills_its_worker_three_times_is_dead(bench: Any) -> None:
    """REL-019: it must not run for ever; those behind it go on."""
    await bench.add(1, 2, key="note")
    for attempt in (1, 2, 3):
        assert [job.attempts for job in await bench.claim(lease_us=SECOND)] == [attempt]
        bench.now += SECOND
    assert await bench.claimed() == [2]
    (report,) = await bench.store.read(jobs.dead, "q")
    assert (report.payload["n"], report.attempts, report.error) == (1, 3, "its worker ended or fell silent")


async def test_a_renewed_lease_holds_longer(bench: Any) -> None:
    await bench.add(1)
    held = await bench.claim(lease_us=SECOND)
    assert await bench.store.write(jobs.renew, held, owner="me", lease_until=bench.now + 5 * SECOND) == 1
    bench.now += 4 * SECOND
    assert await bench.claim() == []
    assert await bench.finish(*held) == 1


async def test_a_paused_queue_stands_still(bench: Any) -> None:
    """REL-032."""
    await bench.store.write(jobs.pause, "q")
    await bench.add(1)
    assert await bench.claimed() == []
    assert await bench.store.read(jobs.paused, "q")
    await bench.store.write(jobs.resume, "q")
    assert await bench.claimed() == [1]


async def test_an_open_circuit_holds_jobs_and_a_probe_goes_first(bench: Any) -> None:
    """REL-016."""
    await _add(bench, *[NewJob({"n": n}, lane="down.example") for n in range(5)])
    await bench.add(9, lane="up.example")
    for _ in range(FAILURES_MAX):
        await bench.store.write(hosts.failed, "down.example", bench.now)
    up = await bench.claim()
    assert [job.payload["n"] for job in up] == [9]
    await bench.finish(*up)
    bench.now += OPEN_US
    probe = await bench.claim()
    assert [job.lane for job in probe] == ["down.example"]
    assert await bench.claim() == []
    await bench.store.write(hosts.succeeded, ["down.example"], bench.now)
    await bench.finish(*probe)
    assert len(await bench.claim()) == 4


async def test_a_queue_whose_lanes_are_no_hosts_does_not_mind_circuits(bench: Any) -> None:
    await bench.add(1, lane="down.example")
    for _ in range(FAILURES_MAX):
        await bench.store.write(hosts.failed, "down.example", bench.now)
    assert await bench.claimed(circuits=False) == [1]


async def test_a_host_that_asked_to_wait_is_left_alone(bench: Any) -> None:
    """REL-014: Retry-After."""
    await bench.add(1, lane="busy.example")
    await bench.store.write(hosts.hold, "busy.example", bench.now + SECOND, bench.now)
    assert await bench.claimed() == []
    await bench.add(2, lane="busy.example")
    assert await bench.claimed() == []
    bench.now += SECOND
    assert await bench.claimed() == [1, 2]


async def test_a_circuit_closed_early_lets_jobs_out_at_once(bench: Any) -> None:
    await bench.add(1, lane="down.example")
    for _ in range(FAILURES_MAX):
        await bench.store.write(hosts.failed, "down.example", bench.now)
    assert await bench.claimed() == []
    await bench.store.write(hosts.succeeded, ["down.example"], bench.now)
    assert await bench.claimed() == [1]


async def test_many_workers_do_each_job_once(bench: Any) -> None:
    """REL-013, REL-022, with adding and doing at the same time."""
    done: Counter[int] = Counter()
    running: Counter[str] = Counter()
    adding = True

    async def add(first: int) -> None:
        for start in range(first, first + 100, 20):
            new = [NewJob({"n": n}, lane=f"h{n % 7}", key=f"k{n % 11}") for n in range(start, start + 20)]
            await bench.store.write(jobs.add_many, "q", new, now=bench.now)

    async def work(owner: str) -> None:
        while True:
            bench.now += 1
            held = await bench.claim(8, owner=owner, per_lane=4)
            if not held and not adding:
                return
            for job in held:
                running[job.key] += 1
                assert running[job.key] == 1, "two jobs of one key at once"
                await asyncio.sleep(0)
                running[job.key] -= 1
                assert await bench.finish(job, owner=owner) == 1
                done[job.payload["n"]] += 1

    workers = [asyncio.create_task(work(f"w{n}")) for n in range(5)]
    await asyncio.gather(add(0), add(100), add(200))
    adding = False
    await asyncio.gather(*workers)
    for _ in range(400):
        left = await bench.claim(8)
        done.update(job.payload["n"] for job in left)
        if not left:
            break
        await bench.finish(*left)
    assert done == Counter(range(300))
    assert (await bench.counts()).done == 300


async def test_the_cost_of_a_claim_does_not_grow_with_the_queue(bench: Any) -> None:
    """Statements per claim are few, and none of them walks what waits."""

    async def statements(limit: int) -> int:
        count = 0

        async def counted(tx: Transaction) -> None:
            held = await jobs.claim(_Counting(tx), "q", now=bench.now, owner="me", lease_us=1, limit=limit)
            assert len(held) == limit

        class _Counting:
            def __init__(self, tx: Transaction) -> None:
                self._tx, self.engine, self.wake = tx, tx.engine, tx.wake

            def __getattr__(self, name: str) -> Any:
                nonlocal count
                count += 1
                return getattr(self._tx, name)

        await bench.store.write(counted)
        return count

    await _add(bench, *[NewJob({"n": n}, lane=f"h{n % 5}") for n in range(50)])
    few = await statements(5)
    await _add(bench, *[NewJob({"n": n}, lane=f"h{n % 5}") for n in range(2_000)])
    assert await statements(5) == few
    if bench.store.engine == "sqlite":
        plan = await bench.store.read(_plan)
        assert not [step for step in plan if step.startswith("SCAN jobs") or "TEMP B-TREE" in step], plan


async def _plan(tx: Transaction) -> list[str]:
    every = {"queue": "q", "lane": "h", "lanes": "[]", "now": 1, "limit": 1, "lost_max": 3, "error": ""}
    steps = []
    for sql in (
        leasing._DUE.format(name=":lane", number=":limit"),
        leasing._BEHIND.format(name=":lane", number=":limit"),
        leasing._EXPIRE.format(skip=""),
        lanes._READY.format(alone=""),
        lanes._NEXT_DUE.format(each=each("sqlite", "lanes")),
    ):
        rows = await tx.all(f"EXPLAIN QUERY PLAN {sql}", **{n: v for n, v in every.items() if f":{n}" in sql})
        steps += [str(row[3]) for row in rows]
    return steps
