"""Which bundles of a notification feed were seen and read (Feeds §8.3).

A mark notes the newest activity that a bundle has; when a newer one comes, it holds no more.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, cast

from storage.connection import Transaction
from storage.feedactivities import Key
from storage.feedpages import DEPTH_MAX, FEED
from storage.sql import each, listed

State = Literal["seen", "read"]

_LACKS: Final = "(b.position, b.tie) > (b.{0}_position, b.{0}_tie)"
_LACKING: Final = "count(CASE WHEN (position, tie) > ({0}_position, {0}_tie) THEN 1 END)"


class Unmarked(NamedTuple):
    """How many bundles of a feed were not seen, and how many not read."""

    seen: int
    read: int


async def unmarked(tx: Transaction, owner: int | None, feed: str, *, since: int = -1) -> Unmarked:
    """Count the bundles of a feed that lack each mark, as far as paging reaches. One statement.

    Those that have nothing from the position ``since`` on are not counted.
    """
    row = await tx.one(
        f"SELECT {_LACKING.format('seen')}, {_LACKING.format('read')} FROM (SELECT * FROM bundles"  # noqa: S608
        f" WHERE stream = {FEED} AND activities > 0 AND position >= :since"
        " ORDER BY position DESC, tie DESC LIMIT :most) AS newest",
        owner=owner, feed=feed, since=since, most=DEPTH_MAX,
    )  # fmt: skip
    return Unmarked(*cast("tuple[int, int]", row))


async def mark_all(tx: Transaction, stream: int, state: State) -> int:
    """Mark every bundle of a feed; return how many were not."""
    return await tx.run(
        f"UPDATE bundles AS b SET {state}_position = b.position, {state}_tie = b.tie"  # noqa: S608
        f" WHERE b.stream = :stream AND {_LACKS.format(state)}",
        stream=stream,
    )


async def mark(tx: Transaction, bundles: Iterable[int], state: State) -> int:
    """Mark some bundles; return how many were not."""
    return await tx.run(
        f"UPDATE bundles AS b SET {state}_position = b.position, {state}_tie = b.tie"  # noqa: S608
        f" WHERE b.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'bundles')})"
        f" AND {_LACKS.format(state)}",
        bundles=listed((bundle,) for bundle in sorted(set(bundles))),
    )


async def by_newest(
    tx: Transaction, owner: int | None, feed: str, keys: Iterable[Key]
) -> dict[Key, tuple[int, str]]:
    """Return those bundles of a feed whose newest activity is one of some, with their names. One statement."""
    rows = await tx.all(
        f"SELECT b.position, b.tie, b.id, b.name FROM {each(tx.engine, 'keys')} JOIN bundles b"  # noqa: S608
        f" ON b.stream = {FEED} AND b.position = CAST(each.value ->> 0 AS BIGINT)"
        " AND b.tie = CAST(each.value ->> 1 AS BIGINT) WHERE b.activities > 0",
        owner=owner, feed=feed, keys=listed(keys),
    )  # fmt: skip
    return {
        Key(position, tie): (id, name)
        for position, tie, id, name in cast("list[tuple[int, int, int, str]]", rows)
    }
