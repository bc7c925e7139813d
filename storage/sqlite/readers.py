"""Those who read: one connection on the event loop's own thread, a few on threads of their own.

A short indexed read takes less time than handing it to another thread, so it runs where it is asked
for. Anything long goes to a thread. Each unit sees one snapshot.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from storage.connection import Transaction
from storage.sqlite.faults import fault
from storage.sqlite.file import connect_reader
from storage.sqlite.thread import DatabaseThread
from storage.sqlite.transaction import SqliteTransaction, drive

T = TypeVar("T")

SCANNERS = 2


class Readers:
    """Connections that cannot write."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._inline = connect_reader(path)
        self._scanners: list[DatabaseThread] = []
        self._idle: asyncio.Queue[DatabaseThread] = asyncio.Queue()

    async def close(self) -> None:
        """Disconnect them all."""
        for scanner in self._scanners:
            await scanner.close()
        self._inline.close()

    def read(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Run a short unit of work here and now."""
        return _read(self._inline, work, name)

    def peek(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Run one statement here and now; it is a snapshot by itself."""
        return drive(work(SqliteTransaction(self._inline)), name)

    async def scan(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Run a unit of work on a thread of its own."""
        scanner = await self._take()
        try:
            return await scanner.run(lambda connection: _read(connection, work, name))
        finally:
            self._idle.put_nowait(scanner)

    async def _take(self) -> DatabaseThread:
        if self._idle.empty() and len(self._scanners) < SCANNERS:
            scanner = DatabaseThread(lambda: connect_reader(self._path))
            self._scanners.append(scanner)
            await scanner.open()
            return scanner
        return await self._idle.get()


def _read(connection: sqlite3.Connection, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
    try:
        connection.execute("BEGIN")
    except sqlite3.Error as error:
        raise fault(error) from error
    try:
        return drive(work(SqliteTransaction(connection)), name)
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
