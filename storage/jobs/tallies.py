"""How many jobs ever entered a queue and how they left it (REL-022).

Kept in several rows per queue, so that connections to PostgreSQL do not wait for each other; on SQLite,
which has one writer, in one.
"""

from typing import Literal

from storage.connection import Transaction

_WRITER = {"sqlite": "''", "postgres": "(pg_backend_pid() % 64)::text"}


async def count(
    tx: Transaction, queue: str, fate: Literal["enqueued", "done", "discarded"], number: int
) -> None:
    """Add to a tally, in the transaction that changes the jobs."""
    if number == 0:
        return
    await tx.run(
        f"INSERT INTO tallies (queue, writer, {fate}) VALUES (:queue, {_WRITER[tx.engine]}, :number)"  # noqa: S608
        f" ON CONFLICT (queue, writer) DO UPDATE SET {fate} = tallies.{fate} + excluded.{fate}",
        queue=queue,
        number=number,
    )
