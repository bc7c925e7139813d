"""A transaction on a plain ``sqlite3`` connection, and how a unit of work is run on it.

The methods are coroutines only to meet the port: none of them ever suspends.
"""

import sqlite3
import time
from collections.abc import Awaitable, Iterable, Mapping
from typing import TypeVar

from storage.connection import Row, Value
from storage.sqlite.faults import fault

T = TypeVar("T")

STEPS_BETWEEN_LOOKS = 100_000
"""After so many steps of SQLite's machine, some milliseconds, it is seen whether a limit has passed."""


class SqliteTransaction:
    """What one unit of work sees of the database."""

    engine = "sqlite"

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self.topics: set[str] = set()

    async def all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run a statement and return every row."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as error:
            raise fault(error) from error

    async def one(self, sql: str, /, **parameters: Value) -> Row | None:
        """Run a statement and return its first row, or None."""
        try:
            cursor = self._connection.execute(sql, parameters)
            row: Row | None = cursor.fetchone()
            cursor.close()
        except sqlite3.Error as error:
            raise fault(error) from error
        return row

    async def run(self, sql: str, /, **parameters: Value) -> int:
        """Run a statement and return how many rows it changed."""
        try:
            changed = self._connection.execute(sql, parameters).rowcount
            if changed < 0:  # the driver does not count for statements that begin with WITH
                (changed,) = self._connection.execute("SELECT changes()").fetchone()
        except sqlite3.Error as error:
            raise fault(error) from error
        return changed

    async def many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> int:
        """Run one statement once for each row of parameters and return how many rows that changed."""
        try:
            return max(0, self._connection.executemany(sql, rows).rowcount)
        except sqlite3.Error as error:
            raise fault(error) from error

    async def limit(self, seconds: float) -> None:
        """Interrupt what takes longer; the limit is one of all that follows together."""
        end = time.monotonic() + seconds
        self._connection.set_progress_handler(lambda: time.monotonic() > end, STEPS_BETWEEN_LOOKS)

    def wake(self, *topics: str) -> None:
        """Wake, after the commit, those who wait for these topics."""
        self.topics.update(topics)


def drive(unit: Awaitable[T], name: str) -> T:
    """Run a unit of work to its end; it must await nothing but its transaction (REL-024)."""
    steps = unit.__await__()
    try:
        steps.send(None)
    except StopIteration as finished:
        result: T = finished.value
        return result
    steps.close()
    raise RuntimeError(f"the unit of work {name} awaited something other than its transaction")
