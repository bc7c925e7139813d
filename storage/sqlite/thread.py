"""A connection on a thread of its own, to which whole functions are sent."""

import asyncio
import sqlite3
from collections.abc import Callable
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")


class DatabaseThread:
    """One aiosqlite connection and its thread."""

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connection = aiosqlite.Connection(connect, iter_chunk_size=64)

    async def open(self) -> None:
        """Start the thread and connect."""
        try:
            await self._connection
        except BaseException:
            # aiosqlite tells its thread to end, but does not wait for it.
            connection: Any = self._connection
            await asyncio.to_thread(connection._thread.join)
            raise

    async def close(self) -> None:
        """Disconnect, once everything sent before has run."""
        await self._connection.close()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection itself, for whoever knows that nothing runs on the thread."""
        connection: Any = self._connection
        raw: sqlite3.Connection = connection._conn
        return raw

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """Run a function on the thread and return its result."""
        # aiosqlite offers one hop per statement; one hop for many statements is what makes the
        # difference here, so its private method is used and its version is bounded in pyproject.toml.
        connection: Any = self._connection
        result: T = await connection._execute(lambda: function(connection._conn))
        return result
