"""Several units in one commit."""

import asyncio
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest

from storage import Transaction
from storage.errors import Broken, Conflict, Full
from storage.sqlite.batch import Unit, commit_together


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    opened = sqlite3.connect(":memory:", isolation_level=None)
    opened.execute("CREATE TABLE numbers (n INTEGER PRIMARY KEY)")
    yield opened
    opened.close()


def _unit(work: Any, loop: asyncio.AbstractEventLoop) -> Unit:
    return Unit(work, "unit", loop.create_future())


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def _numbers(connection: sqlite3.Connection) -> list[int]:
    return [row[0] for row in connection.execute("SELECT n FROM numbers ORDER BY n")]


def _insert(*numbers: int, then: BaseException | None = None) -> Any:
    async def work(tx: Transaction) -> None:
        for number in numbers:
            await tx.run("INSERT INTO numbers VALUES (:n)", n=number)
        tx.wake("inserted")
        if then is not None:
            raise then

    return work


def test_a_batch_is_one_transaction(connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop) -> None:
    """REL-003."""
    statements: list[str] = []
    connection.set_trace_callback(statements.append)
    commit_together([_unit(_insert(n), loop) for n in range(5)], connection)
    assert [s for s in statements if s in ("BEGIN IMMEDIATE", "COMMIT")] == ["BEGIN IMMEDIATE", "COMMIT"]
    assert _numbers(connection) == [0, 1, 2, 3, 4]


def test_a_failing_unit_is_undone_alone(
    connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop
) -> None:
    units = [
        _unit(_insert(1), loop),
        _unit(_insert(2, 3, then=LookupError()), loop),
        _unit(_insert(4, 1), loop),
        _unit(_insert(5), loop),
    ]
    commit_together(units, connection)
    assert [type(unit.error) for unit in units] == [type(None), LookupError, Conflict, type(None)]
    assert [unit.topics for unit in units] == [{"inserted"}, set(), set(), {"inserted"}]
    assert _numbers(connection) == [1, 5]


def test_a_unit_that_awaits_something_else_is_named(
    connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop
) -> None:
    """REL-024: nothing but the transaction may be awaited inside of it."""

    async def work(tx: Transaction) -> None:
        await tx.run("INSERT INTO numbers VALUES (1)")
        await asyncio.sleep(0)

    units = [_unit(work, loop), _unit(_insert(2), loop)]
    commit_together(units, connection)
    assert isinstance(units[0].error, RuntimeError)
    assert "the unit of work unit awaited something other" in str(units[0].error)
    assert _numbers(connection) == [2]


class _Failing:
    """A connection on which one statement fails as a disk would make it."""

    def __init__(self, connection: sqlite3.Connection, statement: str, code: int, name: str) -> None:
        self._connection = connection
        self._statement = statement
        self._code, self._name = code, name

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql.startswith(self._statement):
            error = sqlite3.OperationalError(self._name)
            error.sqlite_errorcode, error.sqlite_errorname = self._code, self._name
            raise error
        return self._connection.execute(sql, *parameters)

    @property
    def in_transaction(self) -> bool:
        return self._connection.in_transaction


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        (sqlite3.SQLITE_FULL, "SQLITE_FULL", Full),
        (sqlite3.SQLITE_IOERR_FSYNC, "SQLITE_IOERR_FSYNC", Broken),
        (sqlite3.SQLITE_CORRUPT, "SQLITE_CORRUPT", Broken),
    ],
)
def test_a_failed_commit_fails_every_unit(
    connection: sqlite3.Connection,
    loop: asyncio.AbstractEventLoop,
    code: int,
    name: str,
    expected: type[Exception],
) -> None:
    """REL-001, REL-004: nobody hears of success, and nothing stays half done."""
    units = [_unit(_insert(1), loop), _unit(_insert(2, then=LookupError()), loop)]
    commit_together(units, _Failing(connection, "COMMIT", code, name))  # type: ignore[arg-type]
    assert [type(unit.error) for unit in units] == [expected, LookupError]
    assert units[0].topics == set()
    assert not connection.in_transaction
    assert _numbers(connection) == []


def test_a_disk_that_fills_inside_a_unit_fails_those_that_were_undone_with_it(
    connection: sqlite3.Connection, loop: asyncio.AbstractEventLoop
) -> None:
    """SQLite may answer a full disk by undoing the whole transaction."""

    async def fill(tx: Transaction) -> None:
        connection.execute("ROLLBACK")
        raise Full("no room")

    units = [_unit(_insert(1), loop), _unit(fill, loop), _unit(_insert(3), loop)]
    commit_together(units, connection)
    assert [type(unit.error) for unit in units] == [Full, Full, Full]
    assert _numbers(connection) == []
