"""Links between entities: said again they stay the same, and some types leave room for one alone (§6.1, §6.3)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from storage import Transaction, evententities, eventlinks
from storage.eventlinks import LinkRow, Quad
from storage.ids import next_id
from streams.events.clusters import IDENTITY, PROXY
from streams.events.gathering import Gathered
from streams.events.held import Held
from vocab.dialects.events import Link, Problems
from vocab.dialects.events.problems import REASSIGNED
from vocab.dialects.events.references import named
from vocab.jsontext import dumps

OWNING: Final = IDENTITY | {"IS"}
"""Types of which a target has one active link from entities of one type."""
FRONTING: Final = frozenset({PROXY, "ALIAS"})
"""Types of which a source has one active link."""
ACTING: Final = frozenset({"ON_BEHALF_OF", "RELAYED_BY"})
"""Types by which others than those who take part have to do with an event (Events §6.4)."""


@dataclass(slots=True)
class Links:
    """The links that a unit of work says, and all that stand in their way."""

    rows: dict[int, LinkRow] = field(default_factory=dict)
    types: dict[int, str] = field(default_factory=dict)
    """The root of the type of each source, in lower case."""
    changed: set[int] = field(default_factory=set)

    @property
    def ends(self) -> set[int]:
        """The entities between which links have changed."""
        rows = [self.rows[id] for id in self.changed]
        return {row.source for row in rows} | {row.target for row in rows}

    def put(self, row: LinkRow) -> None:
        """Let a link be as it is given."""
        self.rows[row.id] = row
        self.changed.add(row.id)

    def meant(self, quad: Quad, start: int, until: int | None) -> LinkRow | None:
        """Return the link that is said again: one that held at its start, else one that had not ended by its end."""
        same = [
            row for row in self.rows.values() if (row.source, row.path, row.target, row.external_id) == quad
        ]
        for row in same:
            if row.is_active(start) or row.active_from == start:
                return row
        return next(
            (
                row
                for row in same
                if row.active_until is None and (until is None or (row.active_from or 0) < until)
            ),
            None,
        )

    def rivals(self, row: LinkRow) -> list[LinkRow]:
        """Return the links that cannot hold at the same time as a new one, oldest first."""
        return sorted(
            (other for other in self.rows.values() if other.root == row.root and self._rival(row, other)),
            key=lambda other: other.active_from or 0,
        )

    def _rival(self, row: LinkRow, other: LinkRow) -> bool:
        if row.root in FRONTING and other.source == row.source and other.target != row.target:
            return True
        return (
            row.root in OWNING
            and other.target == row.target
            and other.source != row.source
            and self.types[other.source] == self.types[row.source]
        )


async def gather(tx: Transaction, gathered: Gathered, links: Iterable[Link]) -> Links:
    """Find the links that messages say, and those that cannot hold beside them. At most four statements."""
    said = [(gathered[link.source].id, link, gathered[link.target].id) for link in links]
    found = Links()
    if not said:
        return found
    rows = await eventlinks.between(
        tx, [(source, link.type, target, link.external_id) for source, link, target in said]
    )
    owned = {target for _, link, target in said if _root(link) in OWNING}
    fronts = {source for source, link, _ in said if _root(link) in FRONTING}
    if owned:
        rows += await eventlinks.at(tx, "target", owned, OWNING)
    if fronts:
        rows += await eventlinks.at(tx, "source", fronts, FRONTING)
    found.rows = {row.id: row for row in sorted(rows)}
    found.types = {held.id: held.row.root for held in gathered}
    unknown = {row.source for row in rows} - found.types.keys()
    if unknown:
        others = await evententities.by_ids(tx, unknown)
        found.types |= {id: row.root for id, row in others.items()}
    return found


def _root(link: Link) -> str:
    return link.type.partition(":")[0]


def claim(
    links: Links, link: Link, source: Held, target: Held, *, since: int, now: int, problems: Problems
) -> LinkRow | None:
    """Let a link hold from ``since`` on, unless it says when itself; return it when that changes anything.

    One that another has to make room for ends when the newer begins.
    """
    if source.id == target.id:
        return None
    start = since if link.active_from is None else link.active_from
    quad = (source.id, link.type, target.id, link.external_id)
    row = links.meant(quad, start, link.active_until)
    if link.ends:
        return (
            None
            if row is None or row.active_until is not None
            else _changed(links, row, row._replace(active_until=since), now)
        )
    if row is not None:
        return _changed(links, row, _updated(row, link, start), now)
    row = LinkRow(
        next_id(), source.row.tenant, source.id, _root(link), link.type, target.id, link.external_id,
        str(_stream_id(source, link, target)), link.weight, _spelled(link), start, link.active_until, now, now,
    )  # fmt: skip
    links.put(_make_room(links, row, link, now, problems))
    return links.rows[row.id]


def _updated(row: LinkRow, link: Link, start: int) -> LinkRow:
    """Return a link as it is after it was said again; what is not said stays."""
    return row._replace(
        weight=row.weight if link.weight is None else link.weight,
        properties=_spelled(link) if link.properties else row.properties,
        active_from=start if link.active_from is not None else min(start, row.active_from or 0),
        active_until=row.active_until if link.active_until is None else link.active_until,
    )


def _changed(links: Links, before: LinkRow, after: LinkRow, now: int) -> LinkRow | None:
    if after == before:
        return None
    links.put(after._replace(updated=now))
    return links.rows[after.id]


def _make_room(links: Links, row: LinkRow, link: Link, now: int, problems: Problems) -> LinkRow:
    """End the links that a new one takes the place of; return it, ended as well if others are newer still."""
    start = row.active_from or 0
    for rival in links.rivals(row):
        began = rival.active_from or 0
        if rival.active_until is not None and rival.active_until <= start:
            continue
        if row.active_until is not None and row.active_until <= began:
            continue
        if began > start:
            row = row._replace(active_until=began)
        else:
            links.put(rival._replace(active_until=start, updated=now))
            reason = f"{link.source} –{link.type}→ {link.target} takes the place of an earlier link"
            problems.warn(REASSIGNED, f"relations.{link.type}", reason)
    return row


def _spelled(link: Link) -> str:
    return dumps(dict(link.properties)).decode()


def _stream_id(source: Held, link: Link, target: Held) -> UUID:
    """Return what a link is called among all stream items."""
    mark = f"({link.external_id})" if link.external_id else ""
    return named(f"{source.row.key}--{link.type}--{target.row.key}{mark}".lower())


async def save(tx: Transaction, links: Links) -> None:
    """Write what has changed of links."""
    await eventlinks.put(tx, [links.rows[id] for id in sorted(links.changed)])
