"""A transaction on a psycopg connection."""

from collections.abc import Iterable, Mapping
from typing import Any

import psycopg

from storage.connection import Row, Value
from storage.postgres.faults import fault
from storage.postgres.together import together
from storage.sql import for_psycopg


class PostgresTransaction:
    """What one unit of work sees of the database."""

    engine = "postgres"

    def __init__(self, connection: psycopg.AsyncConnection[Any]) -> None:
        self._connection = connection
        self.topics: set[str] = set()

    async def all(self, sql: str, /, **parameters: Value) -> list[Row]:
        """Run a statement and return every row."""
        cursor = await self._execute(sql, parameters)
        return await cursor.fetchall()

    async def one(self, sql: str, /, **parameters: Value) -> Row | None:
        """Run a statement and return its first row, or None."""
        cursor = await self._execute(sql, parameters)
        row: Row | None = await cursor.fetchone()
        return row

    async def run(self, sql: str, /, **parameters: Value) -> int:
        """Run a statement and return how many rows it changed."""
        cursor = await self._execute(sql, parameters)
        return cursor.rowcount

    async def many(self, sql: str, rows: Iterable[Mapping[str, Value]], /) -> int:
        """Run one statement once for each row of parameters and return how many rows that changed."""
        given = list(rows)
        if not given:
            return 0
        at_once = together(sql)
        text = None if at_once is None else at_once.rows(given)
        if at_once is not None and text is not None:
            return await self.run(at_once.sql, rows=text)
        try:
            async with self._connection.cursor() as cursor:
                await cursor.executemany(for_psycopg(sql).encode(), given)
                return cursor.rowcount
        except psycopg.Error as error:
            raise fault(error) from error

    async def limit(self, seconds: float) -> None:
        """Have statements cancelled that take longer, until the transaction ends."""
        await self.one(
            "SELECT set_config('statement_timeout', :limit, true)", limit=f"{seconds * 1_000:.0f}ms"
        )

    def wake(self, *topics: str) -> None:
        """Wake, after the commit, those who wait for these topics."""
        self.topics.update(topics)

    async def _execute(self, sql: str, parameters: Mapping[str, Value]) -> psycopg.AsyncCursor[Any]:
        try:
            return await self._connection.execute(for_psycopg(sql).encode(), parameters)
        except psycopg.Error as error:
            raise fault(error) from error
