"""Work that is taken back before it has begun."""

from typing import Any

import pytest

from storage import Transaction, jobs, letters
from storage.jobs import NewJob

pytestmark = pytest.mark.anyio


async def _add(bench: Any, *new: NewJob) -> None:
    async def work(tx: Transaction) -> None:
        letter = await letters.write(tx, "{}", now=bench.now)
        await jobs.add_many(tx, "q", new, now=bench.now, letter=letter)

    await bench.store.write(work)


def _job(n: int, key: str = "", actor: str = "ada", lane: str = "h") -> NewJob:
    return NewJob({"n": n, "actor": actor}, lane=lane, key=key)


async def test_what_one_actor_was_going_to_say(bench: Any) -> None:
    """AP-300: only the waiting jobs of these keys and this actor go; what is under way stays."""
    await _add(bench, _job(1, "a"))
    (held,) = await bench.claim()
    await _add(bench, _job(2, "a"), _job(3, "a", "eve"), _job(4, "b"), _job(5, "b"), _job(6, "c"))
    assert await bench.store.write(jobs.cancel, "q", ["a", "b", "b", "none"], actor="ada") == 3
    assert sorted(await bench.claimed()) == [6]
    await bench.finish(held)
    assert await bench.claimed() == [3]
    assert (await bench.counts()).discarded == 3


async def test_the_newest_stay(bench: Any) -> None:
    """AP-298: of each key the last, and of all no more than so many; other lanes are left alone."""
    await _add(bench, *[_job(n, "ab"[n % 2]) for n in range(6)], _job(6), _job(7), _job(8, lane="other"))
    assert await bench.store.write(jobs.thin, "q", "h", most=10) == 4
    assert await bench.store.write(jobs.thin, "q", "h", most=3) == 1
    assert sorted(await bench.claimed()) == [5, 6, 7, 8]
    assert await bench.store.write(jobs.thin, "q", "nobody", most=3) == 0
