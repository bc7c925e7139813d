"""Those who read: one connection on the event loop's own thread, a few on threads of their own.

A short indexed read takes less time than handing it to another thread, so it runs where it is asked
for. Anything long goes to a thread. Each unit sees one snapshot.

To begin and to end a snapshot takes several calls of the operating system, which can be most of what a read costs.
So short reads of one millisecond may share one: what this process commits ends it at once, what another process
commits is seen that much later.
"""

import asyncio
import sqlite3
import time
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
SHARED_SECONDS = 0.001
"""How old a snapshot may be that is shared."""


class Readers:
    """Connections that cannot write."""

    def __init__(self, path: Path, *, share: bool) -> None:
        self._path = path
        self._share = share
        self._inline = connect_reader(path)
        self._begun = 0.0
        self._version = 0
        self._closed = False
        self._scanners: list[DatabaseThread] = []
        self._idle: asyncio.Queue[DatabaseThread] = asyncio.Queue()

    async def close(self) -> None:
        """Disconnect them all."""
        self._closed = True
        for scanner in self._scanners:
            await scanner.close()
        self._inline.close()

    def read(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Run a short unit of work here and now."""
        return self._shared(work, name) if self._share else _read(self._inline, work, name)

    def peek(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Run one statement here and now; it is a snapshot by itself."""
        return self._shared(work, name) if self._share else drive(work(SqliteTransaction(self._inline)), name)

    def renew(self) -> None:
        """End the snapshot that is shared: there is something newer."""
        if self._inline.in_transaction:
            self._inline.execute("ROLLBACK")

    def version(self) -> int | None:
        """Return the number of the snapshot that is shared; None where none is."""
        if not self._share:
            return None
        self._snapshot()
        return self._version

    def _snapshot(self) -> None:
        """Have a snapshot that may be shared."""
        now = time.perf_counter()
        if now - self._begun > SHARED_SECONDS:
            self.renew()
        if not self._inline.in_transaction:
            self._begin(now)

    def _shared(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        self._snapshot()
        try:
            return drive(work(SqliteTransaction(self._inline)), name)
        except BaseException:
            self.renew()
            raise

    def _begin(self, now: float) -> None:
        """Begin a snapshot, which ends by itself when nobody asks for another one."""
        try:
            self._inline.execute("BEGIN")
            (self._version,) = self._inline.execute("PRAGMA data_version").fetchone()
        except sqlite3.Error as error:
            raise fault(error) from error
        self._begun = now
        asyncio.get_running_loop().call_later(2 * SHARED_SECONDS, self._end)

    def _end(self) -> None:
        """End the snapshot if it is the one that was to end now."""
        if time.perf_counter() - self._begun >= SHARED_SECONDS and not self._closed:
            self.renew()

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
        connection.set_progress_handler(None, 0)
        if connection.in_transaction:
            connection.execute("ROLLBACK")
