"""Copying a database while it serves."""

import asyncio
import os
import secrets
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from storage import Transaction, backup, jobs, meta, open_store
from storage.errors import Broken, StorageError

pytestmark = pytest.mark.anyio


@pytest.fixture
def postgres_urls(postgres_server: str) -> Iterator[tuple[str, str]]:
    """The addresses of two empty databases of their own, because pg_dump takes a whole one."""
    names = [f"test_{secrets.token_hex(8)}" for _ in range(2)]
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"CREATE DATABASE {name}")
        base = postgres_server.rpartition("/")[0]
        yield f"{base}/{names[0]}", f"{base}/{names[1]}"
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgres"])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Where to copy from and where to restore to."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/here/one.db", f"sqlite:///{tmp_path}/there/two.db"
    first, second = request.getfixturevalue("postgres_urls")
    return str(first), str(second)


async def put(tx: Transaction, name: str) -> None:
    await meta.put(tx, name, "x" * 500)
    await jobs.add(tx, "deliver", {"n": name}, now=1)


async def names(tx: Transaction) -> set[str]:
    return {str(row[0]) for row in await tx.all("SELECT name FROM meta WHERE name LIKE 'n%'")}


async def test_a_copy_made_under_load_has_everything_confirmed_before(
    urls: tuple[str, str], tmp_path: Path
) -> None:
    """REL-032: and what it would send waits for the operator."""
    source, target = urls
    copy = tmp_path / "copy"
    stop, under_way = asyncio.Event(), asyncio.Event()
    confirmed: set[str] = set()

    async def load() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            await store.write(put, f"n{number}")
            confirmed.add(f"n{number}")
            if number == 50:
                under_way.set()

    async with open_store(source, base_url="https://here.example") as store:
        loading = asyncio.create_task(load())
        await under_way.wait()
        before = set(confirmed)
        await backup.backup(store, copy)
        during = len(confirmed) - len(before)
        stop.set()
        await loading
    assert during > 0, "writing went on"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir() if "copy" in path.name] == ["copy"]

    await backup.restore(copy, target)
    async with open_store(target, base_url="https://here.example") as restored:
        present = await restored.read(names)
        assert before <= present <= confirmed
        assert (await restored.scan(jobs.counts))["deliver"].waiting == len(present)
        claim = {"now": 2, "owner": "me", "lease_us": 1, "limit": 1}
        assert await restored.write(jobs.claim, "deliver", **claim) == []
        await restored.write(jobs.resume, "deliver")
        assert len(await restored.write(jobs.claim, "deliver", **claim)) == 1


async def test_nothing_is_overwritten(sqlite_url: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    async with open_store(sqlite_url) as store:
        await backup.backup(store, copy)
        with pytest.raises(StorageError, match="exists already"):
            await backup.backup(store, copy)
    with pytest.raises(StorageError, match="exists already"):
        await backup.restore(copy, sqlite_url)


async def test_a_damaged_copy_is_refused(sqlite_url: str, tmp_path: Path) -> None:
    """REL-030, REL-032."""
    copy = tmp_path / "copy"
    async with open_store(sqlite_url) as store:
        for n in range(200):
            await store.write(put, f"n{n}")
        await backup.backup(store, copy)
    damaged = bytearray(copy.read_bytes())
    for page in range(10 * 4096, len(damaged), 4096):
        damaged[page : page + 200] = os.urandom(200)
    copy.write_bytes(damaged)
    with pytest.raises(Broken):
        await backup.restore(copy, f"sqlite:///{tmp_path}/new/test.db")
    assert not (tmp_path / "new" / "test.db").exists()


async def test_another_database_is_not_restored(tmp_path: Path) -> None:
    other = tmp_path / "other.db"
    connection = sqlite3.connect(other)
    connection.execute("CREATE TABLE t (a)")
    connection.close()
    with pytest.raises(StorageError, match="not a copy of a database of ours"):
        await backup.restore(other, f"sqlite:///{tmp_path}/new/test.db")


async def test_a_missing_copy_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="unable to open"):
        await backup.restore(tmp_path / "nothing", f"sqlite:///{tmp_path}/new/test.db")
    assert not (tmp_path / "nothing").exists()


async def test_a_full_place_is_not_restored_into(postgres_urls: tuple[str, str], tmp_path: Path) -> None:
    source, target = postgres_urls
    async with open_store(source) as store, open_store(target):
        await backup.backup(store, tmp_path / "copy")
    with pytest.raises(StorageError, match="pg_restore"):
        await backup.restore(tmp_path / "copy", target)


async def test_missing_programs_are_named(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    async with open_store(postgres_url) as store:
        with pytest.raises(StorageError, match="pg_dump is not installed"):
            await backup.backup(store, tmp_path / "copy")
    assert list(tmp_path.iterdir()) == []
