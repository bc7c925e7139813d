"""Whether anything was committed since, by whomever, where the store itself does not know (``Store.version``)."""

from typing import cast

from storage.connection import Store, Transaction

Stamp = int | str


async def stamp(store: Store) -> Stamp | None:
    """Return what is another one after each commit; None where nothing can tell. At most one small statement."""
    known = store.version()
    return await store.peek(_of_server) if known is None else known


async def _of_server(tx: Transaction) -> str | None:
    """Return which transactions the database server has begun and ended."""
    if tx.engine != "postgres":
        return None
    row = await tx.one("SELECT CAST(pg_current_snapshot() AS TEXT)")
    return None if row is None else cast(str, row[0])
