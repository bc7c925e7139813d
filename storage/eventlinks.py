"""Links between entities, over time (Events §6). One that has ended stays as history."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class LinkRow(NamedTuple):
    """A link: ``source`` –path→ ``target`` from ``active_from`` on, until it has an end."""

    id: int
    tenant: int
    source: int
    root: str
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


Quad = tuple[int, str, int, str]
"""Source, path, target and external id: what says which link is meant."""


async def between(tx: Transaction, quads: Iterable[Quad]) -> list[LinkRow]:
    """Return the links that are meant, each as often as it began anew. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM {each(tx.engine, 'quads')} CROSS JOIN event_links l"  # noqa: S608
        " WHERE l.source = CAST(each.value ->> 0 AS BIGINT) AND l.root = each.value ->> 4"
        " AND l.path = each.value ->> 1 AND l.target = CAST(each.value ->> 2 AS BIGINT)"
        " AND l.external_id = each.value ->> 3 ORDER BY l.id",
        quads=listed((*quad, quad[1].partition(":")[0]) for quad in quads),
    )
    return [from_row(row) for row in rows]


async def at(
    tx: Transaction,
    end: Literal["source", "target"],
    entities: Iterable[int],
    roots: Iterable[str],
    *,
    since: int = 0,
    limit: int = 10_000,
) -> list[LinkRow]:
    """Return links of some types, and of those below them, that begin or end at some entities, the newest first.

    Those that had ended at the instant ``since`` are left out. One statement.
    """
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM {each(tx.engine, 'wanted')} CROSS JOIN event_links l"  # noqa: S608
        f" WHERE l.{end} = CAST(each.value ->> 0 AS BIGINT)"
        " AND l.root = each.value ->> 1"
        " AND (l.active_until IS NULL OR l.active_until > :since) ORDER BY l.id DESC LIMIT :limit",
        wanted=listed((entity, root) for entity in sorted(set(entities)) for root in sorted(set(roots))),
        since=since, limit=limit,
    )  # fmt: skip
    return [from_row(row) for row in rows]


async def touching(
    tx: Transaction, entities: Iterable[int], roots: Iterable[str], *, limit: int = 10_000
) -> list[LinkRow]:
    """Return links of some types, and of those below them, that some entities are an end of, oldest first.

    Of more than ``limit`` the newest are returned. One statement.
    """
    sides = " UNION ".join(
        f"SELECT {COLUMNS} FROM {each(tx.engine, 'wanted')} CROSS JOIN event_links l"  # noqa: S608
        f" WHERE l.{end} = CAST(each.value ->> 0 AS BIGINT) AND l.root = each.value ->> 1"
        for end in ("source", "target")
    )
    wanted = listed((entity, root) for entity in sorted(set(entities)) for root in sorted(set(roots)))
    rows = await tx.all(f"{sides} ORDER BY 1 DESC LIMIT :limit", wanted=wanted, limit=limit)
    return [from_row(row) for row in reversed(rows)]


def from_row(row: Row) -> LinkRow:
    """Read the columns of ``COLUMNS``."""
    return LinkRow(
        *cast("tuple[int, int, int, str, str, int, str, str, float, str, int, int, int, int]", row)
    )
