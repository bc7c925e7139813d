"""A disk that fails, and one that must be asked (with strace, which makes system calls fail on purpose)."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lacks import lacking

from storage import Transaction, open_store

pytestmark = pytest.mark.anyio

_WRITE = """
import asyncio, sys
from storage import open_store
from storage.errors import Broken

async def put(tx, name):
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, 'x')", name=name)

async def main():
    async with open_store(sys.argv[1]) as store:
        for n in range(int(sys.argv[2])):
            try:
                await store.write(put, f"n{n}")
                print(f"n{n}", flush=True)
            except Broken:
                print("broken", flush=True)

asyncio.run(main())
"""


def _strace(url: str, count: int, *options: str) -> list[str]:
    if shutil.which("strace") is None:
        lacking("strace is not installed")
    command = ["strace", "-f", "-qq", *options, sys.executable, "-c", _WRITE, url, str(count)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "ptrace" in done.stderr:
        lacking(f"strace may not trace: {done.stderr.strip()}")
    return done.stdout.split()


async def _stored(url: str) -> set[str]:
    async def names(tx: Transaction) -> set[str]:
        return {str(row[0]) for row in await tx.all("SELECT name FROM meta WHERE name LIKE 'n%'")}

    async with open_store(url) as store:
        return await store.read(names)


async def test_each_confirmed_commit_was_synced(sqlite_url: str, tmp_path: Path) -> None:
    """REL-002: at least one sync between two answers."""
    log = tmp_path / "log"
    assert len(_strace(sqlite_url, 20, "-e", "trace=fsync,fdatasync,write", "-o", str(log))) == 20
    events = re.findall(r"(fsync|fdatasync)\(|write\(1, \"(n\d+)", log.read_text())
    synced, answers = False, 0
    for sync, answer in events:
        if answer:
            assert synced, f"{answer} was confirmed without a sync"
            synced, answers = False, answers + 1
        synced = synced or bool(sync)
    assert answers == 20


@pytest.mark.parametrize("when", [3, 12, 25])
async def test_after_a_failed_sync_nothing_is_written(sqlite_url: str, when: int) -> None:
    """REL-004: no later commit is confirmed, and what was confirmed before is there."""
    async with open_store(sqlite_url):
        pass
    said = _strace(sqlite_url, 40, "-o", "/dev/null", "-e", f"inject=fdatasync:error=EIO:when={when}")
    assert "broken" in said
    confirmed = said[: said.index("broken")]
    assert set(said[len(confirmed) :]) == {"broken"}, "a write after the failed sync was confirmed"
    assert set(confirmed) <= await _stored(sqlite_url)
