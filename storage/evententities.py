"""What tenants of the Events API know of their entities (Events §5): rows beside the names in ``objects``."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class EntityRow(NamedTuple):
    """An entity. ``key`` is its footprint, ``kind`` its type in lower case, ``root`` what that begins with.

    Texts of JSON are as they are stored; ``more`` is what was said of it beside aspects and properties.
    """

    id: int
    tenant: int
    key: str
    root: str
    kind: str
    type: str
    name: str
    stream_id: str
    registered: int
    updated: int
    label: str = ""
    aspects: str = "{}"
    properties: str = "{}"
    acl: str | None = None
    restricted: int = 0
    deleted: int = 0
    stated: int | None = None
    more: str = "{}"

    @property
    def ref(self) -> str:
        """What names it: its finest type, and its id as it was first written."""
        return f"{self.type}/{self.name}"


COLUMNS: Final = ", ".join(f"n.{name}" for name in EntityRow._fields)
"""What ``from_row`` reads of ``event_entities n``."""

_MEMBERS: Final = EntityRow._fields
_INSERT: Final = (
    f"INSERT INTO event_entities ({', '.join(_MEMBERS)})"  # noqa: S608
    f" VALUES ({', '.join(f':{name}' for name in _MEMBERS)}) ON CONFLICT DO NOTHING"
)
_UPDATE: Final = (
    "UPDATE event_entities SET kind = :kind, type = :type, label = :label, aspects = :aspects,"
    " properties = :properties, acl = :acl, restricted = :restricted, deleted = :deleted, stated = :stated,"
    " updated = :updated, more = :more WHERE id = :id"
)
_CHANGING: Final = (
    "id", "kind", "type", "label", "aspects", "properties", "acl", "restricted", "deleted", "stated", "updated",
    "more",
)  # fmt: skip


async def by_key(tx: Transaction, tenant: int, key: str) -> EntityRow | None:
    """Find an entity by its footprint (``Ref.key``). One statement."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM event_entities n WHERE n.tenant = :tenant AND n.key = :key",  # noqa: S608
        tenant=tenant, key=key,
    )  # fmt: skip
    return None if row is None else from_row(row)


async def by_stream_id(tx: Transaction, tenant: int, stream_id: str) -> EntityRow | None:
    """Find an entity by its stream id. One statement."""
    return (await by_stream_ids(tx, tenant, [stream_id])).get(stream_id)


async def by_keys(tx: Transaction, tenant: int, keys: Iterable[str]) -> dict[str, EntityRow]:
    """Find entities by their footprints. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM event_entities n WHERE n.tenant = :tenant"  # noqa: S608
        f" AND n.key IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'keys')})",
        tenant=tenant, keys=listed((key,) for key in keys),
    )  # fmt: skip
    return {row.key: row for row in map(from_row, rows)}


async def by_stream_ids(tx: Transaction, tenant: int, stream_ids: Iterable[str]) -> dict[str, EntityRow]:
    """Find entities by their stream ids. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM event_entities n WHERE n.tenant = :tenant"  # noqa: S608
        f" AND n.stream_id IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'ids')})",
        tenant=tenant, ids=listed((one,) for one in stream_ids),
    )  # fmt: skip
    return {row.stream_id: row for row in map(from_row, rows)}


async def by_ids(tx: Transaction, ids: Iterable[int]) -> dict[int, EntityRow]:
    """Find entities by their rows. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM event_entities n"  # noqa: S608
        f" WHERE n.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})",
        ids=listed((id,) for id in ids),
    )
    return {row.id: row for row in map(from_row, rows)}


async def seize(tx: Transaction, tenant: int, keys: Iterable[str]) -> dict[str, EntityRow]:
    """Find entities, and let nobody else seize them before this unit of work ends.

    They are taken in one order, so that no two who want the same ones wait for each other. Whoever changes an entity,
    or what is linked to it, seizes it before reading what the change depends on.
    """
    if tx.engine == "sqlite":
        return await by_keys(tx, tenant, keys)
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM event_entities n WHERE n.tenant = :tenant"  # noqa: S608
        f" AND n.key IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'keys')})"
        " ORDER BY n.key FOR NO KEY UPDATE",
        tenant=tenant, keys=listed((key,) for key in keys),
    )  # fmt: skip
    return {row.key: row for row in map(from_row, rows)}


async def add(tx: Transaction, rows: Iterable[EntityRow]) -> int:
    """Note entities, in the order of their keys, and return how many; one that is known already stays as it is."""
    return await tx.many(_INSERT, [row._asdict() for row in sorted(rows, key=lambda row: row.key)])


async def put(tx: Transaction, rows: Iterable[EntityRow]) -> None:
    """Let entities be as they are given."""
    await tx.many(_UPDATE, [{name: getattr(row, name) for name in _CHANGING} for row in rows])


def from_row(row: Row) -> EntityRow:
    """Read the columns of ``COLUMNS``."""
    return EntityRow(*cast("tuple[int, int, str, str, str, str, str, str, int, int]", row))
