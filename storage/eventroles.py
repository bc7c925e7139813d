"""Who took part in which item of the Events API, and tags of items (Events §4, §7.4)."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Transaction, Value
from storage.sql import each, listed


class RoleRow(NamedTuple):
    """A role: ``named`` is the row of an entity or of an item. With ``derived`` it follows from an aspect."""

    named: int
    occurred: int
    item: int
    path: str
    external_id: str = ""
    derived: int = 0


async def add(tx: Transaction, rows: Iterable[RoleRow]) -> None:
    """Note who took part; a repeat changes nothing."""
    await tx.many(
        "INSERT INTO event_roles (named, occurred, item, path, external_id, derived)"
        " VALUES (:named, :occurred, :item, :path, :external_id, :derived) ON CONFLICT DO NOTHING",
        [row._asdict() for row in rows],
    )


async def of(tx: Transaction, items: Iterable[int]) -> dict[int, list[RoleRow]]:
    """Return the roles of several items; those without any are left out. One statement."""
    rows = await tx.all(
        "SELECT r.named, r.occurred, r.item, r.path, r.external_id, r.derived FROM event_roles r"  # noqa: S608
        f" WHERE r.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        " ORDER BY r.item, r.path, r.named",
        items=listed((item,) for item in items),
    )
    found: dict[int, list[RoleRow]] = {}
    for row in cast("list[tuple[int, int, int, str, str, int]]", rows):
        found.setdefault(row[2], []).append(RoleRow(*row))
    return found


async def rename(tx: Transaction, item: int, path: str, rows: Iterable[RoleRow]) -> None:
    """Let these be all who have a role in an item."""
    await tx.run("DELETE FROM event_roles WHERE item = :item AND path = :path", item=item, path=path)
    await add(tx, rows)


async def retag(tx: Transaction, tenant: int, item: int, occurred: int, tags: Iterable[str]) -> None:
    """Let these be all tags of an item, in lower case."""
    await tx.run("DELETE FROM event_tags WHERE item = :item", item=item)
    await tag(tx, tenant, [(one, occurred, item) for one in sorted(tags)])


async def tag(tx: Transaction, tenant: int, tags: Iterable[tuple[str, int, int]]) -> None:
    """Note tags of items: (tag in lower case, when it occurred, item); a repeat changes nothing."""
    rows: list[dict[str, Value]] = [
        {"tenant": tenant, "tag": tag, "occurred": occurred, "item": item} for tag, occurred, item in tags
    ]
    await tx.many(
        "INSERT INTO event_tags (tenant, tag, occurred, item) VALUES (:tenant, :tag, :occurred, :item)"
        " ON CONFLICT DO NOTHING",
        rows,
    )


async def tags_of(tx: Transaction, items: Iterable[int]) -> dict[int, list[str]]:
    """Return the tags of several items; those without any are left out. One statement."""
    rows = await tx.all(
        "SELECT t.item, t.tag FROM event_tags t"  # noqa: S608
        f" WHERE t.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        " ORDER BY t.item, t.tag",
        items=listed((item,) for item in items),
    )
    found: dict[int, list[str]] = {}
    for item, tag in cast("list[tuple[int, str]]", rows):
        found.setdefault(item, []).append(tag)
    return found
