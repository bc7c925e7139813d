"""Several units of work in one commit (REL-003).

Each unit runs in a savepoint of its own, so what one of them raises undoes that unit alone. Everything
here runs on the database's thread.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from storage.connection import Transaction
from storage.errors import Broken, Full
from storage.sqlite.faults import fault
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


def commit_together(units: Sequence[Unit], connection: sqlite3.Connection) -> None:
    """Run the units and commit those that succeed; when the commit fails, they all fail with it."""
    try:
        connection.execute("BEGIN IMMEDIATE")
        for unit in units:
            connection.execute("SAVEPOINT unit")
            unit.run(connection)
            if unit.error is not None:
                # SQLite answers some errors (disk full, I/O) by undoing the whole transaction; then there
                # is no savepoint left, this statement fails, and so does the whole batch.
                connection.execute("ROLLBACK TO unit")
            connection.execute("RELEASE unit")
        connection.execute("COMMIT")
    except sqlite3.Error as error:
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
