"""What is particular to PostgreSQL: several processes, lost races, broken connections."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from storage import Transaction, open_store
from storage.errors import Broken, Busy, Conflict, StorageError, Unreachable
from storage.postgres import bells
from storage.postgres.bells import PAYLOAD_BYTES_MAX, pack
from storage.signals import Signals

pytestmark = pytest.mark.anyio


async def put(tx: Transaction, name: str) -> None:
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, 'x')", name=name)


async def test_a_commit_wakes_those_who_listen_elsewhere(postgres_url: str) -> None:
    """REL-038."""

    async def ring(tx: Transaction) -> None:
        await put(tx, "n1")
        tx.wake("bell")

    async with open_store(postgres_url) as store, open_store(postgres_url) as other:
        await asyncio.sleep(0.2)
        with other.signals.listen("bell") as bell, other.signals.listen("another") as silent:
            await store.write(ring)
            assert await bell.wait(3)
            assert not await silent.wait(0.1)


class _Deaf:
    """A pool that loses a cancellation while it takes its connection back, as psycopg's may."""

    def __init__(self) -> None:
        self.held = asyncio.Event()

    @contextlib.asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        yield self
        self.held.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    async def execute(self, *_: object) -> None:
        """Do nothing."""


async def test_a_store_closes_although_a_cancellation_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """REL-026."""
    monkeypatch.setattr(bells, "CANCEL_AGAIN_SECONDS", 0.05)
    pool: Any = _Deaf()
    bell = bells.Bells("host=127.0.0.1 port=1", pool, Signals())
    async with asyncio.timeout(10), bell.hung():
        bell.ring(["x"])
        await pool.held.wait()


def test_many_topics_fit_into_notifications() -> None:
    topics = {f"{n}" * 50 for n in range(1_000)}
    payloads = pack("me", topics)
    assert all(len(payload.encode()) <= PAYLOAD_BYTES_MAX for payload in payloads)
    assert {topic for payload in payloads for topic in payload.split("\n")[1:]} == topics
    assert {payload.split("\n")[0] for payload in payloads} == {"me"}


async def test_who_loses_a_race_is_run_again_and_sees_who_won(postgres_url: str) -> None:
    """REL-038, SEC-122: look first, then insert, from two sides at once."""
    looked = asyncio.Barrier(2)
    runs = 0

    async def once(tx: Transaction) -> str:
        nonlocal runs
        runs += 1
        if await tx.one("SELECT 1 FROM meta WHERE name = 'n1'"):
            return "found"
        if runs <= 2:
            await looked.wait()
        await put(tx, "n1")
        return "made"

    async with open_store(postgres_url) as store:
        assert sorted(await asyncio.gather(store.write(once), store.write(once))) == ["found", "made"]
        assert runs == 3


async def test_a_deadlock_is_undone_and_run_again(postgres_url: str) -> None:
    """REL-038."""
    both = asyncio.Barrier(2)
    runs = 0

    async def cross(tx: Transaction, first: str, second: str) -> None:
        nonlocal runs
        runs += 1
        await tx.run("UPDATE meta SET value = value || :by WHERE name = :name", name=first, by=first)
        if runs <= 2:
            await both.wait()
        await tx.run("UPDATE meta SET value = value || :by WHERE name = :name", name=second, by=first)

    async with open_store(postgres_url) as store:
        await store.write(put, "a")
        await store.write(put, "b")
        await asyncio.gather(store.write(cross, "a", "b"), store.write(cross, "b", "a"))

        async def values(tx: Transaction) -> list[Any]:
            return [
                sorted(str(row[0])) for row in await tx.all("SELECT value FROM meta WHERE name IN ('a', 'b')")
            ]

        assert await store.read(values) == [["a", "b", "x"]] * 2
        assert runs == 3


async def test_a_swallowed_error_is_not_taken_for_success(postgres_url: str) -> None:
    """REL-001: the server would answer the commit with a rollback."""

    async def swallow(tx: Transaction) -> None:
        await put(tx, "n1")
        try:
            await put(tx, "n1")
        except Conflict:
            return

    async with open_store(postgres_url) as store:
        with pytest.raises(StorageError, match="went on after an error"):
            await store.write(swallow)


async def test_a_broken_connection_before_the_commit_is_replaced(postgres_url: str) -> None:
    """A server that was restarted does not cost a request."""
    runs = 0

    async def interrupted(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        row = await tx.one("SELECT pg_backend_pid()")
        if runs == 1 and row:
            await asyncio.to_thread(_terminate, postgres_url, row[0])
        await put(tx, "n1")

    async with open_store(postgres_url) as store:
        await store.write(interrupted)
        assert runs == 2


async def test_a_connection_that_breaks_during_the_commit_leaves_the_outcome_unknown(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-010: never done twice on our own account."""
    runs = 0

    async def work(tx: Transaction) -> None:
        nonlocal runs
        runs += 1
        await put(tx, "n1")

    async def broken(self: Any, *args: Any) -> Any:
        raise psycopg.OperationalError("the connection is lost")

    async with open_store(postgres_url) as store:
        with monkeypatch.context() as patched:
            patched.setattr("psycopg.transaction.AsyncTransaction.__aexit__", broken)
            with pytest.raises(Unreachable):
                await store.write(work)
        assert runs == 1


async def test_after_damage_nothing_more_is_written(postgres_url: str) -> None:
    """REL-030: the error that the server gives for a damaged page, here raised on purpose."""

    async def meet_damage(tx: Transaction) -> None:
        await tx.run("DO $$ BEGIN RAISE EXCEPTION 'invalid page in block 1' USING ERRCODE = 'XX001'; END $$")

    async with open_store(postgres_url) as store:
        for work in (meet_damage, put):
            with pytest.raises(Broken, match="invalid page"):
                await store.write(work, *(["n1"] if work is put else []))
    async with open_store(postgres_url) as store:
        await store.write(put, "n1")


async def test_a_lock_held_too_long_is_busy(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.postgres.pool.LOCK_WAIT_MILLISECONDS", 400)
    monkeypatch.setattr("storage.postgres.store.TRIES", {Busy: 2})

    async def change(tx: Transaction) -> None:
        await tx.run("UPDATE meta SET value = 'y' WHERE name = 'n1'")

    async with open_store(postgres_url) as store:
        await store.write(put, "n1")
        async with await psycopg.AsyncConnection.connect(postgres_url) as other:
            await other.execute("SELECT 1 FROM meta FOR UPDATE")
            with pytest.raises(Busy):
                await store.write(change)
        await store.write(change)


def _terminate(url: str, pid: Any) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(%s)", (pid,))


async def test_reading_leaves_statements_prepared(postgres_url: str) -> None:
    """What is read again and again is not planned again and again."""
    statement = "SELECT name FROM meta WHERE name = :name AND value <> 'no such value'"

    async def look(tx: Transaction) -> None:
        await tx.all(statement, name="n1")

    async def prepared(tx: Transaction) -> list[Any]:
        return await tx.all("SELECT statement FROM pg_prepared_statements")

    async with open_store(postgres_url) as store:
        for _ in range(10):
            await store.read(look)
        assert any("no such value" in text for (text,) in await store.read(prepared))
