"""Several units of work in one commit (REL-003).

Each unit runs in a savepoint of its own, so what one of them raises undoes that unit alone.
"""

import asyncio
import contextlib
import sqlite3
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from storage.connection import Transaction
from storage.errors import Broken, Full
from storage.sqlite.faults import fault
from storage.sqlite.file import BUSY_SECONDS
from storage.sqlite.transaction import SqliteTransaction, drive


class Unit:
    """A unit of work on its way, and what became of it."""

    __slots__ = ("answer", "error", "name", "result", "topics", "work")

    def __init__(
        self, work: Callable[[Transaction], Awaitable[Any]], name: str, answer: asyncio.Future[Any]
    ) -> None:
        self.work = work
        self.name = name
        self.answer = answer
        self.topics: set[str] = set()
        self.result: Any = None
        self.error: BaseException | None = None

    def run(self, connection: sqlite3.Connection) -> None:
        """Do the work, keeping its result or its error."""
        transaction = SqliteTransaction(connection)
        try:
            self.result = drive(self.work(transaction), self.name)
            self.topics = transaction.topics
        except BaseException as error:
            self.error = error


def begin_at_once(connection: sqlite3.Connection) -> bool:
    """Begin to write if nobody else is writing; False, without waiting, when somebody is."""
    connection.execute("PRAGMA busy_timeout = 0")
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False  # whatever it is, whoever waits for the lock meets it again
    finally:
        connection.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1_000:.0f}")
    return True


def run_some(units: Sequence[Unit], connection: sqlite3.Connection, *, seconds_max: float) -> int:
    """Run units in the transaction that was begun, for so long at the most; return how many were run.

    Only a unit that has run to its end is followed by a look at the time: one is always run.
    """
    begun = time.perf_counter()
    for count, unit in enumerate(units, 1):
        try:
            _run_apart(unit, connection)
        except sqlite3.Error as error:
            _give_up(units, connection, error)
            return len(units)
        if time.perf_counter() - begun > seconds_max:
            return count
    return len(units)


def commit(units: Sequence[Unit], connection: sqlite3.Connection) -> None:
    """Commit what units have done; when that fails, they all fail with it."""
    if not connection.in_transaction:
        return
    try:
        connection.execute("COMMIT")
    except sqlite3.Error as error:
        _give_up(units, connection, error)


def commit_together(units: Sequence[Unit], connection: sqlite3.Connection) -> None:
    """Wait for the right to write, run the units and commit those that succeed."""
    try:
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        _give_up(units, connection, error)
        return
    run_some(units, connection, seconds_max=float("inf"))
    commit(units, connection)


def _run_apart(unit: Unit, connection: sqlite3.Connection) -> None:
    connection.execute("SAVEPOINT unit")
    unit.run(connection)
    if unit.error is not None:
        # SQLite answers some errors (disk full, I/O) by undoing the whole transaction; then there
        # is no savepoint left, this statement fails, and so does the whole batch.
        connection.execute("ROLLBACK TO unit")
    connection.execute("RELEASE unit")


def _give_up(units: Sequence[Unit], connection: sqlite3.Connection, error: sqlite3.Error) -> None:
    _fail_all(units, fault(error))
    with contextlib.suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _fail_all(units: Sequence[Unit], reason: Exception) -> None:
    cause = next((unit.error for unit in units if isinstance(unit.error, Broken | Full)), reason)
    for unit in units:
        if unit.error is None:
            unit.error = type(cause)(*cause.args)
            unit.topics = set()
