"""Where activities are, for the index of what happened: in which groups and feeds (Atom §4.4)."""

from collections.abc import Sequence
from typing import cast

from storage.connection import Transaction
from storage.happenings import Unnoted
from storage.sql import each, listed


async def of(
    tx: Transaction, rows: Sequence[Unnoted], named: Sequence[Sequence[str]]
) -> dict[int, tuple[str, ...]]:
    """Return the keys of the groups that activities name, and of the feeds they are in, by the activities' rows.

    ``named`` are the IRIs that each of the rows names. Of what everybody may read only feeds that everybody may read
    are told. Two statements.
    """
    groups = await _groups(tx, {iri for iris in named for iri in iris})
    found = {
        row.id: [groups[iri] for iri in iris if iri in groups] for row, iris in zip(rows, named, strict=True)
    }
    in_feeds = [row.id for row in rows if row.feed_tenant is not None]
    for item, feed in await _feeds(tx, in_feeds) if in_feeds else ():
        found[item].append(feed)
    return {id: tuple(dict.fromkeys(keys)) for id, keys in found.items()}


async def _groups(tx: Transaction, iris: set[str]) -> dict[str, str]:
    rows = await tx.all(
        "SELECT o.iri, a.handle FROM objects o JOIN actors a ON a.id = o.id WHERE a.handle IS NOT NULL"  # noqa: S608
        " AND o.type = 'Group' AND a.feed IS NULL"
        f" AND o.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})",
        iris=listed((iri,) for iri in sorted(iris)),
    )
    return dict(cast("list[tuple[str, str]]", rows))


async def _feeds(tx: Transaction, items: Sequence[int]) -> list[tuple[int, str]]:
    rows = await tx.all(
        "SELECT p.item, s.name FROM placements p JOIN streams s ON s.id = p.stream"  # noqa: S608
        " JOIN objects a ON a.id = p.item WHERE p.way < 2 AND (a.public = 0"
        " OR EXISTS (SELECT 1 FROM feed_posts t WHERE t.item = p.item AND t.stream = p.stream))"
        f" AND p.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        " ORDER BY p.item, s.name",
        items=listed((item,) for item in items),
    )
    return cast("list[tuple[int, str]]", rows)
