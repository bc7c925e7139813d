"""Killed in the middle, on both engines."""

import asyncio
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Transaction, open_store

pytestmark = pytest.mark.anyio

_WRITE_ON = """
import asyncio, sys
from storage import open_store

async def put(tx, name):
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, 'x')", name=name)
    await tx.run("INSERT INTO hosts (host, seen) VALUES (:name, 1)", name=name)

async def one(store, start, number):
    for n in range(1_000_000):
        name = f"n{start}.{number}.{n}"
        await store.write(put, name)
        print(name, flush=True)

async def main():
    async with open_store(sys.argv[1]) as store:
        await asyncio.gather(*[one(store, sys.argv[2], number) for number in range(8)])

asyncio.run(main())
"""


async def test_what_was_confirmed_survives_kill_9(url: str, tmp_path: Path) -> None:
    """REL-001, REL-012: every confirmed unit is there whole; an unconfirmed one is whole or absent."""
    confirmed: set[str] = set()
    seed = int.from_bytes(os.urandom(4), "big")
    chance = random.Random(seed)
    for round_ in range(4):
        log = tmp_path / f"log{round_}"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [sys.executable, "-c", _WRITE_ON, url, str(round_)], stdout=out, start_new_session=True
            )
            while log.stat().st_size == 0:
                assert process.poll() is None
                await asyncio.sleep(0.02)
            await asyncio.sleep(chance.uniform(0.01, 0.3))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        confirmed.update(line for line in log.read_text().split("\n")[:-1])

    async def names(tx: Transaction) -> tuple[set[str], set[str]]:
        metas = {str(row[0]) for row in await tx.all("SELECT name FROM meta WHERE name LIKE 'n%'")}
        return metas, {str(row[0]) for row in await tx.all("SELECT host FROM hosts")}

    async with open_store(url) as store:
        metas, hosts = await store.scan(names)
    assert confirmed, f"seed {seed}"
    assert confirmed <= metas, f"seed {seed}"
    assert metas == hosts, f"seed {seed}"
