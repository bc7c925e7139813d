"""What storage costs, each figure beside its limit in the same run.

Run as ``python -m benchmarks.storage [URL …]``; without an address on a file in a temporary directory.
"""

import asyncio
import contextlib
import sqlite3
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

from storage import Store, Transaction, jobs, meta, open_store
from storage.jobs import NewJob

SECONDS = 2.0
CALLERS = 64
WAITING = 100_000
LANES = 1_000


async def rate(work: Callable[[int], Awaitable[int]], callers: int) -> float:
    """Return how many things per second are done by callers that each wait for their own."""
    end = time.perf_counter() + SECONDS
    done = 0

    async def call(number: int) -> None:
        nonlocal done
        while time.perf_counter() < end:
            count = await work(number)
            done += count

    await asyncio.gather(*[call(number) for number in range(callers)])
    return done / SECONDS


async def insert(tx: Transaction, number: int) -> None:
    await tx.run(
        "INSERT INTO answers (caller, key, request, status, body, created)"
        " VALUES ('bench', :key, '', 200, :body, 1)",
        key=str(number),
        body="x" * 200,
    )


def raw_sqlite(directory: Path) -> float:
    """Commit one row at a time with the plain driver, as durably as we do."""
    with contextlib.closing(sqlite3.connect(directory / "raw.db", isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
        end = time.perf_counter() + SECONDS
        done = 0
        while time.perf_counter() < end:
            connection.execute("INSERT INTO t VALUES (?, ?)", (str(done), "x" * 200))
            done += 1
    return done / SECONDS


async def writes(store: Store) -> dict[str, float]:
    numbers = iter(range(10**9))

    async def write(_: int) -> int:
        await store.write(insert, next(numbers))
        return 1

    async def read(_: int) -> int:
        await store.read(meta.get, "colour")
        return 1

    return {
        "writes/s, one caller": await rate(write, 1),
        f"writes/s, {CALLERS} callers": await rate(write, CALLERS),
        "point reads/s": await rate(read, 4),
    }


async def queue(store: Store) -> dict[str, float]:
    now = 1
    started = time.perf_counter()
    for first in range(0, WAITING, 1_000):
        new = [NewJob({"n": n}, lane=f"h{n % LANES}", key=f"{n}") for n in range(first, first + 1_000)]
        await store.write(jobs.add_many, "bench", new, now=now)
    added = WAITING / (time.perf_counter() - started)

    async def work(number: int) -> int:
        nonlocal now
        now += 1
        owner = f"w{number}"
        held = await store.write(
            jobs.claim, "bench", now=now, owner=owner, lease_us=10**9, limit=32, per_lane=8
        )
        return await store.write(jobs.finish_many, held, owner=owner)

    return {"jobs added/s": added, f"jobs claimed and finished/s, {WAITING:,} waiting": await rate(work, 4)}


async def measure(url: str) -> dict[str, float]:
    async with open_store(url) as store:
        return {f"{store.engine}: {name}": figure for name, figure in (await writes(store)).items()} | {
            f"{store.engine}: {name}": figure for name, figure in (await queue(store)).items()
        }


def main() -> None:
    """Print the figures as a table."""
    with tempfile.TemporaryDirectory() as directory:
        urls = sys.argv[1:] or [f"sqlite:///{directory}/bench.db"]
        figures = {"limit: raw sqlite3, commits/s": raw_sqlite(Path(directory))}
        for url in urls:
            figures |= asyncio.run(measure(url))
    for name, figure in figures.items():
        print(f"{name:60} {figure:12,.0f}")


if __name__ == "__main__":
    main()
