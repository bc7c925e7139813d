"""Who follows what in a tenant, whose events concern it, and what it brought into the streams of followers (§11, §12).

A follower is a user's entity or a channel. What is followed is an entity; those of the types ``ASEventType`` and
``ASOrigin`` stand for all events of a type or from an origin.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class Follow(NamedTuple):
    """One follow. References are ``type/name`` as they are shown; ``occurred`` is when it began."""

    id: int
    follower: int
    followed: int
    stream_id: str
    occurred: int
    attributes: dict[str, Any]
    follower_ref: str
    followed_ref: str


_FOLLOW: Final = (
    "SELECT f.id, f.follower, f.followed, f.stream_id, f.occurred, f.attributes, a.type, a.name, b.type, b.name"
    " FROM event_follows f JOIN event_entities a ON a.id = f.follower JOIN event_entities b ON b.id = f.followed"
)


def _follow(row: Row) -> Follow:
    values: Any = row
    id, follower, followed, stream_id, occurred, attributes, a_type, a_name, b_type, b_name = values
    return Follow(
        id, follower, followed, stream_id, occurred, json.loads(attributes),
        f"{a_type}/{a_name}", f"{b_type}/{b_name}",
    )  # fmt: skip


async def find(tx: Transaction, follower: int, followed: int) -> Follow | None:
    """Return a follow, None when there is none."""
    row = await tx.one(
        f"{_FOLLOW} WHERE f.follower = :follower AND f.followed = :followed",
        follower=follower, followed=followed,
    )  # fmt: skip
    return None if row is None else _follow(row)


async def by_id(tx: Transaction, id: int) -> Follow | None:
    """Return a follow by its number, None when it has ended or was changed."""
    row = await tx.one(f"{_FOLLOW} WHERE f.id = :id", id=id)
    return None if row is None else _follow(row)


async def count(tx: Transaction, follower: int) -> int:
    """Count what a follower follows."""
    row = await tx.one("SELECT count(*) FROM event_follows WHERE follower = :follower", follower=follower)
    return 0 if row is None else cast(int, row[0])


_CHANNELS: Final = {None: "", True: " AND b.kind = 'aschannel'", False: " AND b.kind <> 'aschannel'"}


async def following(
    tx: Transaction, follower: int, *, channels: bool | None = None, limit: int, offset: int
) -> list[Follow]:
    """List what a follower follows, the oldest follow first; with ``channels`` these alone, or all else alone."""
    rows = await tx.all(
        f"{_FOLLOW} WHERE f.follower = :follower{_CHANNELS[channels]}"
        " ORDER BY f.occurred, f.stream_id LIMIT :limit OFFSET :offset",
        follower=follower, limit=limit, offset=offset,
    )  # fmt: skip
    return [_follow(row) for row in rows]


async def followers(tx: Transaction, followed: int, *, limit: int, offset: int) -> list[Follow]:
    """List who follows an entity, the oldest follow first."""
    rows = await tx.all(
        f"{_FOLLOW} WHERE f.followed = :followed ORDER BY f.occurred, f.stream_id LIMIT :limit OFFSET :offset",
        followed=followed, limit=limit, offset=offset,
    )  # fmt: skip
    return [_follow(row) for row in rows]


async def add(
    tx: Transaction,
    id: int,
    tenant: int,
    follower: int,
    followed: int,
    stream_id: str,
    attributes: str,
    *,
    occurred: int,
) -> None:
    """Begin a follow."""
    await tx.run(
        "INSERT INTO event_follows (id, tenant, follower, followed, stream_id, occurred, attributes)"
        " VALUES (:id, :tenant, :follower, :followed, :stream_id, :occurred, :attributes)"
        " ON CONFLICT (follower, followed) DO NOTHING",
        id=id, tenant=tenant, follower=follower, followed=followed, stream_id=stream_id, occurred=occurred,
        attributes=attributes,
    )  # fmt: skip


async def describe(tx: Transaction, id: int, attributes: str) -> None:
    """Change what a follow says without changing what it matches."""
    await tx.run(
        "UPDATE event_follows SET attributes = :attributes WHERE id = :id", id=id, attributes=attributes
    )


async def end(tx: Transaction, id: int) -> bool:
    """End a follow: what it matched counts no more from now on. False when there was none."""
    return await tx.run("DELETE FROM event_follows WHERE id = :id", id=id) > 0


async def watched(tx: Transaction, follow: int) -> set[int]:
    """Return the entities whose events concern a follow."""
    rows = await tx.all("SELECT named FROM event_watches WHERE follow = :follow", follow=follow)
    return {cast(int, row[0]) for row in rows}


async def watch(tx: Transaction, follow: int, named: Iterable[int]) -> None:
    """Let the events of some more entities concern a follow."""
    await tx.many(
        "INSERT INTO event_watches (named, follow) VALUES (:named, :follow) ON CONFLICT DO NOTHING",
        [{"named": one, "follow": follow} for one in sorted(set(named))],
    )


async def concerned(tx: Transaction, named: Iterable[int], *, after: int, limit: int) -> list[int]:
    """Return which follows some entities' events concern, in the order of their numbers."""
    rows = await tx.all(
        "SELECT DISTINCT follow FROM event_watches WHERE follow > :after AND named IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'named')}) ORDER BY follow LIMIT :limit",
        after=after, named=listed((one,) for one in named), limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


class Watcher(NamedTuple):
    """A follow that an item may match: whose it is, what it asks for, and which of the item's entities it watches."""

    follow: int
    follower: int
    kind: str
    attributes: str
    named: tuple[int, ...]


async def watchers(
    tx: Transaction, tenant: int, named: Iterable[int], keys: Sequence[str], *, after: int, limit: int
) -> tuple[list[Watcher], bool]:
    """Return which follows watch any of some entities, in the order of their numbers, and whether there are more.

    ``keys`` are those of entities beside: of the types and origins that the item belongs to. One statement of so many
    rows at most; a follow that they may have cut off is left to the next one.
    """
    rows = await tx.all(
        "SELECT f.id, f.follower, a.kind, f.attributes, w.named FROM event_watches w"  # noqa: S608
        " JOIN event_follows f ON f.id = w.follow JOIN event_entities a ON a.id = f.follower"
        f" WHERE w.named IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'named')}"
        " UNION ALL SELECT e.id FROM event_entities e WHERE e.tenant = :tenant"
        f" AND e.key IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'keys')}))"
        " AND w.follow > :after AND f.tenant = :tenant AND a.deleted = 0 ORDER BY f.id LIMIT :limit",
        tenant=tenant, named=listed((one,) for one in named), keys=listed((key,) for key in keys), after=after,
        limit=limit,
    )  # fmt: skip
    found: dict[int, Watcher] = {}
    for follow, follower, kind, attributes, one in cast("list[tuple[int, int, str, str, int]]", rows):
        before = found.get(follow)
        found[follow] = Watcher(
            follow, follower, kind, attributes, (one,) if before is None else (*before.named, one)
        )
    more = len(rows) == limit
    if more and len(found) > 1:
        found.popitem()
    return list(found.values()), more


class Match(NamedTuple):
    """An item in a follower's stream: the follow that brought it there, and the one that matched it."""

    follower: int
    occurred: int
    item: int
    follow: int
    monitor: int


async def match(tx: Transaction, matches: Iterable[Match]) -> int:
    """Put items into streams; return how many were not there yet by these follows."""
    return await tx.many(
        "INSERT INTO event_matches (follower, occurred, item, follow, monitor)"
        " VALUES (:follower, :occurred, :item, :follow, :monitor) ON CONFLICT DO NOTHING",
        [one._asdict() for one in matches],
    )


class Member(NamedTuple):
    """A user who follows a channel."""

    channel: int
    follow: int
    follower: int
    attributes: str


async def members(tx: Transaction, channels: Iterable[int], *, after: int = 0, limit: int) -> list[Member]:
    """Return who follows some channels, in the order of the numbers of their follows. One statement."""
    rows = await tx.all(
        "SELECT followed, id, follower, attributes FROM event_follows WHERE id > :after AND followed IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'channels')}) ORDER BY id LIMIT :limit",
        channels=listed((one,) for one in channels), after=after, limit=limit,
    )  # fmt: skip
    return [Member(*row) for row in rows]  # type: ignore[arg-type]


async def forget(tx: Transaction, follow: int, *, limit: int) -> bool:
    """Clear away what a follow that has ended matched, so many at most; True when that was all."""
    gone = 0
    for column in ("follow", "monitor"):
        gone += await tx.run(
            "DELETE FROM event_matches WHERE (follower, occurred, item, follow, monitor) IN"  # noqa: S608
            " (SELECT follower, occurred, item, follow, monitor FROM event_matches"
            f" WHERE {column} = :follow LIMIT :limit)",
            follow=follow, limit=limit - gone,
        )  # fmt: skip
    return gone < limit


IN_STREAM: Final = (
    "EXISTS (SELECT 1 FROM event_follows x WHERE x.id = m.follow)"
    " AND EXISTS (SELECT 1 FROM event_follows x WHERE x.id = m.monitor)"
)
"""SQL condition: a row ``m`` of ``event_matches`` counts, for its follows have not ended."""
