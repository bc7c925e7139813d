"""Types of events and entities, and origins: that they occurred, and what was set for them (Events §17.8)."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Transaction, Value
from storage.sql import each, listed

EVENT_TYPE: Final = "event-type"
ENTITY_TYPE: Final = "entity-type"
ORIGIN: Final = "origin"


class KindRow(NamedTuple):
    """A type or an origin; ``settings`` is JSON, ``first`` when it occurred first."""

    space: str
    name: str
    settings: str
    first: int


async def settings(tx: Transaction, tenant: int) -> list[KindRow]:
    """Return all types and origins of a tenant for which something was set. One statement."""
    rows = await tx.all(
        "SELECT space, name, settings, first FROM event_kinds WHERE tenant = :tenant AND settings <> '{}'",
        tenant=tenant,
    )
    return [KindRow(*row) for row in cast("list[tuple[str, str, str, int]]", rows)]


async def every(tx: Transaction, tenant: int, space: str) -> list[KindRow]:
    """Return all types of a sort, or all origins, by their names. One statement."""
    rows = await tx.all(
        "SELECT space, name, settings, first FROM event_kinds WHERE tenant = :tenant AND space = :space"
        " ORDER BY name",
        tenant=tenant, space=space,
    )  # fmt: skip
    return [KindRow(*row) for row in cast("list[tuple[str, str, str, int]]", rows)]


async def types_below(tx: Transaction, tenant: int, types: Iterable[str], *, limit: int) -> list[str]:
    """Return which types of events have occurred among some, in lower case, and all below them. One statement."""
    rows = await tx.all(
        f"SELECT DISTINCT k.name FROM {each(tx.engine, 'types')} CROSS JOIN event_kinds k"  # noqa: S608
        " WHERE k.tenant = :tenant AND k.space = :space"
        " AND substr(k.name || '.', 1, length(each.value ->> 0)) = each.value ->> 0 LIMIT :limit",
        tenant=tenant, space=EVENT_TYPE, limit=limit, types=listed((f"{type}.",) for type in types),
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]


async def find(tx: Transaction, tenant: int, space: str, name: str) -> KindRow | None:
    """Find a type or an origin. One statement."""
    row = await tx.one(
        "SELECT space, name, settings, first FROM event_kinds"
        " WHERE tenant = :tenant AND space = :space AND name = :name",
        tenant=tenant, space=space, name=name,
    )  # fmt: skip
    return None if row is None else KindRow(*cast("tuple[str, str, str, int]", row))


async def several(tx: Transaction, tenant: int, space: str, names: Iterable[str]) -> list[KindRow]:
    """Find types or origins by their names. One statement."""
    rows = await tx.all(
        f"SELECT k.space, k.name, k.settings, k.first FROM {each(tx.engine, 'names')} CROSS JOIN event_kinds k"  # noqa: S608
        " WHERE k.tenant = :tenant AND k.space = :space AND k.name = each.value ->> 0",
        tenant=tenant, space=space, names=listed((name,) for name in names),
    )  # fmt: skip
    return [KindRow(*row) for row in cast("list[tuple[str, str, str, int]]", rows)]


async def put(tx: Transaction, tenant: int, space: str, name: str, settings: str, *, now: int) -> None:
    """Set something for a type or an origin, whether it has occurred or not."""
    await tx.run(
        "INSERT INTO event_kinds (tenant, space, name, settings, first)"
        " VALUES (:tenant, :space, :name, :settings, :now)"
        " ON CONFLICT (tenant, space, name) DO UPDATE SET settings = excluded.settings",
        tenant=tenant, space=space, name=name, settings=settings, now=now,
    )  # fmt: skip


async def note(tx: Transaction, tenant: int, names: Iterable[tuple[str, str]], *, now: int) -> None:
    """Note that types and origins, each with its space, have occurred. One statement when all of them had before."""
    wanted = sorted(set(names))
    known = await tx.all(
        f"SELECT k.space, k.name FROM {each(tx.engine, 'names')} CROSS JOIN event_kinds k"  # noqa: S608
        " WHERE k.tenant = :tenant AND k.space = each.value ->> 0 AND k.name = each.value ->> 1",
        tenant=tenant, names=listed(wanted),
    )  # fmt: skip
    new: list[dict[str, Value]] = [
        {"tenant": tenant, "space": space, "name": name, "now": now}
        for space, name in wanted
        if (space, name) not in known
    ]
    if new:
        await tx.many(
            "INSERT INTO event_kinds (tenant, space, name, first) VALUES (:tenant, :space, :name, :now)"
            " ON CONFLICT DO NOTHING",
            new,
        )
