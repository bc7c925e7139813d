"""Who follows what in a tenant, and whose events concern it (Events §11, §12).

A follower is a user's entity or a channel. What is followed is an entity; those of the types ``ASEventType`` and
``ASOrigin`` stand for all events of a type or from an origin.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple, cast

from storage import eventaudience
from storage.connection import Row, Transaction
from storage.eventaudience import Parties
from storage.sql import each, listed

EVER: Final = range(-(1 << 62), 1 << 62)
"""All instants."""


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


_CHANNELS: Final = {
    None: "",
    True: " AND substr(b.kind, 1, 9) = 'aschannel'",
    False: " AND substr(b.kind, 1, 9) <> 'aschannel'",
}


async def count(
    tx: Transaction, follower: int, *, parties: Parties = None, channels: bool | None = None
) -> int:
    """Count what a follower follows, as far as a reader may know of it; with ``channels`` these or all else alone."""
    row = await tx.one(
        "SELECT count(*) FROM event_follows f JOIN event_entities b ON b.id = f.followed"  # noqa: S608
        f" WHERE f.follower = :follower{_CHANNELS[channels]} AND {eventaudience.entity(tx.engine, 'b', parties)}",
        follower=follower, **eventaudience.named(parties),
    )  # fmt: skip
    return 0 if row is None else cast(int, row[0])


async def count_followers(tx: Transaction, followed: int, *, parties: Parties, most: int) -> int:
    """Count who follows an entity, at whichever door, as far as ``most`` and a reader may know of them."""
    row = await tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM {_USERS} AND {eventaudience.entity(tx.engine, 'a', parties)}"  # noqa: S608
        f" UNION ALL SELECT 1 FROM ({_ELSEWHERE}) e LIMIT :most) counted",
        followed=followed, most=most, **eventaudience.named(parties),
    )  # fmt: skip
    return 0 if row is None else cast(int, row[0])


async def following(
    tx: Transaction, follower: int, *, parties: Parties, channels: bool | None = None, limit: int, offset: int
) -> list[Follow]:
    """List what a follower follows, as far as a reader may know of it, the oldest follow first.

    With ``channels`` these alone are listed, or all else alone.
    """
    rows = await tx.all(
        f"{_FOLLOW} WHERE f.follower = :follower{_CHANNELS[channels]}"
        f" AND {eventaudience.entity(tx.engine, 'b', parties)}"
        " ORDER BY f.occurred, f.stream_id LIMIT :limit OFFSET :offset",
        follower=follower, limit=limit, offset=offset, **eventaudience.named(parties),
    )  # fmt: skip
    return [_follow(row) for row in rows]


async def count_members(tx: Transaction, followed: int, *, parties: Parties) -> int:
    """Count which users follow an entity, as far as a reader may know of them."""
    row = await tx.one(
        f"SELECT count(*) FROM {_USERS} AND {eventaudience.entity(tx.engine, 'a', parties)}",  # noqa: S608
        followed=followed, **eventaudience.named(parties),
    )  # fmt: skip
    return 0 if row is None else cast(int, row[0])


async def followers(
    tx: Transaction, followed: int, *, parties: Parties, limit: int, offset: int
) -> list[Follow]:
    """List which users follow an entity, as far as a reader may know of them, the oldest follow first."""
    rows = await tx.all(
        f"{_FOLLOW} WHERE f.followed = :followed AND {eventaudience.entity(tx.engine, 'a', parties)}"
        " ORDER BY f.occurred, f.stream_id LIMIT :limit OFFSET :offset",
        followed=followed, limit=limit, offset=offset, **eventaudience.named(parties),
    )  # fmt: skip
    return [_follow(row) for row in rows]


_USERS: Final = "event_follows f JOIN event_entities a ON a.id = f.follower WHERE f.followed = :followed"
_ELSEWHERE: Final = (
    "SELECT w.created, p.iri, p.local FROM streams c JOIN actors a ON a.feed = c.id"
    " JOIN streams o ON o.owner = a.id AND o.kind = 'outbox' JOIN follows w ON w.source = o.id AND w.state = 1"
    " JOIN streams t ON t.id = w.target JOIN objects p ON p.id = t.owner"
    " WHERE c.owner = :followed AND c.kind = 'channel'"
)


class Elsewhere(NamedTuple):
    """An actor that follows a channel as an actor: since when, its IRI, and whether it is one of ours."""

    occurred: int
    iri: str
    local: bool


async def elsewhere(tx: Transaction, followed: int, *, limit: int, offset: int) -> list[Elsewhere]:
    """List which actors follow a channel from other servers, or at another door; the oldest follow first."""
    rows = await tx.all(
        f"SELECT e.created, e.iri, e.local FROM ({_ELSEWHERE}) e ORDER BY e.created, e.iri"  # noqa: S608
        " LIMIT :limit OFFSET :offset",
        followed=followed, limit=limit, offset=offset,
    )  # fmt: skip
    return [Elsewhere(at, iri, bool(local)) for at, iri, local in cast("list[tuple[int, str, int]]", rows)]


async def add(tx: Transaction, tenant: int, follow: Follow) -> None:
    """Begin a follow."""
    await tx.run(
        "INSERT INTO event_follows (id, tenant, follower, followed, stream_id, occurred, attributes)"
        " VALUES (:id, :tenant, :follower, :followed, :stream_id, :occurred, :attributes)"
        " ON CONFLICT (follower, followed) DO NOTHING",
        id=follow.id, tenant=tenant, follower=follow.follower, followed=follow.followed,
        stream_id=follow.stream_id, occurred=follow.occurred, attributes=_text(follow.attributes),
    )  # fmt: skip


def _text(attributes: Mapping[str, Any]) -> str:
    return json.dumps(attributes, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


async def describe(tx: Transaction, id: int, attributes: Mapping[str, Any]) -> None:
    """Change what a follow says without changing what it matches."""
    await tx.run(
        "UPDATE event_follows SET attributes = :attributes WHERE id = :id",
        id=id,
        attributes=_text(attributes),
    )


async def end(tx: Transaction, id: int) -> bool:
    """End a follow: what it matched counts no more from now on. False when there was none."""
    return await tx.run("DELETE FROM event_follows WHERE id = :id", id=id) > 0


class Watch(NamedTuple):
    """An entity whose items concern a follow: those that occurred from ``since`` to before ``until``."""

    named: int
    since: int = EVER.start
    until: int = EVER.stop


async def watched(tx: Transaction, follow: int) -> set[Watch]:
    """Return whose items concern a follow."""
    rows = await tx.all("SELECT named, since, until FROM event_watches WHERE follow = :follow", follow=follow)
    return {Watch(*row) for row in rows}  # type: ignore[arg-type]


async def watch(tx: Transaction, follow: int, watches: Iterable[Watch]) -> None:
    """Let the items of some more entities concern a follow."""
    await tx.many(
        "INSERT INTO event_watches (named, follow, since, until) VALUES (:named, :follow, :since, :until)"
        " ON CONFLICT (named, follow, since) DO UPDATE SET until = excluded.until",
        [{**one._asdict(), "follow": follow} for one in sorted(watches)],
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
    followed: int
    kind: str
    attributes: str
    named: tuple[int, ...]


# Joined in this order: whoever follows something is found by what the item names, not the other way round.
_WATCHERS: Final = (
    "SELECT f.id, f.follower, f.followed, a.kind, f.attributes, w.named FROM"
    " (SELECT r.named FROM event_roles r WHERE r.item = :item AND r.path NOT LIKE '%SENT_TO_BCC%'"
    " UNION SELECT e.id FROM event_entities e WHERE e.tenant = :tenant"
    " AND e.key IN (SELECT each.value ->> 0 FROM {keys})) n"
    " CROSS JOIN event_watches w CROSS JOIN event_follows f CROSS JOIN event_entities a"
    " WHERE w.named = n.named AND w.since <= :occurred AND w.until > :occurred AND w.follow > :after"
    " AND f.id = w.follow AND f.tenant = :tenant AND a.id = f.follower AND a.deleted = 0"
    " ORDER BY f.id LIMIT :limit"
)


async def watchers(
    tx: Transaction, tenant: int, item: int, keys: Sequence[str], *, occurred: int, after: int, limit: int
) -> tuple[list[Watcher], bool]:
    """Return which follows watch what an item names, in the order of their numbers, and whether there are more.

    ``keys`` are those of entities beside: of the types and origins that the item belongs to. One statement of so many
    rows at most; a follow that they may have cut off is left to the next one.
    """
    rows = await tx.all(
        _WATCHERS.format(keys=each(tx.engine, "keys")),
        tenant=tenant, item=item, keys=listed((key,) for key in keys), occurred=occurred, after=after,
        limit=limit,
    )  # fmt: skip
    found: dict[int, Watcher] = {}
    for row in cast("list[tuple[int, int, int, str, str, int]]", rows):
        before = found.get(row[0])
        found[row[0]] = Watcher(*row[:5], (*(() if before is None else before.named), row[5]))
    more = len(rows) == limit
    if more and len(found) > 1:
        found.popitem()
    return list(found.values()), more


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


class Tie(NamedTuple):
    """A link between two entities, seen from the one that was asked about."""

    path: str
    other: int


_ACTIVE: Final = (
    "IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each})"
    " AND (active_from IS NULL OR active_from <= :now) AND (active_until IS NULL OR active_until > :now)"
)
_TIES: Final = (
    f"SELECT path, target FROM event_links WHERE source {_ACTIVE}"  # noqa: S608
    f" UNION SELECT path, source FROM event_links WHERE target {_ACTIVE} LIMIT :limit"
)


async def ties(tx: Transaction, entities: Iterable[int], *, now: int, limit: int) -> list[Tie]:
    """Return the entities that active links join some others with, in either direction. One statement."""
    some = each(tx.engine, "entities")
    rows = await tx.all(
        _TIES.format(each=some), entities=listed((one,) for one in entities), now=now, limit=limit
    )
    return [Tie(*row) for row in rows]  # type: ignore[arg-type]
