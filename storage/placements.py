"""What is in a feed: placements of activities, in the order of what they tell (Feeds §5.2, §5.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.feedactivities import Kept, Key
from storage.ids import next_id
from storage.sql import each, listed

NEWEST: Final = Key((1 << 63) - 1, (1 << 63) - 1)
OLDEST: Final = Key(-1, -(1 << 63))


class Way(IntEnum):
    """How an activity came into a feed: added there, sent there by ``to``, or copied from a feed that it follows."""

    HOME = 0
    TARGET = 1
    COPY = 2


class Shown(IntEnum):
    """To whom a placement is shown: nobody, servers and the feed's own user, or whoever may read the feed."""

    NOBODY = 0
    OWNER = 1
    READERS = 2


@dataclass(frozen=True, slots=True)
class Placement:
    """One activity in one feed. ``origin`` is the stream of the feed through which a copy came."""

    stream: int
    key: Key
    item: int
    way: Way
    origin: int | None
    shown: Shown
    bundle: int | None


class Placed(NamedTuple):
    """An activity as a reader of a feed meets it; ``origin`` is the name of the feed through which it came."""

    kept: Kept
    origin: str | None


_MEMBERS = "stream, position, tie, item, way, origin, shown, bundle"
_COLUMNS = ", ".join(f"p.{name}" for name in _MEMBERS.split(", "))
_THE_ONE = "stream = :stream AND position = :position AND tie = :tie"


def _placement(row: Row) -> Placement:
    stream, position, tie, item, way, origin, shown, bundle = cast("tuple[int, ...]", row)
    return Placement(stream, Key(position, tie), item, Way(way), origin, Shown(shown), bundle)


async def put(tx: Transaction, placement: Placement) -> bool:
    """Put an activity into a feed; False when it is there already, and stays as it is."""
    added = await tx.run(
        "INSERT INTO placements (stream, position, tie, item, way, origin, shown, bundle, placed) VALUES"
        " (:stream, :position, :tie, :item, :way, :origin, :shown, :bundle, :placed)"
        " ON CONFLICT (stream, position, tie) DO NOTHING",
        stream=placement.stream, position=placement.key.position, tie=placement.key.tie, item=placement.item,
        way=int(placement.way), origin=placement.origin, shown=int(placement.shown), bundle=placement.bundle,
        placed=next_id(),
    )  # fmt: skip
    return added > 0


async def put_all(tx: Transaction, placed: Iterable[Placement]) -> int:
    """Put activities into feeds that have no bundles; return how many were not there. One statement."""
    return await tx.many(
        "INSERT INTO placements (stream, position, tie, item, way, origin, shown, placed) VALUES"
        " (:stream, :position, :tie, :item, :way, NULL, :shown, :placed)"
        " ON CONFLICT (stream, position, tie) DO NOTHING",
        [
            {
                "stream": one.stream, "position": one.key.position, "tie": one.key.tie, "item": one.item,
                "way": int(one.way), "shown": int(one.shown), "placed": next_id(),
            }
            for one in placed
        ],
    )  # fmt: skip


async def adopt(tx: Transaction, stream: int, key: Key, way: Way) -> bool:
    """Note that an activity that came into a feed some other way was now added or sent there; False if it was before.

    As a copy it keeps its origin.
    """
    adopted = await tx.run(
        "UPDATE placements SET way = :way, placed = :placed"
        " WHERE stream = :stream AND position = :position AND tie = :tie AND way > :way",
        way=int(way), placed=next_id(), stream=stream, position=key.position, tie=key.tie,
    )  # fmt: skip
    return adopted > 0


async def find(tx: Transaction, stream: int, key: Key) -> Placement | None:
    """Find an activity in a feed."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM placements p WHERE {_THE_ONE}",  # noqa: S608
        stream=stream, position=key.position, tie=key.tie,
    )  # fmt: skip
    return None if row is None else _placement(row)


async def with_foreign_id(
    tx: Transaction, tenant: int, stream: int, foreign_id: str, *, limit: int
) -> list[Placement]:
    """Return some of the activities in a feed that have a foreign id."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM feed_activities a JOIN placements p"  # noqa: S608
        " ON p.stream = :stream AND p.position = a.position AND p.tie = a.tie"
        " WHERE a.tenant = :tenant AND a.foreign_id = :foreign_id AND a.foreign_id <> '' LIMIT :limit",
        tenant=tenant, stream=stream, foreign_id=foreign_id, limit=limit,
    )  # fmt: skip
    return [_placement(row) for row in rows]


async def direct(tx: Transaction, item: int) -> list[Placement]:
    """Return the feeds that an activity was added or sent to."""
    rows = await tx.all(f"SELECT {_COLUMNS} FROM placements p WHERE p.item = :item AND p.way < 2", item=item)  # noqa: S608
    return [_placement(row) for row in rows]


async def copies(tx: Transaction, item: int, origin: int | None, *, limit: int) -> list[Placement]:
    """Return some of the copies that an activity has because it was in a feed, or in any, and is there no more."""
    through = "" if origin is None else " AND p.origin = :origin"
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM placements p WHERE p.item = :item AND p.way = 2{through}"  # noqa: S608
        " AND NOT EXISTS (SELECT 1 FROM placements h WHERE h.stream = p.origin AND h.position = p.position"
        " AND h.tie = p.tie AND h.way < 2) LIMIT :limit",
        item=item, limit=limit, **({} if origin is None else {"origin": origin}),
    )  # fmt: skip
    return [_placement(row) for row in rows]


