"""Pages of feeds: what is in them, the newest first, as their readers are shown it (Feeds §5.4, §6.3)."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from storage.connection import Transaction, Value
from storage.feedactivities import JOINED, LIVES, Key
from storage.placements import NEWEST, OLDEST, Bounds, Shown
from storage.sql import each
from storage.sql import listed as as_text

FEED: Final = "(SELECT id FROM streams WHERE owner = :owner AND kind = 'feed' AND name = :feed)"
EDITS: Final = "coalesce((SELECT value FROM meta WHERE name = 'edits'), '0')"
DEPTH_MAX: Final = 1_000
"""Not more than so many of the newest entries of a feed are reached by going on from one page to the next."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a feed is read: between which ids, what its reader is shown of that, and how much of it.

    ``without`` are the marks of actors who are left out (``feedactivities.actor_mark``). Bounds are between the ids of
    entries; of an entry that is made of several activities, those before the position ``since`` are left out.
    """

    bounds: Bounds = field(default_factory=Bounds)
    since: int = -1
    shown: Shown = Shown.READERS
    without: tuple[int, ...] = ()
    limit: int = 25
    offset: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether it begins after an id and ends with what can be reached; between two ids one finds what is there."""
        return self.bounds.before != NEWEST and self.bounds.after == OLDEST

    def one_more(self) -> "Part":
        """Return the part with what comes after it, so that one sees whether there is more."""
        return Part(self.bounds, self.since, self.shown, self.without, self.limit + 1, self.offset)

    def parameters(self) -> dict[str, Value]:
        """Return what a statement that reads it asks for."""
        before, after = self.bounds.before, self.bounds.after
        named: dict[str, Value] = {
            "shown": int(self.shown), "before": before.position, "before_tie": before.tie,
            "limit": max(0, min(self.limit, DEPTH_MAX - self.offset)), "offset": self.offset,
        }  # fmt: skip
        if self.without:
            named["without"] = as_text((mark,) for mark in self.without)
        if self.goes_on:
            return named | {"deepest": DEPTH_MAX - 1}
        return named | {"after": after.position, "after_tie": after.tie}


def within(goes_on: bool, entry: str, entries: str) -> str:
    """Return the condition that an ``entry`` lies between the ids of a part, or is among the reachable ``entries``.

    These are a table and a condition that name each of them ``d``.
    """
    here = f"({entry}.position, {entry}.tie)"
    last = f"FROM {entries} ORDER BY d.position DESC, d.tie DESC LIMIT 1 OFFSET :deepest"
    edge = (
        f">= (coalesce((SELECT d.position {last}), -1), coalesce((SELECT d.tie {last}), 0))"
        if goes_on
        else "> (:after, :after_tie)"
    )
    return f"{here} < (:before, :before_tie) AND {here} {edge}"


def by_others(engine: str, some_left_out: bool) -> str:
    """Return the condition that an activity ``a`` is by none of the actors whom a part is without."""
    if not some_left_out:
        return ""
    return f" AND a.actor NOT IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(engine, 'without')})"  # noqa: S608


class Listed(NamedTuple):
    """An entry of a feed as the feed itself knows it.

    ``edits`` is how often stored documents have changed, and ``merges`` whether the feed follows popular ones.
    """

    item: int
    position: int
    tie: int
    origin: int | None
    edits: str
    merges: int

    @property
    def key(self) -> Key:
        """The id of the activity."""
        return Key(self.position, self.tie)


async def listed(
    tx: Transaction, owner: int | None, feed: str, part: Part, *, living: bool = False
) -> list[Listed]:
    """Return what is in a part of a feed, by its name, without what it says. One statement.

    Nothing beside the feed is read, unless actors are left out. What was deleted is among it for as long as it is
    being taken out, unless all is to be ``living``.
    """
    sql = _listed(tx.engine, part.goes_on, bool(part.without), living)
    return list(map(Listed._make, await tx.all(sql, owner=owner, feed=feed, **part.parameters())))


async def new_in(
    tx: Transaction, stream: int, part: Part, *, since: int, living: bool = False
) -> list[Listed]:
    """Return what was added or sent to a feed after ``since``, newest first, as its followers are shown it."""
    sql = _new(tx.engine, part.goes_on, bool(part.without), living)
    return list(map(Listed._make, await tx.all(sql, stream=stream, since=since, **part.parameters())))


_MERGES: Final = (
    "CASE WHEN EXISTS"  # noqa: S608
    f" (SELECT 1 FROM popular q JOIN follows w ON w.source = q.stream AND w.target = {FEED}) THEN 1 ELSE 0 END"
)


@lru_cache
def _listed(engine: str, goes_on: bool, some_left_out: bool, living: bool) -> str:
    shows = f"p.stream = {FEED} AND p.shown >= :shown"
    bounds = within(goes_on, "p", f"placements d WHERE d.stream = {FEED}")
    return _read(f"p.origin, {EDITS}, {_MERGES}", f"{shows} AND {bounds}", engine, some_left_out, living)


@lru_cache
def _new(engine: str, goes_on: bool, some_left_out: bool, living: bool) -> str:
    shows = f"p.stream = :stream AND p.shown >= :shown AND p.shown = {int(Shown.READERS)}"
    bounds = within(goes_on, "p", "placements d WHERE d.stream = :stream")
    placed = f"{shows} AND p.way < 2 AND p.placed > :since AND {bounds}"
    return _read(f"p.stream, {EDITS}, 1", placed, engine, some_left_out, living)


def _read(columns: str, placed: str, engine: str, some_left_out: bool, living: bool) -> str:
    activities = " JOIN feed_activities a ON a.item = p.item" if some_left_out or living else ""
    joined, lives = (f" {JOINED}", f" AND {LIVES}") if living else ("", "")
    return (
        f"SELECT p.item, p.position, p.tie, {columns} FROM placements p{activities}{joined}"  # noqa: S608
        f" WHERE {placed}{lives}{by_others(engine, some_left_out)}"
        " ORDER BY p.position DESC, p.tie DESC LIMIT :limit OFFSET :offset"
    )
