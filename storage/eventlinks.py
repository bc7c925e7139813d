"""Links between entities, over time (Events §6). One that has ended stays as history."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class LinkRow(NamedTuple):
    """A link: ``source`` –path→ ``target`` from ``active_from`` on, until it has an end."""

    id: int
    tenant: int
    source: int
    path: str
    target: int
    external_id: str
    stream_id: str
    weight: float | None
    properties: str
    active_from: int | None
    active_until: int | None
    created: int
    updated: int

    @property
    def root(self) -> str:
        """The first label of its type."""
        return self.path.partition(":")[0]

    def is_active(self, at: int | None = None) -> bool:
        """Tell whether it holds at an instant; without one, whether it has not ended."""
        if at is None:
            return self.active_until is None
        return (self.active_from or 0) <= at and (self.active_until is None or at < self.active_until)


COLUMNS: Final = ", ".join(f"l.{name}" for name in LinkRow._fields)
"""What ``from_row`` reads of ``event_links l``."""

_PUT: Final = (
    f"INSERT INTO event_links ({', '.join(LinkRow._fields)})"  # noqa: S608
    f" VALUES ({', '.join(f':{name}' for name in LinkRow._fields)})"
    " ON CONFLICT (id) DO UPDATE SET weight = excluded.weight, properties = excluded.properties,"
    " active_from = excluded.active_from, active_until = excluded.active_until, updated = excluded.updated"
)


async def put(tx: Transaction, rows: Iterable[LinkRow]) -> None:
    """Keep links, or let those that are kept be as they are given."""
    await tx.many(_PUT, [row._asdict() for row in rows])


async def by_id(tx: Transaction, id: int) -> LinkRow | None:
    """Find a link by its row."""
    row = await tx.one(f"SELECT {COLUMNS} FROM event_links l WHERE l.id = :id", id=id)  # noqa: S608
    return None if row is None else from_row(row)


async def touching(tx: Transaction, entities: Iterable[int]) -> list[LinkRow]:
    """Return all links from or to some entities, those that ended too, in the order they were made. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM event_links l WHERE l.id IN ("  # noqa: S608
        "SELECT a.id FROM event_links a WHERE a.source IN"
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'entities')})"
        " UNION SELECT b.id FROM event_links b WHERE b.target IN"
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'entities')})) ORDER BY l.id",
        entities=listed((entity,) for entity in entities),
    )
    return [from_row(row) for row in rows]


def from_row(row: Row) -> LinkRow:
    """Read the columns of ``COLUMNS``."""
    return LinkRow(*cast("tuple[int, int, int, str, int, str, str, float, str, int, int, int, int]", row))