async def come_through(tx: Transaction, stream: int, origin: int, *, limit: int) -> list[Placement]:
    """Return some of the copies that a feed has through another one."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM placements p WHERE p.stream = :stream AND p.way = 2 AND p.origin = :origin"  # noqa: S608
        " LIMIT :limit",
        stream=stream, origin=origin, limit=limit,
    )  # fmt: skip
    return [_placement(row) for row in rows]


async def added_to(tx: Transaction, stream: int, *, limit: int) -> list[Placement]:
    """Return the newest activities that were added or sent to a feed and that its readers see, newest first."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM placements p WHERE p.stream = :stream AND p.way < 2 AND p.shown = 2"  # noqa: S608
        " ORDER BY p.position DESC, p.tie DESC LIMIT :limit",
        stream=stream, limit=limit,
    )  # fmt: skip
    return [_placement(row) for row in rows]


async def take(tx: Transaction, placement: Placement) -> Placement | None:
    """Take an activity out of a feed, and return how it was there; None when it was not."""
    row = await tx.one(
        f"DELETE FROM placements WHERE {_THE_ONE} RETURNING {_MEMBERS}",  # noqa: S608
        stream=placement.stream, position=placement.key.position, tie=placement.key.tie,
    )  # fmt: skip
    return None if row is None else _placement(row)


async def take_all(tx: Transaction, found: list[Placement]) -> None:
    """Take activities out of feeds."""
    await tx.many(
        f"DELETE FROM placements WHERE {_THE_ONE}",  # noqa: S608
        [{"stream": one.stream, "position": one.key.position, "tie": one.key.tie} for one in found],
    )


async def copy(
    tx: Transaction, source: int, key: Key, item: int, *, shown: Shown, after: int, last: int, but: list[int]
) -> None:
    """Copy an activity to those followers of a feed whose streams lie in a range, apart from some. One statement.

    ``after`` is exclusive, ``last`` inclusive.
    """
    left_out = f" AND f.target NOT IN ({', '.join(map(str, map(int, but)))})" if but else ""
    await tx.run(
        "INSERT INTO placements (stream, position, tie, item, way, origin, shown, placed)"  # noqa: S608
        " SELECT f.target, :position, :tie, :item, 2, :source, :shown, :placed FROM follows f"
        f" WHERE f.source = :source AND f.target > :after AND f.target <= :last{left_out}"
        " ON CONFLICT (stream, position, tie) DO NOTHING",
        source=source, position=key.position, tie=key.tie, item=item, shown=int(shown), after=after, last=last,
        placed=next_id(),
    )  # fmt: skip


async def copy_all(
    tx: Transaction, source: int, copied: Iterable[tuple[Key, int]], *, shown: Shown, last: int
) -> None:
    """Copy activities, by ids and rows, to the followers of a feed up to the stream ``last``. One statement."""
    rows = [(key.position, key.tie, item, next_id()) for key, item in copied]
    position, tie, item, placed = (f"CAST(each.value ->> {at} AS BIGINT)" for at in range(4))
    await tx.run(
        "INSERT INTO placements (stream, position, tie, item, way, origin, shown, placed)"  # noqa: S608
        f" SELECT f.target, {position}, {tie}, {item}, 2, :source, :shown, {placed}"
        f" FROM {each(tx.engine, 'rows')} CROSS JOIN follows f WHERE f.source = :source AND f.target <= :last"
        " ON CONFLICT (stream, position, tie) DO NOTHING",
        source=source, rows=listed(rows), shown=int(shown), last=last,
    )  # fmt: skip


async def copy_newest(tx: Transaction, source: int, target: int, *, limit: int, since: int = 0) -> None:
    """Copy the newest activities that were added or sent to a feed, and that its readers see, into another one.

    Only those that were placed there after ``since``, which is an id that grows with time.
    """
    await tx.run(
        "INSERT INTO placements (stream, position, tie, item, way, origin, shown, placed)"
        " SELECT :target, p.position, p.tie, p.item, 2, :source, p.shown, :placed FROM placements p"
        " WHERE p.stream = :source AND p.way < 2 AND p.shown = 2 AND p.placed > :since"
        " ORDER BY p.position DESC, p.tie DESC LIMIT :limit ON CONFLICT (stream, position, tie) DO NOTHING",
        target=target, source=source, placed=next_id(), since=since, limit=limit,
    )  # fmt: skip


async def set_shown(tx: Transaction, item: int, shown: Shown) -> list[Placement]:
    """Show an activity to others, or to nobody, in every feed it is in. Bundles are to be told: see ``bundles.show``.

    Return those placements in bundles that are hidden now and were not, or the other way round.
    """
    was = "shown > 0" if shown == Shown.NOBODY else "shown = 0"
    rows = await tx.all(
        "UPDATE placements SET shown = :shown"  # noqa: S608
        f" WHERE item = :item AND bundle IS NOT NULL AND {was} RETURNING {_MEMBERS}",
        item=item, shown=int(shown),
    )  # fmt: skip
    await tx.run("UPDATE placements SET shown = :shown WHERE item = :item", item=item, shown=int(shown))
    return [_placement(row) for row in rows]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Between which ids a page lies; both are exclusive."""

    before: Key = NEWEST
    after: Key = OLDEST

    def narrowed(self, relation: str, key: Key) -> "Bounds":
        """Return what of it is ``lt``, ``lte``, ``gt`` or ``gte`` a key."""
        if relation in ("lt", "lte"):
            edge = key if relation == "lt" else _successor(key)
            return Bounds(min(self.before, edge), self.after)
        edge = key if relation == "gt" else _predecessor(key)
        return Bounds(self.before, max(self.after, edge))


def _successor(key: Key) -> Key:
    return Key(key.position, key.tie + 1) if key.tie < NEWEST.tie else Key(key.position + 1, OLDEST.tie)


def _predecessor(key: Key) -> Key:
    return Key(key.position, key.tie - 1) if key.tie > OLDEST.tie else Key(key.position - 1, NEWEST.tie)
