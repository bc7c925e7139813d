"""Users of applications at the Feeds API, by tenant and id; their data is a JSON object as text (Feeds §7.1)."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Row, Transaction, Value
from storage.sql import each, listed


class FeedUser(NamedTuple):
    """A user as stored; instants are in microseconds since 1970."""

    name: str
    data: str
    created: int
    updated: int


_COLUMNS = "u.name, u.data, u.created, u.updated"


async def find(tx: Transaction, tenant: int, name: str) -> FeedUser | None:
    """Find a user. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM feed_users u WHERE tenant = :tenant AND name = :name",  # noqa: S608
        tenant=tenant,
        name=name,
    )
    return None if row is None else _user(row)


async def some(tx: Transaction, tenant: int, names: Iterable[str]) -> dict[str, FeedUser]:
    """Find users by their ids; those that there are. One statement."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM feed_users u WHERE u.tenant = :tenant"  # noqa: S608
        f" AND u.name IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')})",
        tenant=tenant, names=listed((name,) for name in dict.fromkeys(names)),
    )  # fmt: skip
    return {found.name: found for found in map(_user, rows)}


async def add(
    tx: Transaction, tenant: int, name: str, data: str, *, now: int, updated: int | None = None
) -> bool:
    """Make a user; False when there is one of that id, who stays as they are.

    One that was made before, elsewhere, may have been ``updated`` since.
    """
    added = await tx.run(
        "INSERT INTO feed_users (tenant, name, data, created, updated)"
        " VALUES (:tenant, :name, :data, :now, :updated) ON CONFLICT (tenant, name) DO NOTHING",
        tenant=tenant, name=name, data=data, now=now, updated=now if updated is None else updated,
    )  # fmt: skip
    return added > 0


async def put(tx: Transaction, tenant: int, data: Iterable[tuple[str, str]], *, now: int) -> None:
    """Make users, given as pairs of id and data, or give other data to those that there are."""
    rows: list[dict[str, Value]] = [
        {"tenant": tenant, "name": name, "data": text, "now": now} for name, text in data
    ]
    await tx.many(
        "INSERT INTO feed_users (tenant, name, data, created, updated)"
        " VALUES (:tenant, :name, :data, :now, :now) ON CONFLICT (tenant, name)"
        " DO UPDATE SET data = excluded.data, updated = excluded.updated",
        rows,
    )


async def replace(tx: Transaction, tenant: int, name: str, data: str, *, now: int) -> FeedUser | None:
    """Give other data to a user; None when there is none."""
    row = await tx.one(
        "UPDATE feed_users SET data = :data, updated = :now WHERE tenant = :tenant AND name = :name"
        " RETURNING name, data, created, updated",
        tenant=tenant, name=name, data=data, now=now,
    )  # fmt: skip
    return None if row is None else _user(row)


async def remove(tx: Transaction, tenant: int, names: Iterable[str]) -> list[str]:
    """Remove users by their ids; return the ids of those that there were."""
    rows = await tx.all(
        "DELETE FROM feed_users WHERE tenant = :tenant AND name IN"  # noqa: S608
        f" (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')}) RETURNING name",
        tenant=tenant, names=listed((name,) for name in names),
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]


def _user(row: Row) -> FeedUser:
    return FeedUser(*cast("tuple[str, str, int, int]", row))
