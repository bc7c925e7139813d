"""Pages of aggregated and notification feeds: bundles, that with the newest activity first (Feeds §8.1, §8.2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, cast

from storage.connection import Transaction, Value
from storage.feedactivities import Key
from storage.feedpages import EDITS, FEED, Listed, Part, by_others, within
from storage.sql import each, listed


@dataclass(frozen=True, slots=True)
class Counts:
    """The newest activity of a bundle, the position of its oldest, and how many activities and actors it has."""

    newest: Key
    oldest: int
    activities: int
    actors: int


@dataclass(frozen=True, slots=True)
class Bundle:
    """Activities of a feed that belong together; ``seen`` and ``read`` say which was the newest one then."""

    id: int
    stream: int
    name: str
    counts: Counts
    seen: Key
    read: Key

    @property
    def is_seen(self) -> bool:
        """Whether it was marked as seen since its newest activity came."""
        return self.counts.newest <= self.seen

    @property
    def is_read(self) -> bool:
        """Whether it was marked as read since its newest activity came."""
        return self.counts.newest <= self.read


async def page(tx: Transaction, owner: int | None, feed: str, part: Part) -> list[Bundle]:
    """Return the bundles of a part of a feed, by its name; no actor is left out. One statement."""
    parameters = {
        name: value for name, value in part.parameters().items() if name not in ("shown", "without")
    }
    return [_bundle(row) for row in await tx.all(_page(part.goes_on), owner=owner, feed=feed, **parameters)]


@lru_cache
def _page(goes_on: bool) -> str:
    reachable = within(goes_on, "b", f"bundles d WHERE d.stream = {FEED} AND d.activities > 0")
    return (
        "SELECT b.id, b.stream, b.name, b.position, b.tie, b.oldest, b.activities, b.actors,"  # noqa: S608
        " b.seen_position, b.seen_tie, b.read_position, b.read_tie FROM bundles b"
        f" WHERE b.stream = {FEED} AND b.activities > 0 AND {reachable}"
        " ORDER BY b.position DESC, b.tie DESC LIMIT :limit OFFSET :offset"
    )


def _bundle(row: tuple[object, ...]) -> Bundle:
    id, stream, name, position, tie, oldest, activities, actors, *marks = cast("tuple[int, ...]", row)
    counts = Counts(Key(position, tie), oldest, activities, actors)
    return Bundle(id, stream, cast(str, name), counts, Key(*marks[:2]), Key(*marks[2:]))


async def newest_in(
    tx: Transaction, bundles: Iterable[int], part: Part, *, most: int
) -> dict[int, list[Listed]]:
    """Return the newest entries of each of some bundles that a part of a feed shows. One statement.

    What was deleted is among them for as long as it is being taken out.
    """
    rows = await tx.all(
        _newest(tx.engine, bool(part.without)),
        bundles=listed((bundle,) for bundle in bundles), most=most, **_shown(part),
    )  # fmt: skip
    found: dict[int, list[Listed]] = {}
    for bundle, *entry in rows:
        found.setdefault(cast(int, bundle), []).append(Listed._make(entry))
    return found


def _shown(part: Part) -> dict[str, Value]:
    named: dict[str, Value] = {"shown": int(part.shown), "since": part.since}
    return named | ({"without": listed((mark,) for mark in part.without)} if part.without else {})


_SHOWN: Final = "x.shown >= :shown AND x.position >= :since"
_BUNDLES: Final = "(SELECT CAST(each.value ->> 0 AS BIGINT) AS id FROM {each}) b"


@lru_cache
def _newest(engine: str, some_left_out: bool) -> str:
    """Say "for each bundle, the newest few", for which the two engines have different words."""
    by = " JOIN feed_activities a ON a.item = x.item" if some_left_out else ""
    few = (
        f"FROM placements x{by} WHERE x.bundle = b.id AND {_SHOWN}{by_others(engine, some_left_out)}"
        " ORDER BY x.position DESC, x.tie DESC LIMIT :most"
    )
    if engine == "postgres":
        joined = f"CROSS JOIN LATERAL (SELECT x.* {few}) p"
    else:
        joined = "CROSS JOIN placements p ON (p.stream, p.position, p.tie) IN"
        joined += f" (SELECT x.stream, x.position, x.tie {few})"
    bundles = _BUNDLES.format(each=each(engine, "bundles"))
    return (
        f"SELECT b.id, p.item, p.position, p.tie, p.origin, {EDITS}, 0 FROM {bundles} {joined}"  # noqa: S608
        " ORDER BY p.position DESC, p.tie DESC"
    )


async def changed_by(tx: Transaction, bundles: Iterable[int], part: Part) -> list[int]:
    """Return those of some bundles that do not show all they have: some actor is left out, or its reader no owner."""
    rows = await tx.all(
        f"SELECT b.id FROM {_BUNDLES.format(each=each(tx.engine, 'bundles'))} WHERE EXISTS"  # noqa: S608
        " (SELECT 1 FROM bundle_actors a WHERE a.bundle = b.id AND a.actor IN"
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'without')}))"
        " OR :shown > 1 AND EXISTS (SELECT 1 FROM placements p WHERE p.bundle = b.id AND p.shown = 1)",
        bundles=listed((bundle,) for bundle in bundles), without=listed((mark,) for mark in part.without),
        shown=int(part.shown),
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def recounted(tx: Transaction, bundles: Iterable[int], part: Part) -> dict[int, Counts]:
    """Count of some bundles what a part of a feed shows; those that show nothing are left out. One statement."""
    rows = await tx.all(
        _recounted(tx.engine, bool(part.without)),
        bundles=listed((bundle,) for bundle in bundles), **_shown(part),
    )  # fmt: skip
    return {
        bundle: Counts(Key(position, tie), oldest, activities, actors)
        for bundle, position, tie, oldest, activities, actors in cast("list[tuple[int, ...]]", rows)
    }


@lru_cache
def _recounted(engine: str, some_left_out: bool) -> str:
    shows = (
        "SELECT b.id, x.position, x.tie, a.actor"  # noqa: S608
        f" FROM {_BUNDLES.format(each=each(engine, 'bundles'))} JOIN placements x ON x.bundle = b.id"
        f" JOIN feed_activities a ON a.item = x.item WHERE {_SHOWN}{by_others(engine, some_left_out)}"
    )
    return (
        f"WITH shows AS ({shows}), counts AS (SELECT id, max(position) AS position, min(position) AS oldest,"  # noqa: S608
        " count(*) AS activities, count(DISTINCT actor) AS actors FROM shows GROUP BY id)"
        " SELECT c.id, c.position, (SELECT max(s.tie) FROM shows s WHERE s.id = c.id AND s.position = c.position),"
        " c.oldest, c.activities, c.actors FROM counts c"
    )
