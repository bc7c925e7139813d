"""Nothing is ever lost."""

import random
from typing import Any

import pytest

from storage import jobs
from storage.jobs import NewJob

pytestmark = pytest.mark.anyio


async def test_the_backlog_is_what_waits_and_runs(bench: Any) -> None:
    """REL-021."""
    assert await bench.store.read(jobs.backlog, "q") == 0
    await bench.add(1, 2, 3, 4)
    first, second = await bench.claim(2)
    await bench.finish(first)
    await bench.bury(second)
    await bench.claim(1)
    assert await bench.store.read(jobs.backlog, "q") == 2


async def test_the_sum_is_right_after_every_step(bench: Any) -> None:
    """REL-022: enqueued = done + dead + discarded + waiting + leased, whatever happens."""
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    held: list[Any] = []

    async def add() -> None:
        new = [
            NewJob(
                {"n": n},
                lane=f"h{n % 3}",
                key=chance.choice(["", "a", "b"]),
                dedupe=f"{chance.randrange(40)}",
            )
            for n in range(chance.randrange(6))
        ]
        await bench.store.write(jobs.add_many, "q", new, now=bench.now)

    async def claim() -> None:
        held.extend(await bench.claim(chance.randrange(1, 6), lease_us=50))

    async def settle() -> None:
        for job in [held.pop() for _ in range(min(len(held), 2))]:
            await chance.choice([bench.finish, bench.bury, lambda job: bench.retry(job, bench.now + 30)])(job)

    async def tidy() -> None:
        await chance.choice(
            [
                lambda: bench.store.write(jobs.revive, "q", now=bench.now),
                lambda: bench.store.write(jobs.discard, "q", waiting=chance.random() < 0.3),
                lambda: bench.store.write(jobs.release, held[:2], owner="me"),
            ]
        )()

    await bench.add(0)
    for _ in range(120):
        bench.now += chance.randrange(20)
        await chance.choice([add, add, claim, claim, settle, settle, tidy])()
        await bench.counts()
    bench.now += 1_000
    for _ in range(200):
        left = await bench.claim()
        await bench.finish(*left)
        if not left and (await bench.counts()).leased == 0:
            break
    counts = await bench.counts()
    assert (counts.waiting, counts.leased) == (0, 0), f"seed {seed}: a job was left behind"
