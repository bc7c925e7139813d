"""Short reads that share a snapshot."""

import asyncio
from pathlib import Path

import pytest

from storage import Transaction, meta, open_store
from storage.sqlite.readers import SHARED_SECONDS

pytestmark = pytest.mark.anyio


async def count(tx: Transaction) -> int:
    row = await tx.one("SELECT count(*) FROM meta WHERE name LIKE 'n%'")
    assert row is not None
    return int(row[0])  # type: ignore[arg-type]


async def put(tx: Transaction, name: str) -> None:
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, '')", name=name)


async def test_what_was_committed_here_is_read_at_once(sqlite_url: str) -> None:
    """REL-001: whoever was answered finds it, however short the time."""
    async with open_store(sqlite_url, alone=True) as store:
        for n in range(200):
            assert await store.peek(count) == n
            await store.write(put, f"n{n}")
            assert await store.read(count) == n + 1


async def test_what_another_process_committed_is_read_a_moment_later(sqlite_url: str) -> None:
    async with open_store(sqlite_url, alone=True) as store, open_store(sqlite_url) as other:
        for n in range(20):
            assert await store.peek(count) == n
            await other.write(put, f"n{n}")
            await asyncio.sleep(2 * SHARED_SECONDS)


async def test_what_is_asked_for_again_is_remembered_until_something_is_committed(sqlite_url: str) -> None:
    """REL-001: here at once, by another process a moment later; other arguments are another question."""
    asked: list[int] = []

    async def more_than(tx: Transaction, least: int) -> bool:
        asked.append(least)
        return await count(tx) > least

    async with open_store(sqlite_url, alone=True) as store, open_store(sqlite_url) as other:
        assert not await store.glance(more_than, 0)
        assert not await store.glance(more_than, 0)
        assert asked == [0]
        assert not await store.glance(more_than, 1)
        assert asked == [0, 1]
        await store.write(put, "n0")
        assert await store.glance(more_than, 0)
        assert not await store.glance(more_than, 1)
        await other.write(put, "n1")
        await asyncio.sleep(2 * SHARED_SECONDS)
        assert await store.glance(more_than, 1)
        assert await other.glance(more_than, 1)


async def test_what_is_not_there_is_not_remembered(sqlite_url: str) -> None:
    """SEC-049: whoever asks for one name after another that nothing has fills no memory with them."""
    asked: list[str] = []

    async def find(tx: Transaction, key: str) -> str | None:
        asked.append(key)
        return await meta.get(tx, key)

    async with open_store(sqlite_url, alone=True) as store:
        await store.write(put, "there")
        for _ in range(2):
            assert await store.glance(find, "there") is not None
            assert await store.glance(find, "not there") is None
        assert asked == ["there", "not there", "not there"]


async def test_a_snapshot_ends_when_nobody_reads(sqlite_url: str, tmp_path: Path) -> None:
    """REL-031: an idle reader keeps no log from being emptied."""
    async with open_store(sqlite_url, alone=True) as store:
        await store.peek(count)
        readers = store._readers  # type: ignore[attr-defined]
        assert readers._inline.in_transaction
        await asyncio.sleep(10 * SHARED_SECONDS)
        assert not readers._inline.in_transaction


async def test_after_a_failed_read_others_go_on(sqlite_url: str) -> None:
    async def fail(tx: Transaction) -> None:
        await tx.one("SELECT count(*) FROM meta")
        raise LookupError

    async with open_store(sqlite_url, alone=True) as store:
        with pytest.raises(LookupError):
            await store.read(fail)
        await store.write(put, "n0")
        assert await store.read(count) == 1


async def test_each_commit_makes_another_version(sqlite_url: str) -> None:
    async with open_store(sqlite_url, alone=True) as store, open_store(sqlite_url) as other:
        seen = {store.version()}
        for n in range(10):
            await store.write(put, f"n{n}")
            assert store.version() not in seen
            seen.add(store.version())
            await other.write(put, f"m{n}")
            await asyncio.sleep(2 * SHARED_SECONDS)
            assert store.version() not in seen
            seen.add(store.version())
        await asyncio.sleep(2 * SHARED_SECONDS)
        await store.peek(count)
        assert store.version() in seen


async def test_without_shared_snapshots_there_is_no_version(sqlite_url: str) -> None:
    async with open_store(sqlite_url) as store:
        assert store.version() is None
