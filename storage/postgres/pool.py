"""The pool of connections, and what each of them promises."""

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool

from storage.errors import StorageError, Unreachable

CONNECTIONS_MAX = 10
WAIT_SECONDS = 5.0
LOCK_WAIT_MILLISECONDS = 5_000
IDLE_TRANSACTION_MILLISECONDS = 60_000
PREPARED_MAX = 300
"""So many statements stay prepared on each connection: there are more that are run often than a driver expects."""


def make(conninfo: str, durability: str) -> AsyncConnectionPool[Any]:
    """Describe a pool; it connects when opened.

    No statement of ours runs for so long that it would be worth the third of a second that compiling it takes.
    """

    async def configure(connection: psycopg.AsyncConnection[Any]) -> None:
        connection.prepared_max = PREPARED_MAX
        await connection.execute(
            "SELECT set_config('lock_timeout', %s, false), set_config('jit', 'off', false),"
            " set_config('idle_in_transaction_session_timeout', %s, false),"
            " set_config('synchronous_commit', CASE WHEN %s = 'normal' THEN 'off'"
            "   WHEN current_setting('synchronous_commit') = 'off' THEN 'on'"
            "   ELSE current_setting('synchronous_commit') END, false)",
            (str(LOCK_WAIT_MILLISECONDS), str(IDLE_TRANSACTION_MILLISECONDS), durability),
        )

    return AsyncConnectionPool(
        conninfo,
        min_size=1,
        max_size=CONNECTIONS_MAX,
        timeout=WAIT_SECONDS,
        kwargs={"autocommit": True},
        configure=configure,
        open=False,
    )


async def connect(pool: AsyncConnectionPool[Any], durability: str) -> None:
    """Open the pool; refuse a server that acknowledges what it has not written to disk (REL-002)."""
    try:
        await pool.open(wait=True, timeout=WAIT_SECONDS)
        async with pool.connection() as connection:
            cursor = await connection.execute("SELECT current_setting('fsync')")
            row = await cursor.fetchone()
    except psycopg.Error as error:
        raise Unreachable(str(error).strip()) from error
    if durability == "full" and row is not None and row[0] != "on":
        raise StorageError("the database server runs with fsync off and may lose what it has confirmed")
