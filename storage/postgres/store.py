"""A store in a PostgreSQL database.

Units of work that write run at READ COMMITTED: what must not happen twice is refused by the constraints
of the schema, and a unit that lost a race is run again, when it sees who won (REL-038, SEC-122). Units
that read see one snapshot.
"""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg_pool import AsyncConnectionPool

from storage.connection import Transaction
from storage.errors import Broken, Busy, Conflict, StorageError, Unreachable
from storage.postgres import pool as pools
from storage.postgres.bells import Bells
from storage.postgres.copying import dump
from storage.postgres.faults import fault
from storage.postgres.transaction import PostgresTransaction
from storage.signals import Signals

P = ParamSpec("P")
T = TypeVar("T")

TRIES = {Busy: 6, Conflict: 2, Unreachable: 2}
PAUSE_SECONDS = 0.005


class PostgresStore:
    """Meets ``storage.connection.Store`` with a database server."""

    engine = "postgres"

    def __init__(self, conninfo: str, pool: AsyncConnectionPool[Any], signals: Signals, bells: Bells) -> None:
        self.signals = signals
        self._conninfo = conninfo
        self._pool = pool
        self._bells = bells
        self._broken: Broken | None = None

    async def write(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work in a transaction and return after its commit.

        It is run again after a failure that undid it for certain. When the connection breaks during the
        commit nobody knows the outcome; then Unreachable is raised and the caller decides (REL-010).
        After one Broken nothing more is written by this process (REL-030).
        """
        if self._broken is not None:
            raise Broken(*self._broken.args)
        tried = 0
        while True:
            tried += 1
            attempt = _Attempt()
            try:
                result = await attempt.run(self._pool, lambda tx: work(tx, *args, **kwargs))
            except StorageError as error:
                if isinstance(error, Broken):
                    self._broken = error
                if attempt.committing or tried >= TRIES.get(type(error), 1):
                    raise
                await asyncio.sleep(random.uniform(0, PAUSE_SECONDS * 2**tried))  # noqa: S311 - spreads the losers
            else:
                if attempt.topics:
                    self._bells.ring(attempt.topics)
                return result

    async def read(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work that only reads, on one snapshot.

        It ends with a commit, though there is nothing to be committed: a rollback makes the driver forget all
        statements that are prepared, which then have to be planned each time.
        """
        try:
            async with self._pool.connection() as connection:
                await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                try:
                    result = await work(PostgresTransaction(connection), *args, **kwargs)
                except BaseException:
                    await connection.rollback()
                    raise
                await connection.commit()
                return result
        except psycopg.Error as error:
            raise fault(error) from error

    async def peek(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one reading statement; it is a snapshot by itself."""
        try:
            async with self._pool.connection() as connection:
                return await work(PostgresTransaction(connection), *args, **kwargs)
        except psycopg.Error as error:
            raise fault(error) from error

    async def glance(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run one reading statement: only the server could tell whether anything has been committed."""
        return await self.peek(work, *args, **kwargs)

    async def scan(
        self, work: Callable[Concatenate[Transaction, P], Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Run a unit of work that only reads and may take long."""
        return await self.read(work, *args, **kwargs)

    def version(self) -> int | None:
        """Return None: what others have committed only the server knows."""
        return None

    async def copy_to(self, path: Path) -> None:
        """Have pg_dump write everything into a new file, and check that it can be read (REL-032)."""
        await dump(self._conninfo, path)

    @classmethod
    @contextlib.asynccontextmanager
    async def opened(cls, conninfo: str, durability: str) -> "AsyncIterator[PostgresStore]":
        """Open a store, and close it when it is no longer needed."""
        pool = pools.make(conninfo, durability)
        signals = Signals()
        bells = Bells(conninfo, pool, signals)
        try:
            await pools.connect(pool, durability)
            async with bells.hung():
                yield cls(conninfo, pool, signals, bells)
        finally:
            await pool.close()


class _Attempt:
    """One run of a unit of work that writes."""

    def __init__(self) -> None:
        self.committing = False
        self.topics: set[str] = set()

    async def run(self, pool: AsyncConnectionPool[Any], work: Callable[[Transaction], Awaitable[T]]) -> T:
        try:
            async with pool.connection() as connection:
                transaction = PostgresTransaction(connection)
                async with connection.transaction():
                    result = await work(transaction)
                    if connection.info.transaction_status == TransactionStatus.INERROR:
                        # The commit would be answered with a rollback, and nobody would know.
                        raise StorageError("a unit of work went on after an error of the database")
                    self.committing = True
        except psycopg.Error as error:
            raise fault(error) from error
        self.topics = transaction.topics
        return result
