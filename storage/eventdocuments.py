"""Stream items of the Events API as the documents they are elsewhere (Events §23.2): histories, in order of occurrence.

Who may see what is decided by the tenant's rules for its callers (``eventaudience``), and for everybody else by whom
the documents are addressed to (``audience``). A blind copy is in nobody's history.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from storage import eventaudience
from storage.audience import readable
from storage.connection import Transaction, Value
from storage.entries import Viewer
from storage.eventaudience import Parties
from storage.eventlists import LATEST, Span
from storage.sql import each, listed


class Place(NamedTuple):
    """Where something is in a history: when it occurred, and its row for what occurred at once."""

    occurred: int
    item: int


NEWEST: Final = Place(LATEST, 0)


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may see: a condition about an item ``i`` and its document ``a``, and its parameters."""

    condition: str
    parameters: dict[str, Value]

    @classmethod
    def of_viewer(cls, viewer: Viewer | None) -> "Sight":
        """Return what an actor may read, or with None anybody."""
        if viewer is None:
            return cls("a.public = 1", {})
        return cls(readable("a"), {"viewer": viewer.id, "viewer_iri": viewer.iri})

    @classmethod
    def of_parties(cls, engine: str, parties: Parties) -> "Sight":
        """Return what a caller of the tenant may know of."""
        return cls(eventaudience.item(engine, "i", parties), eventaudience.named(parties))


async def places(
    tx: Transaction, spans: Iterable[Span], sight: Sight, *, before: Place = NEWEST, limit: int
) -> list[Place]:
    """Return where the events are in which entities took part, newest first. One statement for each span."""
    found: set[Place] = set()
    for span in spans:
        rows = await tx.all(
            "SELECT r.occurred, r.item FROM event_roles r JOIN events i ON i.id = r.item"  # noqa: S608
            " JOIN objects a ON a.id = r.item WHERE r.named = :named AND r.path NOT LIKE '%:SENT_TO_BCC%'"
            " AND r.occurred >= :since AND r.occurred < :until AND r.occurred <= :occurred"
            " AND (r.occurred < :occurred OR r.item < :item) AND i.kind = 0 AND i.hidden = 0"
            f" AND a.document IS NOT NULL AND {sight.condition}"
            " GROUP BY r.occurred, r.item ORDER BY r.occurred DESC, r.item DESC LIMIT :limit",
            named=span.named, since=span.since, until=span.until, occurred=before.occurred, item=before.item,
            limit=limit, **sight.parameters,
        )  # fmt: skip
        found.update(Place(*cast("tuple[int, int]", row)) for row in rows)
    return sorted(found, reverse=True)[:limit]


async def changes_of(tx: Transaction, entity: int, *, after: int, limit: int) -> list[int]:
    """Return the events that tell what was said of an entity, in the order of their rows. One statement."""
    rows = await tx.all(
        "SELECT DISTINCT e.id FROM event_roles r JOIN events e ON e.id = r.item WHERE r.named = :entity"  # noqa: S608
        f" AND r.path = 'AFFECTS' AND e.type IN {eventaudience.CHANGES} AND e.id > :after ORDER BY e.id LIMIT :limit",
        entity=entity, after=after, limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def told(tx: Transaction, items: Iterable[int]) -> list[int]:
    """Return which of some items everybody may read, or are in feeds. One statement."""
    rows = await tx.all(
        "SELECT a.id FROM objects a WHERE (a.public = 1"  # noqa: S608
        " OR EXISTS (SELECT 1 FROM linked l WHERE l.about = a.id AND l.item = a.id))"
        f" AND a.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')}) ORDER BY a.id",
        items=listed((item,) for item in items),
    )
    return [cast(int, row[0]) for row in rows]


class Written(NamedTuple):
    """A document as it is stored."""

    iri: str
    document: str
    context: str | None


async def written(tx: Transaction, items: Iterable[int]) -> dict[int, Written]:
    """Return the documents of rows. One statement."""
    rows = await tx.all(
        "SELECT a.id, a.iri, a.document, a.context FROM objects a WHERE a.document IS NOT NULL"  # noqa: S608
        f" AND a.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )
    return {cast(int, row[0]): Written(*cast("tuple[str, str, str | None]", row[1:])) for row in rows}
