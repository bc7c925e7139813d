"""Which feed follows which. A follow copies what is placed in ``source`` into ``target``."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class FeedFollow(NamedTuple):
    """The names of the follower and of the feed that it follows, and since when, in microseconds since 1970."""

    follower: str
    followed: str
    created: int


async def add(tx: Transaction, source: int, target: int, *, now: int) -> bool:
    """Let ``target`` follow ``source``; False when it does already."""
    added = await tx.run(
        "INSERT INTO follows (source, target, state, created) VALUES (:source, :target, 1, :now)"
        " ON CONFLICT (source, target) DO NOTHING",
        source=source, target=target, now=now,
    )  # fmt: skip
    if added:
        await _count_one(tx, source, 1)
    return added > 0


async def end(tx: Transaction, source: int, target: int) -> bool:
    """End a follow; False when there is none."""
    ended = await tx.run(
        "DELETE FROM follows WHERE source = :source AND target = :target", source=source, target=target
    )
    if ended:
        await _count_one(tx, source, -1)
    return ended > 0


async def _count_one(tx: Transaction, source: int, change: int) -> None:
    await tx.run(
        "UPDATE streams SET total = total + :change WHERE id = :source", change=change, source=source
    )


async def exists(tx: Transaction, source: int, target: int) -> bool:
    """Tell whether ``target`` follows ``source``."""
    row = await tx.one(
        "SELECT 1 FROM follows WHERE source = :source AND target = :target", source=source, target=target
    )
    return row is not None


_SEIZED: Final = {"sqlite": "", "postgres": " FOR NO KEY UPDATE"}
_HELD: Final = {"sqlite": "", "postgres": " FOR SHARE"}
"""Units of work that write follow one another on SQLite; on PostgreSQL they may meet at a row."""


async def hold(tx: Transaction, stream: int) -> int:
    """Return how many feeds follow a feed: its stream keeps the number.

    No follow of it begins or ends before this unit of work does, for that changes the row which is held here. So
    what enters a feed or leaves it, and whoever follows or unfollows it meanwhile, do not miss each other.
    """
    row = await tx.one(f"SELECT total FROM streams WHERE id = :stream{_HELD[tx.engine]}", stream=stream)  # noqa: S608
    return cast(int, row[0]) if row else 0


async def seize(tx: Transaction, stream: int) -> None:
    """Wait for those who hold a feed, and let nobody else hold it before this unit of work ends."""
    await tx.one(f"SELECT 1 FROM streams WHERE id = :stream{_SEIZED[tx.engine]}", stream=stream)  # noqa: S608


_LISTED = (
    "SELECT follower.name, followed.name, f.created FROM follows f"
    " JOIN streams follower ON follower.id = f.target JOIN streams followed ON followed.id = f.source"
)
_NAMED = " AND {stream}.name IN (SELECT each.value ->> 0 FROM {names})"


async def following(
    tx: Transaction, follower: int, *, names: Iterable[str] | None, limit: int, offset: int
) -> list[FeedFollow]:
    """List what a feed follows, the newest follow first; only ``names`` if there are any."""
    named, parameters = _filter(tx, "followed", names)
    rows = await tx.all(
        f"{_LISTED} WHERE f.target = :follower AND followed.kind = 'feed'{named}"
        " ORDER BY f.created DESC, f.source DESC LIMIT :limit OFFSET :offset",
        follower=follower, limit=limit, offset=offset, **parameters,
    )  # fmt: skip
    return list(map(_follow, rows))


async def followers(
    tx: Transaction, followed: int, *, names: Iterable[str] | None, limit: int, offset: int
) -> list[FeedFollow]:
    """List who follows a feed, the newest follow first; only ``names`` if there are any."""
    named, parameters = _filter(tx, "follower", names)
    rows = await tx.all(
        f"{_LISTED} WHERE f.source = :followed AND follower.kind = 'feed'{named}"
        " ORDER BY f.created DESC, f.target DESC LIMIT :limit OFFSET :offset",
        followed=followed, limit=limit, offset=offset, **parameters,
    )  # fmt: skip
    return list(map(_follow, rows))


def _filter(tx: Transaction, stream: str, names: Iterable[str] | None) -> tuple[str, dict[str, str]]:
    if names is None:
        return "", {}
    text = listed((name,) for name in names)
    return _NAMED.format(stream=stream, names=each(tx.engine, "names")), {"names": text}


def _follow(row: Row) -> FeedFollow:
    return FeedFollow(*cast("tuple[str, str, int]", row))


async def count_followers(tx: Transaction, stream: int, slugs: Iterable[str], *, most: int) -> int:
    """Count who follows a feed, as far as ``most``; those of some groups alone if there are any."""
    return await _count(tx, "f.source = :stream", "f.target", stream, slugs, most)


async def count_following(tx: Transaction, stream: int, slugs: Iterable[str], *, most: int) -> int:
    """Count what a feed follows, as far as ``most``; those of some groups alone if there are any."""
    return await _count(tx, "f.target = :stream", "f.source", stream, slugs, most)


async def _count(
    tx: Transaction, condition: str, other: str, stream: int, slugs: Iterable[str], most: int
) -> int:
    within = {f"slug{n}": slug for n, slug in enumerate(slugs)}
    named = " OR ".join(f"substr(s.name, 1, length(:{term}) + 1) = :{term} || ':'" for term in within)
    row = await tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM follows f JOIN streams s ON s.id = {other}"  # noqa: S608
        f" WHERE {condition} AND s.kind = 'feed'{f' AND ({named})' if named else ''} LIMIT :most) counted",
        stream=stream, most=most, **within,
    )  # fmt: skip
    return cast(int, row[0]) if row else 0


class Follower(NamedTuple):
    """A feed that follows: its stream and its name."""

    stream: int
    name: str


async def next_followers(tx: Transaction, source: int, *, after: int, limit: int) -> list[Follower]:
    """Return the next followers of a feed in the order of their streams."""
    rows = await tx.all(
        "SELECT f.target, s.name FROM follows f JOIN streams s ON s.id = f.target"
        " WHERE f.source = :source AND f.target > :after AND s.kind = 'feed' ORDER BY f.target LIMIT :limit",
        source=source, after=after, limit=limit,
    )  # fmt: skip
    return list(map(Follower._make, rows))
