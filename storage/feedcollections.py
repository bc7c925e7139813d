"""Entries of collections at the Feeds API, by tenant, collection and id; their data is JSON text (Feeds §7.2)."""

from collections.abc import Iterable
from typing import NamedTuple, TypeAlias, cast

from storage.connection import Row, Transaction, Value
from storage.sql import each, listed

Pair: TypeAlias = tuple[str, str]
"""A collection, and the id of an entry in it."""


class FeedEntry(NamedTuple):
    """An entry as stored; ``author`` is the user who made it, empty when it was a server. Instants in microseconds."""

    collection: str
    name: str
    author: str
    data: str
    created: int
    updated: int


_COLUMNS = "e.collection, e.name, e.author, e.data, e.created, e.updated"
_ONE = "tenant = :tenant AND collection = :collection AND name = :name"


async def find(tx: Transaction, tenant: int, collection: str, name: str) -> FeedEntry | None:
    """Find an entry. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM feed_collections e WHERE {_ONE}",  # noqa: S608
        tenant=tenant,
        collection=collection,
        name=name,
    )
    return None if row is None else _entry(row)


async def some(tx: Transaction, tenant: int, pairs: Iterable[Pair]) -> dict[Pair, FeedEntry]:
    """Find entries; those that there are. One statement."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM {each(tx.engine, 'pairs')} CROSS JOIN feed_collections e"  # noqa: S608
        " WHERE e.tenant = :tenant AND e.collection = each.value ->> 0 AND e.name = each.value ->> 1",
        tenant=tenant, pairs=listed(dict.fromkeys(pairs)),
    )  # fmt: skip
    return {(found.collection, found.name): found for found in map(_entry, rows)}


async def add(
    tx: Transaction,
    tenant: int,
    collection: str,
    name: str,
    *,
    author: str,
    data: str,
    now: int,
    updated: int | None = None,
) -> bool:
    """Make an entry; False when there is one of that id, which stays as it is.

    One that was made before, elsewhere, may have been ``updated`` since.
    """
    added = await tx.run(
        "INSERT INTO feed_collections (tenant, collection, name, author, data, created, updated)"
        " VALUES (:tenant, :collection, :name, :author, :data, :now, :updated)"
        " ON CONFLICT (tenant, collection, name) DO NOTHING",
        tenant=tenant, collection=collection, name=name, author=author, data=data, now=now,
        updated=now if updated is None else updated,
    )  # fmt: skip
    return added > 0


async def put(tx: Transaction, tenant: int, data: Iterable[tuple[Pair, str]], *, now: int) -> None:
    """Make entries in a server's name, or give other data to those that there are."""
    rows: list[dict[str, Value]] = [
        {"tenant": tenant, "collection": collection, "name": name, "data": text, "now": now}
        for (collection, name), text in data
    ]
    await tx.many(
        "INSERT INTO feed_collections (tenant, collection, name, author, data, created, updated)"
        " VALUES (:tenant, :collection, :name, '', :data, :now, :now) ON CONFLICT (tenant, collection, name)"
        " DO UPDATE SET data = excluded.data, updated = excluded.updated",
        rows,
    )


async def replace(
    tx: Transaction, tenant: int, collection: str, name: str, data: str, *, now: int
) -> FeedEntry | None:
    """Give other data to an entry; None when there is none."""
    row = await tx.one(
        f"UPDATE feed_collections SET data = :data, updated = :now WHERE {_ONE}"  # noqa: S608
        " RETURNING collection, name, author, data, created, updated",
        tenant=tenant, collection=collection, name=name, data=data, now=now,
    )  # fmt: skip
    return None if row is None else _entry(row)


async def remove(tx: Transaction, tenant: int, collection: str, names: Iterable[str]) -> list[str]:
    """Remove entries of a collection by their ids; return the ids of those that there were."""
    rows = await tx.all(
        "DELETE FROM feed_collections WHERE tenant = :tenant AND collection = :collection AND name IN"  # noqa: S608
        f" (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')}) RETURNING name",
        tenant=tenant, collection=collection, names=listed((name,) for name in names),
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]


def _entry(row: Row) -> FeedEntry:
    return FeedEntry(*cast("tuple[str, str, str, str, int, int]", row))
