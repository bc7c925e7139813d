"""Activities as they come into feeds, and these feeds: what it takes to tell what is new (Feeds §11.2)."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from storage import feedactivities, tenants
from storage.connection import Transaction
from storage.feedactivities import Kept
from storage.sql import each, listed
from storage.tenants import Tenant


class Feed(NamedTuple):
    """A feed's name and whose it is."""

    name: str
    tenant: Tenant


async def feeds(tx: Transaction, streams: Iterable[int]) -> dict[int, Feed]:
    """Return feeds by the rows of their streams; those that are gone are left out. One statement."""
    rows: list[Any] = await tx.all(
        f"SELECT s.id, s.name, {tenants.COLUMNS} FROM streams s JOIN tenants t ON t.object = s.owner"  # noqa: S608
        f" WHERE s.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'streams')})",
        streams=listed((stream,) for stream in sorted(set(streams))),
    )  # fmt: skip
    return {id: Feed(name, tenants.from_row(rest)) for id, name, *rest in rows}


class Arrival(NamedTuple):
    """An activity in a feed: through which feed it came, whom it is shown to, and the bundle that it is in."""

    kept: Kept
    origin: str | None
    shown: int
    bundle: str | None


async def of(tx: Transaction, pairs: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Arrival]:
    """Return living activities in feeds, given as pairs of item and stream. One statement, or two.

    The second is for feeds that read an activity in a very popular one that they follow.
    """
    wanted = set(pairs)
    found = await _arrivals(tx, wanted, _HELD)
    if missing := wanted - found.keys():
        found |= await _arrivals(tx, missing, _READ_THROUGH)
    return found


_ARRIVALS = (
    "SELECT each.value ->> 1, {columns}, origin.name, p.shown, b.name FROM {each}"  # noqa: S608
    " CROSS JOIN feed_activities a {through} CROSS JOIN placements p {joined}"
    " LEFT JOIN streams origin ON origin.id = {origin} LEFT JOIN bundles b ON b.id = p.bundle"
    " WHERE a.item = CAST(each.value ->> 0 AS BIGINT) AND p.position = a.position AND p.tie = a.tie AND {where}"
    f" AND {feedactivities.LIVES}"
)
_STREAM = "CAST(each.value ->> 1 AS BIGINT)"
_HELD = {"through": "", "origin": "p.origin", "where": f"p.stream = {_STREAM}"}
_READ_THROUGH = {
    "through": "CROSS JOIN follows f CROSS JOIN popular",
    "origin": "p.stream",
    "where": f"f.target = {_STREAM} AND popular.stream = +f.source AND p.stream = +f.source AND p.way < 2",
}


async def _arrivals(
    tx: Transaction, pairs: set[tuple[int, int]], how: dict[str, str]
) -> dict[tuple[int, int], Arrival]:
    columns, joined = feedactivities.COLUMNS_OF_PLACEMENTS, feedactivities.JOINED
    sql = _ARRIVALS.format(columns=columns, joined=joined, each=each(tx.engine, "pairs"), **how)
    rows: list[Any] = await tx.all(sql, pairs=listed(sorted(pairs)))
    found = {}
    for stream, *row, origin, shown, bundle in rows:
        kept = feedactivities.from_row(tuple(row))
        found[(kept.item, int(stream))] = Arrival(kept, origin, shown, bundle)
    return found
