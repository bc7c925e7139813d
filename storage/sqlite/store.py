"""A store in an SQLite file."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from storage.connection import Transaction
from storage.errors import Broken
from storage.signals import Signals
from storage.sqlite.copying import copy
from storage.sqlite.faults import fault
from storage.sqlite.file import prepare
from storage.sqlite.readers import Readers
from storage.sqlite.writer import Writer

P = ParamSpec("P")
T = TypeVar("T")

LOOK_ROUND_SECONDS = 0.5
GLANCES_MAX = 10_000
"""So many answers of one state of the file are remembered."""

_log = logging.getLogger(__name__)


class SqliteStore:
    """Meets ``storage.connection.Store`` with a file, one writer and several readers."""

    engine = "sqlite"

    def __init__(self, path: Path, writer: Writer, readers: Readers, signals: Signals) -> None:
        self.path = path
        self.signals = signals
        self._writer = writer
        self._readers = readers
        self._glanced: dict[Hashable, Any] = {}
        self._glanced_at = -1

    async def write(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work on the one connection that writes and return after its commit."""
        return await self._writer.write(lambda tx: work(tx, *args, **kwargs), _name(work))

    async def read(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a short unit of work that only reads, without leaving the event loop's thread."""
        try:
            return self._readers.read(lambda tx: work(tx, *args, **kwargs), _name(work))
        except Broken as damage:
            self._writer.refuse(damage)
            raise

    async def peek(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one reading statement, without leaving the event loop's thread."""
        try:
            return self._readers.peek(lambda tx: work(tx, *args, **kwargs), _name(work))
        except Broken as damage:
            self._writer.refuse(damage)
            raise

    async def glance(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one reading statement, or remember what it returned from this very state of the file."""
        version = self._readers.version()
        if version is None:
            return await self.peek(work, *args, **kwargs)
        if version != self._glanced_at or len(self._glanced) > GLANCES_MAX:
            self._glanced, self._glanced_at = {}, version
        key = (work, args, *kwargs.items())
        if key in self._glanced:
            known: T = self._glanced[key]
            return known
        found = await self.peek(work, *args, **kwargs)
        if found is not None:  # of names that nothing has there is no end
            self._glanced[key] = found
        return found

    async def scan(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work that only reads and may take long, on a thread of its own."""
        try:
            return await self._readers.scan(lambda tx: work(tx, *args, **kwargs), _name(work))
        except Broken as damage:
            self._writer.refuse(damage)
            raise

    def version(self) -> int | None:
        """Return the number of the state that a read sees now."""
        return self._readers.version()

    async def copy_to(self, path: Path) -> None:
        """Copy the database as of now into a new file, and check the copy (REL-032)."""
        await asyncio.to_thread(copy, self.path, path)

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(
        cls, path: Path, durability: str, *, share: bool = False
    ) -> "AsyncIterator[SqliteStore]":
        """Open a store, and close it when it is no longer needed; with ``share`` short reads share snapshots."""
        prepare(path)
        signals = Signals()
        writer = Writer(path, durability, signals)
        async with contextlib.AsyncExitStack() as closing:
            try:
                await writer.open()
                closing.push_async_callback(writer.close)
                readers = Readers(path, share=share)
                closing.push_async_callback(readers.close)
                # What still waits is committed while there are readers to tell of it.
                closing.push_async_callback(writer.finish)
                writer.committed = readers.renew
            except sqlite3.Error as error:
                raise fault(error) from error
            store = cls(path, writer, readers, signals)
            closing.push_async_callback(_stop, asyncio.create_task(store._look_round()))
            yield store

    async def _look_round(self) -> None:
        """Notice the commits of other processes, and keep the log short."""
        while True:
            await asyncio.sleep(LOOK_ROUND_SECONDS)
            try:
                if await self._writer.others_committed():
                    self.signals.ring_all()
                await self._writer.shorten_log()
            except (sqlite3.Error, OSError):
                _log.exception("cannot look after %s", self.path)


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _name(work: Callable[..., object]) -> str:
    return getattr(work, "__qualname__", None) or repr(work)
