"""The writer: grouping, waiting for locks, full and failing disks, kill -9."""

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from lacks import lacking

from storage import Transaction, meta, open_store
from storage.errors import Broken, Busy, Full, StorageError
from storage.sqlite import SqliteStore
from storage.sqlite import file as sqlite_file

pytestmark = pytest.mark.anyio


async def put(tx: Transaction, name: str, value: str = "") -> None:
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, :value)", name=name, value=value)


async def count(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) FROM meta WHERE name LIKE 'n%'")
    return int(row[0] or 0) if row else 0


async def test_units_that_wait_together_share_commits(sqlite_url: str) -> None:
    """REL-003: many callers, few commits; each is answered after its own."""
    commits = 0

    async def watch(tx: Transaction) -> None:
        def traced(statement: str) -> None:
            nonlocal commits
            commits += statement == "COMMIT"

        tx._connection.set_trace_callback(traced)  # type: ignore[attr-defined]

    async with open_store(sqlite_url) as store:
        await store.write(watch)
        await asyncio.gather(*[store.write(put, f"n{n}") for n in range(200)])
        assert await store.read(count) == 200
        assert commits <= 5


_HOLD_LOCK = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("COMMIT")
"""


@contextlib.contextmanager
def _lock_held(path: Path, seconds: float) -> Iterator[None]:
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLD_LOCK, str(path), str(seconds)], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    with process, process.stdout:
        assert process.stdout.readline() == b"held\n"
        yield
        process.kill()


async def test_a_write_waits_for_another_process(sqlite_url: str) -> None:
    """REL-029: a lock held for three seconds delays, and nothing else."""
    async with open_store(sqlite_url) as store:
        with _lock_held(Path(sqlite_url.removeprefix("sqlite:///")), 3):
            before = time.monotonic()
            await store.write(put, "n1")
            assert time.monotonic() - before > 2
        assert await store.read(count) == 1


async def test_a_write_does_not_wait_for_ever(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-029: after the time-out the caller hears Busy, reads go on, and the next write succeeds."""
    monkeypatch.setattr(sqlite_file, "BUSY_SECONDS", 0.3)
    async with open_store(sqlite_url) as store:
        with _lock_held(Path(sqlite_url.removeprefix("sqlite:///")), 30):
            with pytest.raises(Busy):
                await store.write(put, "n1")
            assert await store.read(count) == 0
        await store.write(put, "n2")
        assert await store.read(count) == 1


async def test_a_failed_sync_is_fatal(sqlite_url: str) -> None:
    """REL-004: nothing is written after it, because a second sync could succeed without the data."""

    async def fail(tx: Transaction) -> None:
        raise Broken("disk I/O error", "SQLITE_IOERR_FSYNC")

    async with open_store(sqlite_url) as store:
        await store.write(put, "n1")
        with pytest.raises(Broken):
            await store.write(fail)
        with pytest.raises(Broken, match="SQLITE_IOERR_FSYNC"):
            await store.write(put, "n2")
        assert await store.read(count) == 1


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    directory = tmp_path / "small"
    directory.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(directory)], capture_output=True
    )
    if mounted.returncode != 0:
        lacking(f"cannot mount a small file system: {mounted.stderr.decode().strip()}")
    yield directory
    subprocess.run(["umount", "-l", str(directory)], check=True)


async def test_a_full_disk_refuses_writes_until_there_is_room(small_disk: Path) -> None:
    """REL-028: what was confirmed stays, reads go on, and service resumes without a restart."""
    async with open_store(f"sqlite:///{small_disk}/test.db") as store:
        written = 0
        with contextlib.suppress(Full):
            for written in range(1_000):
                await store.write(put, f"n{written}", "x" * 20_000)
        assert await store.read(count) == written > 5
        with pytest.raises(Full):
            await store.write(put, "still full", "x" * 200_000)
        subprocess.run(["mount", "-o", "remount,size=8m", str(small_disk)], check=True)
        await store.write(put, f"n{written}", "x" * 20_000)
        assert await store.read(count) == written + 1

        async def check(tx: Transaction) -> object:
            return await tx.one("PRAGMA integrity_check")

        assert await store.read(check) == ("ok",)


async def test_commits_of_another_process_wake_those_who_listen(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store, open_store(sqlite_url) as other:
        with store.signals.listen("anything") as bell:
            await other.write(meta.put, "colour", "blue")
            assert await bell.wait(3)


async def test_own_commits_do_not_wake_everyone(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        await asyncio.sleep(0.6)
        with store.signals.listen("anything") as bell:
            await store.write(meta.put, "colour", "blue")
            assert not await bell.wait(1.2)


async def test_a_long_log_is_emptied(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-031."""
    monkeypatch.setattr("storage.sqlite.writer.WAL_BYTES_MAX", 100_000)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    log = path.with_name(path.name + "-wal")
    async with open_store(sqlite_url) as store:
        assert isinstance(store, SqliteStore)
        for n in range(20):
            await store.write(put, f"n{n}", "x" * 10_000)
        assert log.stat().st_size > 100_000
        await asyncio.sleep(1)
        assert log.stat().st_size == 0
        assert await store.read(count) == 20


async def test_closing_commits_what_still_waits(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        tasks = [asyncio.create_task(store.write(put, f"n{n}")) for n in range(300)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    with contextlib.closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as connection:
        assert connection.execute("SELECT count(*) FROM meta").fetchone() == (300,)


async def test_nobody_waits_for_an_answer_that_does_not_come(sqlite_url: str) -> None:
    """REL-003: whatever stops the writer, those who wait are told."""

    def fails() -> None:
        raise RuntimeError("an unforeseen mistake")

    async with open_store(sqlite_url) as store:
        assert isinstance(store, SqliteStore)
        store._writer.committed = fails
        writing = [asyncio.create_task(store.write(put, f"n{n}")) for n in range(300)]
        answers = await asyncio.gather(*writing, return_exceptions=True)
        assert len(answers) == 300
        assert all(isinstance(answer, StorageError) for answer in answers)
        store._writer.committed = lambda: None
        await store.write(put, "again")
