"""Pages of entities of a type, of links, and of votes (Events §5.4, §10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from storage import eventaudience, eventfilters
from storage.connection import Transaction, Value
from storage.eventaudience import Parties
from storage.eventbumps import BumpRow
from storage.evententities import COLUMNS, EntityRow, from_row
from storage.eventlinks import COLUMNS as LINK
from storage.eventlinks import LinkRow
from storage.eventlinks import from_row as link_from_row
from storage.filtering import Node
from storage.sql import each, listed

REACH: Final = 10_000
"""So many of the first entities, links or votes are reached by paging, and so far they are counted."""

_TYPED: Final = {
    "sqlite": "instr(':' || l.path || ':', each.value ->> 0) > 0",
    "postgres": "strpos(':' || l.path || ':', each.value ->> 0) > 0",
}


_FOLLOWS: Final = (
    "(SELECT f.id, f.tenant, f.follower AS source, 'FOLLOWS' AS root, 'FOLLOWS' AS path, f.followed AS target,"
    " '' AS external_id, f.stream_id, CAST(NULL AS DOUBLE PRECISION) AS weight, '{}' AS properties,"
    " f.occurred AS active_from, CAST(NULL AS BIGINT) AS active_until, f.occurred AS created, f.occurred AS updated"
    " FROM event_follows f)"
)
"""Follows as links; by what somebody chooses among the events of what they follow is their own affair."""


@dataclass(frozen=True, slots=True)
class Slice:
    """Which part of a list is read, by whom, and what is left out of the list."""

    limit: int
    offset: int
    parties: Parties = frozenset()
    filter: Node | None = None


class Near(NamedTuple):
    """A link, whether it leads away from the entity that was asked about, and what is at its other end."""

    link: LinkRow
    leads_out: bool
    type: str
    name: str


async def of_type(tx: Transaction, tenant: int, type: str, part: Slice) -> tuple[list[EntityRow], int]:
    """Return entities of a type and of those below it in the order in which they came to be, and how many there are.

    Deleted ones are left out. Two statements at most.
    """
    wanted = _filtered(tx.engine, part, eventfilters.ENTITIES)
    kind = type.lower()
    found = (
        " FROM event_entities n WHERE n.tenant = :tenant AND n.root = :root"
        " AND substr(n.kind || ':', 1, length(CAST(:below AS TEXT))) = :below AND n.deleted = 0"
        f" AND {eventaudience.entity(tx.engine, 'n', part.parties)} AND {wanted.sql}"
    )
    given: dict[str, Value] = {
        "tenant": tenant, "root": kind.partition(":")[0], "below": f"{kind}:", **wanted.parameters,
    }  # fmt: skip
    rows = await tx.all(
        f"SELECT {COLUMNS}{found} ORDER BY n.id LIMIT :limit OFFSET :offset",
        limit=part.limit, offset=part.offset, **given,
    )  # fmt: skip
    return list(map(from_row, rows)), await _total(tx, part, len(rows), f"SELECT 1{found}", given)


async def links(
    tx: Transaction,
    entity: int,
    labels: Sequence[str],
    part: Slice,
    *,
    outward: bool,
    inward: bool,
    follows: bool = False,
) -> tuple[list[Near], int]:
    """Return the links of an entity in the order in which they were made, and how many there are.

    Labels stand for all types below them too; all are meant if there are none. What leads to entities that the reader
    may not know of is left out. With ``follows`` who follows whom is a link too.
    """
    wanted = _filtered(tx.engine, part, eventfilters.LINKS)
    some = f"EXISTS (SELECT 1 FROM {each(tx.engine, 'types')} WHERE {_TYPED[tx.engine]})"  # noqa: S608
    typed = some if labels else "1 = 1"
    seen = eventaudience.entity(tx.engine, "n", part.parties)
    sides = [
        f"SELECT {LINK}, {int(out)} AS leads_out, n.type AS other_type, n.name AS other_name"  # noqa: S608
        f" FROM {table} l JOIN event_entities n ON n.id = l.{there}"
        f" WHERE l.{here} = :entity AND {typed} AND {seen} AND {wanted.sql}"
        for out, asked, here, there in (
            (True, outward, "source", "target"),
            (False, inward, "target", "source"),
        )
        for table in ("event_links", *((_FOLLOWS,) if follows else ()))
        if asked
    ]
    found = " UNION ALL ".join(sides)
    given: dict[str, Value] = {
        "entity": entity, "types": listed((f":{label}:",) for label in labels), **wanted.parameters,
    }  # fmt: skip
    rows = await tx.all(
        f"SELECT * FROM ({found}) AS l ORDER BY l.id, l.leads_out DESC LIMIT :limit OFFSET :offset",  # noqa: S608
        limit=part.limit, offset=part.offset, **given,
    )  # fmt: skip
    near = [
        Near(link_from_row(row[:-3]), bool(row[-3]), cast(str, row[-2]), cast(str, row[-1])) for row in rows
    ]
    return near, await _total(tx, part, len(rows), f"SELECT 1 FROM ({found}) AS l", given)  # noqa: S608


async def votes(
    tx: Transaction, part: Slice, *, on: Sequence[int] = (), by: Sequence[int] = ()
) -> tuple[list[BumpRow], int]:
    """Return votes on some things, or of some actors, newest first, and how many there are.

    Those on things that the reader may not know of are left out.
    """
    ids = f"SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')}"  # noqa: S608
    item = eventaudience.item(tx.engine, "i", part.parties)
    entity = eventaudience.entity(tx.engine, "n", part.parties)
    found = (
        " FROM event_bumps b LEFT JOIN events i ON i.id = b.target"
        " LEFT JOIN event_entities n ON n.id = b.target"
        f" WHERE b.{'target' if on else 'actor'} IN ({ids}) AND (i.id IS NOT NULL AND {item}"
        f" OR n.id IS NOT NULL AND {entity})"
    )
    given: dict[str, Value] = {
        "ids": listed((id,) for id in (on or by)), **eventaudience.named(part.parties),
    }  # fmt: skip
    columns = ", ".join(f"b.{name}" for name in BumpRow._fields)
    rows = await tx.all(
        f"SELECT {columns}{found} ORDER BY b.occurred DESC, b.stream_id LIMIT :limit OFFSET :offset",
        limit=part.limit, offset=part.offset, **given,
    )  # fmt: skip
    votes = [BumpRow(*cast("tuple[int, int, int, str, int, str, int | None]", row)) for row in rows]
    return votes, await _total(tx, part, len(rows), f"SELECT 1{found}", given)


def _filtered(engine: str, part: Slice, shape: eventfilters.Shape) -> eventfilters.Condition:
    wanted = eventfilters.Condition()
    if part.filter is not None:
        wanted = eventfilters.condition(engine, part.filter, shape)
    return eventfilters.Condition(wanted.sql, wanted.parameters | eventaudience.named(part.parties))


async def _total(tx: Transaction, part: Slice, found: int, sql: str, given: dict[str, Value]) -> int:
    """Return how many rows a list has, as far as it is reached; the last page says so by itself."""
    if found < part.limit and (found or not part.offset):
        return part.offset + found
    row = await tx.one(f"SELECT count(*) FROM ({sql} LIMIT :most) AS c", most=REACH, **given)  # noqa: S608
    return 0 if row is None else cast(int, row[0])
