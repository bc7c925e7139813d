"""Feeds that are followed by so many that these read what is new there, instead of being given copies."""

from typing import NamedTuple, cast

from storage.connection import Transaction
from storage.feedactivities import Key
from storage.ids import IDS_PER_US, next_id


async def note(tx: Transaction, stream: int, *, from_followers: int) -> None:
    """Note that a feed is popular once it has as many followers; it stays so."""
    await tx.run(
        "INSERT INTO popular (stream, since) SELECT id, :now FROM streams WHERE id = :stream AND total >= :most"
        " ON CONFLICT (stream) DO NOTHING",
        stream=stream, now=next_id(), most=from_followers,
    )  # fmt: skip


async def is_found(tx: Transaction, stream: int, key: Key) -> bool:
    """Tell whether the followers of a feed find an activity there by themselves.

    They do what was placed there since the feed is popular; what was there before is copied to all of them.
    """
    row = await tx.one(
        "SELECT 1 FROM popular q JOIN placements p ON p.stream = q.stream AND p.placed > q.since"
        " WHERE q.stream = :stream AND p.position = :position AND p.tie = :tie",
        stream=stream, position=key.position, tie=key.tie,
    )  # fmt: skip
    return row is not None


class Read(NamedTuple):
    """A popular feed that another one follows: what was placed there after ``since`` was not copied."""

    stream: int
    since: int


_SINCE = "CASE WHEN f.created * :ids > p.since THEN f.created * :ids ELSE p.since END"


async def read_since(tx: Transaction, source: int, target: int) -> int | None:
    """Return since when ``target`` reads what is new in a popular feed that it follows; None when it does not."""
    row = await tx.one(
        f"SELECT {_SINCE} FROM popular p JOIN follows f ON f.source = p.stream"  # noqa: S608
        " WHERE p.stream = :source AND f.target = :target",
        source=source, target=target, ids=IDS_PER_US,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def followed_by(tx: Transaction, owner: int | None, feed: str) -> list[Read]:
    """Return the popular feeds that a feed follows, by its name. One statement.

    What was placed there since is an id, and has the instant of the follow in its upper bits.
    """
    rows = await tx.all(
        f"SELECT p.stream, {_SINCE}"  # noqa: S608
        " FROM popular p JOIN streams s ON s.owner = :owner AND s.kind = 'feed' AND s.name = :feed"
        " JOIN follows f ON f.source = p.stream AND f.target = s.id",
        owner=owner, feed=feed, ids=IDS_PER_US,
    )  # fmt: skip
    return [Read(*cast("tuple[int, int]", row)) for row in rows]
