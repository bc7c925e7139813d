"""What is in the streams of users and channels, and where to find what was there before (Events §11, §12)."""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple, TypeAlias, cast

from storage import eventaudience
from storage.connection import Transaction, Value
from storage.eventfollows import EVER
from storage.eventlists import Asked, Matched
from storage.sql import each, listed

IN_STREAM: Final = (
    "EXISTS (SELECT 1 FROM event_follows x WHERE x.id = m.follow)"
    " AND EXISTS (SELECT 1 FROM event_follows x WHERE x.id = m.monitor)"
)
"""SQL condition: a row ``m`` of ``event_matches`` counts, for its follows have not ended."""


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


class Key(NamedTuple):
    """Where an item stands among others: when it occurred, and its row."""

    occurred: int
    item: int


Way: TypeAlias = Literal["named", "type", "origin"]

_LANES: Final[dict[str, str]] = {
    "named": "SELECT DISTINCT r.occurred, r.item FROM event_roles r JOIN events e ON e.id = r.item"
    " WHERE r.named = :key AND e.tenant = :tenant AND e.kind < 2 AND (r.occurred, r.item) < (:occurred, :item)"
    " AND r.occurred >= :since AND r.path NOT LIKE '%SENT_TO_BCC%'"
    " ORDER BY r.occurred DESC, r.item DESC LIMIT :limit",
    "type": "SELECT e.occurred, e.id FROM events e WHERE e.tenant = :tenant AND e.type = :key AND e.kind < 2"
    " AND e.occurred >= :since AND (e.occurred, e.id) < (:occurred, :item)"
    " ORDER BY e.occurred DESC, e.id DESC LIMIT :limit",
    "origin": "SELECT e.occurred, e.id FROM events e WHERE e.tenant = :tenant AND e.kind = 0"
    " AND e.occurred >= :since AND (e.occurred, e.id) < (:occurred, :item)"
    " ORDER BY e.occurred DESC, e.id DESC LIMIT :limit",
}


class Lane(NamedTuple):
    """Where items lie in order: those that name an entity openly, those of a type, or all to look for an origin.

    Only those count that occurred from ``since`` to before ``until``.
    """

    way: Way
    key: int | str
    since: int = EVER.start
    until: int = EVER.stop


async def lane(
    tx: Transaction, tenant: int, lane: Lane, *, before: Key | None = None, limit: int
) -> list[Key]:
    """Return where items of a lane stand, the newest first, along its index. One statement."""
    occurred, item = before or Key(lane.until, 0)
    key: dict[str, Value] = {} if lane.way == "origin" else {"key": lane.key}
    rows = await tx.all(
        _LANES[lane.way], tenant=tenant, since=lane.since, occurred=occurred, item=item, limit=limit, **key
    )
    return [Key(*row) for row in rows]  # type: ignore[arg-type]


class Held(NamedTuple):
    """An item in a channel, and the monitor that matched it."""

    occurred: int
    item: int
    monitor: int


LAST: Final = Held(EVER.stop, 0, 0)
"""Above everything in a channel."""


async def in_channel(tx: Transaction, channel: int, *, before: Held = LAST, limit: int) -> list[Held]:
    """Return what is in a channel, the newest first. One statement."""
    rows = await tx.all(
        f"SELECT m.occurred, m.item, m.monitor FROM event_matches m WHERE m.follower = :channel AND {IN_STREAM}"  # noqa: S608
        " AND (m.occurred, m.item, m.monitor) < (:occurred, :item, :monitor)"
        " ORDER BY m.occurred DESC, m.item DESC, m.monitor DESC LIMIT :limit",
        channel=channel, limit=limit, **before._asdict(),
    )  # fmt: skip
    return [Held(*row) for row in rows]  # type: ignore[arg-type]


class Tally(NamedTuple):
    """How many items of a type and importance there are, and when the first and the last of them occurred."""

    type: str
    importance: int
    number: int
    first: int
    last: int


async def tally(tx: Transaction, asked: Asked, *, most: int) -> list[Tally]:
    """Count what the newest items of a stream are, as far as a reader may know of them. One statement."""
    if not isinstance(asked.source, Matched):
        raise TypeError(asked.source)
    rows = await tx.all(
        "SELECT e.type, e.importance, count(*), min(e.occurred), max(e.occurred) FROM"  # noqa: S608
        " (SELECT DISTINCT m.occurred, m.item FROM event_matches m WHERE m.follower = :follower"
        f" AND m.occurred >= :since AND m.occurred < :until AND {IN_STREAM}"
        " ORDER BY m.occurred DESC, m.item DESC LIMIT :most) x JOIN events e ON e.id = x.item"
        f" WHERE e.hidden = 0 AND {eventaudience.item(tx.engine, 'e', asked.parties)}"
        " GROUP BY e.type, e.importance ORDER BY e.type, e.importance",
        follower=asked.source.follower, since=asked.since, until=asked.until, most=most,
        **eventaudience.named(asked.parties),
    )  # fmt: skip
    return [Tally(*row) for row in rows]  # type: ignore[arg-type]


async def holds(tx: Transaction, follower: int, items: Iterable[int]) -> set[int]:
    """Return which of some items are in a stream. One statement."""
    rows = await tx.all(
        f"SELECT m.item FROM {each(tx.engine, 'items')} CROSS JOIN event_matches m"  # noqa: S608
        " WHERE m.item = CAST(each.value ->> 0 AS BIGINT)"
        f" AND m.follower = :follower AND {IN_STREAM}",
        items=listed((item,) for item in items), follower=follower,
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}
