"""What every store promises (storage/connection.py)."""

import asyncio

import pytest

from storage import Store, Transaction, open_store
from storage.errors import Conflict, StorageError

pytestmark = pytest.mark.anyio


async def put(tx: Transaction, name: str, value: str = "x") -> str:
    await tx.run("INSERT INTO meta (name, value) VALUES (:name, :value)", name=name, value=value)
    return name


async def names(tx: Transaction) -> list[str]:
    rows = await tx.all("SELECT name FROM meta WHERE name LIKE 'n%' ORDER BY name")
    return [str(row[0]) for row in rows]


async def test_a_unit_returns_its_result_after_the_commit(store: Store) -> None:
    assert await store.write(put, "n1", value="y") == "n1"
    assert await store.read(names) == ["n1"]
    assert await store.scan(names) == ["n1"]


async def test_what_a_unit_raises_undoes_it_and_reaches_the_caller(store: Store) -> None:
    async def fail(tx: Transaction) -> None:
        await put(tx, "n1")
        raise LookupError("no")

    with pytest.raises(LookupError, match="no"):
        await store.write(fail)
    assert await store.read(names) == []


async def test_a_failing_unit_fails_alone(store: Store) -> None:
    """REL-003: those that share its commit do not suffer from it."""

    async def fail(tx: Transaction, name: str) -> None:
        await put(tx, name)
        raise LookupError(name)

    units = [store.write(fail if n % 3 == 0 else put, f"n{n:02}") for n in range(20)]
    outcomes = await asyncio.gather(*units, return_exceptions=True)
    assert [isinstance(outcome, LookupError) for outcome in outcomes] == [n % 3 == 0 for n in range(20)]
    assert await store.read(names) == [f"n{n:02}" for n in range(20) if n % 3]


async def test_breaking_a_uniqueness_rule_is_a_conflict(store: Store) -> None:
    await store.write(put, "n1")
    with pytest.raises(Conflict):
        await store.write(put, "n1")


async def test_breaking_another_rule_is_a_storage_error(store: Store) -> None:
    async def dangle(tx: Transaction) -> None:
        await tx.run("INSERT INTO members (actor, created) VALUES (5, 1)")

    with pytest.raises(StorageError) as refused:
        await store.write(dangle)
    assert type(refused.value) is StorageError


async def test_of_fifty_identical_writes_one_succeeds(store: Store) -> None:
    """SEC-122."""
    outcomes = await asyncio.gather(*[store.write(put, "n1") for _ in range(50)], return_exceptions=True)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Conflict"] * 49 + ["str"]


async def test_counting_together_loses_nothing(store: Store) -> None:
    """SEC-122."""

    async def count(tx: Transaction) -> None:
        await tx.run("UPDATE meta SET value = CAST(CAST(value AS integer) + 1 AS text) WHERE name = 'n'")

    await store.write(put, "n", value="0")
    await asyncio.gather(*[store.write(count) for _ in range(60)])

    async def value(tx: Transaction) -> object:
        return await tx.one("SELECT value FROM meta WHERE name = 'n'")

    assert await store.read(value) == ("60",)


@pytest.mark.parametrize("how", ["read", "scan"])
async def test_a_reader_cannot_write(store: Store, how: str) -> None:
    with pytest.raises(StorageError):
        await getattr(store, how)(put, "n1")
    assert await store.read(names) == []
    assert await store.write(put, "n2") == "n2"


async def test_a_reader_sees_one_moment(store: Store) -> None:
    """REL-022 needs counts of one snapshot."""
    reading, written = asyncio.Event(), asyncio.Event()

    async def twice(tx: Transaction) -> tuple[list[str], list[str]]:
        first = await names(tx)
        if store.engine == "postgres":
            reading.set()
            await written.wait()
        return first, await names(tx)

    async def write_between() -> None:
        if store.engine == "postgres":
            await reading.wait()
        await store.write(put, "n1")
        written.set()

    (first, second), _ = await asyncio.gather(store.scan(twice), write_between())
    assert first == second


async def test_a_commit_wakes_those_who_listen(store: Store) -> None:
    async def ring(tx: Transaction, *, fail: bool) -> None:
        tx.wake("bell", "other")
        if fail:
            raise LookupError

    with store.signals.listen("bell") as bell:
        with pytest.raises(LookupError):
            await store.write(ring, fail=True)
        assert not await bell.wait(0.05)
        await store.write(ring, fail=False)
        assert await bell.wait(1)
        assert not await bell.wait(0.05)


async def test_a_caller_that_stops_waiting_does_not_stop_the_others(store: Store) -> None:
    tasks = [asyncio.create_task(store.write(put, f"n{n}")) for n in range(5)]
    await asyncio.sleep(0)
    tasks[2].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [str, str, asyncio.CancelledError, str, str]
    assert {"n0", "n1", "n3", "n4"} <= set(await store.read(names))


async def test_a_closed_store_says_so(url: str) -> None:
    async with open_store(url) as store:
        pass
    with pytest.raises(StorageError, match="closed"):
        await store.write(put, "n1")


async def test_statements_report_what_they_did(store: Store) -> None:
    async def work(tx: Transaction) -> list[object]:
        inserted = await tx.many(
            "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
            ({"name": f"n{n % 3}", "value": str(n)} for n in range(4)),
        )
        changed = await tx.run("UPDATE meta SET value = 'z' WHERE name LIKE 'n%'")
        with_changed = await tx.run(
            "WITH chosen AS (SELECT 'n1' AS name) DELETE FROM meta WHERE name IN (SELECT name FROM chosen)"
        )
        returned = await tx.one("INSERT INTO meta VALUES ('n9', 'v') RETURNING value")
        missing = await tx.one("SELECT 1 FROM meta WHERE name = :name", name="n8")
        nothing = await tx.many("DELETE FROM meta WHERE name = :name", [])
        return [inserted, changed, with_changed, returned, missing, nothing, await names(tx)]

    assert await store.write(work) == [3, 3, 1, ("v",), None, 0, ["n0", "n2", "n9"]]


async def test_values_come_back_as_they_were(store: Store) -> None:
    async def work(tx: Transaction) -> object:
        await tx.run(
            "INSERT INTO hosts (host, signature, failures, seen) VALUES (:host, :signature, :failures, :seen)",
            host="100%:name's “x”", signature=None, failures=0, seen=2**62,
        )  # fmt: skip
        return await tx.one("SELECT host, signature, failures, seen FROM hosts WHERE host LIKE '100%:n%'")

    assert await store.write(work) == ("100%:name's “x”", None, 0, 2**62)
