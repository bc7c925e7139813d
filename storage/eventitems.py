"""Stream items of the Events API: events, comments and the sub-events of line items (Events §3, §7.7, §8)."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class ItemKind(IntEnum):
    """What an item is."""

    EVENT = 0
    COMMENT = 1
    PART = 2
    """The sub-event of a line item."""


class ItemRow(NamedTuple):
    """An item. ``body`` is its message without what the server adds; texts of JSON are as they are stored."""

    id: int
    tenant: int
    stream_id: str
    kind: int
    type: str
    origin: str
    occurred: int
    received: int
    registered: int
    importance: int
    body: str
    original: str | None = None
    acl: str | None = None
    restricted: int = 0
    hidden: int = 0
    external_id: str | None = None
    batch_id: str | None = None
    scope: str | None = None
    grouped: str | None = None
    parent: int | None = None


COLUMNS: Final = ", ".join(f"i.{name}" for name in ItemRow._fields)
"""What ``from_row`` reads of ``events i``."""

_INSERT: Final = (
    f"INSERT INTO events ({', '.join(ItemRow._fields)})"  # noqa: S608
    f" VALUES ({', '.join(f':{name}' for name in ItemRow._fields)})"
)


async def add(tx: Transaction, rows: Iterable[ItemRow]) -> None:
    """Keep items. Raises Conflict when one of them is kept already."""
    await tx.many(_INSERT, [row._asdict() for row in rows])


async def by_stream_id(tx: Transaction, tenant: int, stream_id: str) -> ItemRow | None:
    """Find an item, whether it is hidden or not. One statement."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM events i WHERE i.tenant = :tenant AND i.stream_id = :stream_id",  # noqa: S608
        tenant=tenant, stream_id=stream_id,
    )  # fmt: skip
    return None if row is None else from_row(row)


async def by_stream_ids(tx: Transaction, tenant: int, stream_ids: Iterable[str]) -> dict[str, ItemRow]:
    """Find items by their stream ids. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM events i WHERE i.tenant = :tenant"  # noqa: S608
        f" AND i.stream_id IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'ids')})",
        tenant=tenant, ids=listed((one,) for one in stream_ids),
    )  # fmt: skip
    return {row.stream_id: row for row in map(from_row, rows)}


async def by_ids(tx: Transaction, ids: Iterable[int]) -> dict[int, ItemRow]:
    """Find items by their rows. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM events i"  # noqa: S608
        f" WHERE i.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})",
        ids=listed((id,) for id in ids),
    )
    return {row.id: row for row in map(from_row, rows)}


async def by_external_id(
    tx: Transaction, tenant: int, external_id: str, *, origin: str = "", limit: int = 2
) -> list[ItemRow]:
    """Find events by the id that their source has for them, of one origin or of any (Events §3.5). One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM events i WHERE i.tenant = :tenant AND i.external_id = :external_id"  # noqa: S608
        " AND i.kind = 0 AND (:origin = '' OR i.origin = :origin) ORDER BY i.id LIMIT :limit",
        tenant=tenant, external_id=external_id, origin=origin, limit=limit,
    )  # fmt: skip
    return [from_row(row) for row in rows]


async def claimed(tx: Transaction, tenant: int, pairs: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Return which pairs of external id and origin an event has already (Events §7.8). One statement."""
    rows = await tx.all(
        "SELECT DISTINCT i.external_id, i.origin"  # noqa: S608
        f" FROM {each(tx.engine, 'pairs')} CROSS JOIN events i WHERE i.tenant = :tenant AND i.kind = 0"
        " AND i.external_id = each.value ->> 0 AND i.origin = each.value ->> 1",
        tenant=tenant, pairs=listed(pairs),
    )  # fmt: skip
    return set(cast("list[tuple[str, str]]", rows))


async def hide_batch(tx: Transaction, tenant: int, batch_id: str, *, origin: str = "") -> list[int]:
    """Hide all events of a batch from every list, and the sub-events of each; return their rows (Events §3.5)."""
    rows = await tx.all(
        "UPDATE events SET hidden = 1 WHERE tenant = :tenant AND batch_id = :batch_id"
        " AND (:origin = '' OR origin = :origin) AND hidden = 0 RETURNING id",
        tenant=tenant, batch_id=batch_id, origin=origin,
    )  # fmt: skip
    hidden = [cast(int, row[0]) for row in rows]
    if hidden:
        await tx.run(
            "UPDATE events SET hidden = 1"  # noqa: S608
            f" WHERE parent IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'parents')})",
            parents=listed((id,) for id in hidden),
        )
    return hidden


async def hide(tx: Transaction, id: int) -> bool:
    """Hide an item from every list; False for one that is hidden already."""
    return await tx.run("UPDATE events SET hidden = 1 WHERE id = :id AND hidden = 0", id=id) > 0


async def rewrite(tx: Transaction, id: int, body: str) -> None:
    """Let an item say something else; what was sent is forgotten."""
    await tx.run("UPDATE events SET body = :body, original = NULL WHERE id = :id", id=id, body=body)


async def rule(tx: Transaction, id: int, body: str, *, acl: str | None, restricted: int) -> None:
    """Let an item have other rules, which its body says too."""
    await tx.run(
        "UPDATE events SET body = :body, acl = :acl, restricted = :restricted WHERE id = :id",
        id=id, body=body, acl=acl, restricted=restricted,
    )  # fmt: skip


async def has_batch(tx: Transaction, tenant: int, batch_id: str, *, origin: str = "") -> bool:
    """Tell whether any event is of a batch, hidden or not. One statement."""
    row = await tx.one(
        "SELECT 1 FROM events WHERE tenant = :tenant AND batch_id = :batch_id"
        " AND (:origin = '' OR origin = :origin) LIMIT 1",
        tenant=tenant, batch_id=batch_id, origin=origin,
    )  # fmt: skip
    return row is not None


def from_row(row: Row) -> ItemRow:
    """Read the columns of ``COLUMNS``."""
    return ItemRow(*cast("tuple[int, int, str, int, str, str, int, int, int, int, str]", row))
