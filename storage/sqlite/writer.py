"""The one who writes: collects waiting units of work and has them committed together.

While one batch is being committed the next one gathers, so the busier the server, the more
units share a commit and its sync, and an idle server answers at once (REL-003, REL-029).
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from storage.connection import Transaction
from storage.errors import Broken, StorageError
from storage.signals import Signals
from storage.sqlite.batch import Unit, begin_at_once, commit, commit_together, run_some
from storage.sqlite.file import WAL_BYTES_MAX, connect_writer
from storage.sqlite.thread import DatabaseThread

T = TypeVar("T")

_log = logging.getLogger(__name__)

UNITS_PER_COMMIT_MAX = 128
LOOP_SECONDS_MAX = 0.01
"""How long units may keep the event loop before the loop has its turn again."""
CHECKPOINT_WAIT_MILLISECONDS = 100


class Writer:
    """The only connection that changes the file."""

    def __init__(self, path: Path, durability: str, signals: Signals) -> None:
        self._wal = path.with_name(path.name + "-wal")
        self._thread = DatabaseThread(lambda: connect_writer(path, durability))
        self._signals = signals
        self._pending: deque[Unit] = deque()
        self._shipping: asyncio.Task[None] | None = None
        self._broken: tuple[object, ...] | None = None
        self._turn = asyncio.Lock()
        self._closed = False
        self._seen = 0
        self.committed: Callable[[], None] = lambda: None
        """Called after each commit, before anyone is answered."""

    async def open(self) -> None:
        """Start the thread and connect."""
        await self._thread.open()
        self._seen = await self._thread.run(_data_version)

    async def finish(self) -> None:
        """Take nothing more, and commit what is still waiting."""
        self._closed = True
        while self._shipping is not None:
            await asyncio.wait([self._shipping])

    async def close(self) -> None:
        """Commit what is still waiting, then disconnect."""
        await self.finish()
        await self._thread.close()

    async def write(self, work: Callable[[Transaction], Awaitable[T]], name: str) -> T:
        """Have a unit of work committed; a caller that stops waiting does not stop the unit."""
        if self._broken is not None:
            raise Broken(*self._broken)
        if self._closed:
            raise StorageError("the store is closed")
        unit = Unit(work, name, asyncio.get_running_loop().create_future())
        self._pending.append(unit)
        if self._shipping is None:
            self._shipping = asyncio.create_task(self._ship())
        result: T = await unit.answer
        return result

    def refuse(self, error: Broken) -> None:
        """Write nothing more, ever: the file is damaged (REL-004, REL-030)."""
        self._broken = error.args

    async def others_committed(self) -> bool:
        """Tell whether another process has changed the file since the last question."""
        async with self._turn:
            before, self._seen = self._seen, await self._thread.run(_data_version)
        return before != self._seen

    async def shorten_log(self) -> None:
        """Empty the write-ahead log when it has grown large (REL-031)."""
        if self._wal.stat().st_size > WAL_BYTES_MAX:
            async with self._turn:
                await self._thread.run(_checkpoint)

    async def _ship(self) -> None:
        units: list[Unit] = []
        try:
            while self._pending:
                count = min(len(self._pending), UNITS_PER_COMMIT_MAX)
                units = [self._pending.popleft() for _ in range(count)]
                async with self._turn:
                    done = await self._commit(units)
                self.committed()
                self._answer(done)
        except Exception as error:
            # Nobody may wait for ever for an answer that nobody is going to give.
            _log.exception("commits of %d units went wrong", len(units) + len(self._pending))
            for unit in (*units, *self._pending):
                if not unit.answer.done():
                    unit.answer.set_exception(StorageError(f"the writer stopped: {error!r}"))
            self._pending.clear()
        finally:
            self._shipping = None

    async def _commit(self, units: list[Unit]) -> list[Unit]:
        """Commit units, or the first of them, and return those.

        Their statements run here, on the event loop's thread: each takes some microseconds, and two
        threads that hand the interpreter to and fro at every statement take far longer (measured: 1.7
        times). What waits, for the disk or for somebody else's lock, happens on the database's thread.
        """
        connection = self._thread.connection
        if not begin_at_once(connection):
            await self._thread.run(partial(commit_together, units))
            return units
        count = run_some(units, connection, seconds_max=LOOP_SECONDS_MAX)
        self._pending.extendleft(reversed(units[count:]))
        await self._thread.run(partial(commit, units[:count]))
        return units[:count]

    def _answer(self, units: list[Unit]) -> None:
        for unit in units:
            if isinstance(unit.error, Broken):
                # A later sync may succeed without the data of this one: never try again (REL-004).
                self.refuse(unit.error)
            if unit.topics:
                self._signals.ring(unit.topics)
            if unit.answer.done():
                continue
            if unit.error is not None:
                unit.answer.set_exception(unit.error)
            else:
                unit.answer.set_result(unit.result)


def _data_version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA data_version").fetchone()
    return int(version)


def _checkpoint(connection: sqlite3.Connection) -> None:
    (waited,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {CHECKPOINT_WAIT_MILLISECONDS}")
    with contextlib.suppress(sqlite3.OperationalError):
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute(f"PRAGMA busy_timeout = {waited}")
