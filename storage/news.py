"""What is new in feeds that someone listens to (Feeds §11): written with what happens, read by whoever listens.

When nobody listens in a tenant, all of this costs one look at an empty table.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Transaction
from storage.sql import each, listed

COUNTED_MAX: Final = 1_000
"""As far as the watched feeds of a tenant are counted."""
ANY: Final = (1 << 63) - 1
"""Above the row id of every stream."""

_PAIRS = (
    "INSERT INTO news (event, stream, item)"
    " SELECT :event, w.stream, CAST(each.value ->> 0 AS BIGINT) FROM {each} CROSS JOIN watched w"
    " WHERE w.tenant = :tenant AND w.stream = CAST(each.value ->> 1 AS BIGINT) AND w.until > :now"
    " ON CONFLICT (event, stream, item) DO NOTHING"
)
_TOLD = (
    "INSERT INTO news (event, stream, item, told)"
    " SELECT :event, w.stream, :item, :told FROM {each} CROSS JOIN watched w"
    " WHERE w.tenant = :tenant AND w.stream = CAST(each.value ->> 0 AS BIGINT) AND w.until > :now"
    " ON CONFLICT (event, stream, item) DO NOTHING"
)
_COPY = "p.origin = :source AND p.way = 2 ON CONFLICT (event, stream, item) DO NOTHING"
# The plus keeps SQLite from looking for the range in the inner table too, instead of for the one row that is there.
_FROM_WATCHED = (
    "INSERT INTO news (event, stream, item) SELECT :event, w.stream, a.item"  # noqa: S608
    " FROM feed_activities a CROSS JOIN watched w CROSS JOIN placements p WHERE a.item = :item"
    " AND w.tenant = :tenant AND w.until > :now AND w.stream > :after AND w.stream <= :last"
    f" AND p.stream = +w.stream AND p.position = a.position AND p.tie = a.tie AND {_COPY}"
)
_FROM_COPIES = (
    "INSERT INTO news (event, stream, item) SELECT :event, w.stream, p.item"  # noqa: S608
    " FROM placements p CROSS JOIN watched w WHERE p.item = :item AND p.stream > :after AND p.stream <= :last"
    f" AND w.tenant = :tenant AND w.stream = +p.stream AND w.until > :now AND {_COPY}"
)
_FOLLOWERS = (
    "INSERT INTO news (event, stream, item)"
    " SELECT :event, w.stream, :item FROM watched w CROSS JOIN follows f CROSS JOIN streams s"
    " WHERE w.tenant = :tenant AND w.until > :now AND f.source = :source AND f.target = w.stream"
    " AND NOT EXISTS (SELECT 1 FROM placements p WHERE p.item = :item AND p.stream = w.stream)"
    " AND s.id = w.stream AND NOT EXISTS"
    " (SELECT 1 FROM {each} WHERE substr(s.name, 1, length(each.value ->> 0)) = each.value ->> 0)"
    " ON CONFLICT (event, stream, item) DO NOTHING"
)


class Listeners(NamedTuple):
    """How many feeds of a tenant are listened to, counted as far as COUNTED_MAX, and whether it has a web hook."""

    watched: int
    hook: bool


async def listeners(tx: Transaction, tenant: int, *, now: int) -> Listeners:
    """Tell who listens to the feeds of a tenant. One statement."""
    row = await tx.one(
        "SELECT (SELECT count(*) FROM"
        " (SELECT 1 FROM watched WHERE tenant = :tenant AND until > :now LIMIT :most) AS counted),"
        " (SELECT count(*) FROM webhooks WHERE tenant = :tenant)",
        tenant=tenant, now=now, most=COUNTED_MAX,
    )  # fmt: skip
    watched, hooks = cast("tuple[int, int]", row)
    return Listeners(watched, hooks > 0)


async def watch(tx: Transaction, tenant: int, streams: Iterable[int], *, until: int) -> None:
    """Have it noted until an instant what happens in some feeds; said again, the later instant holds."""
    await tx.many(
        "INSERT INTO watched (tenant, stream, until) VALUES (:tenant, :stream, :until)"
        " ON CONFLICT (tenant, stream) DO UPDATE SET until = excluded.until"
        " WHERE watched.until < excluded.until",
        [{"tenant": tenant, "stream": stream, "until": until} for stream in sorted(set(streams))],
    )


async def placed(
    tx: Transaction, tenant: int, event: int, pairs: Iterable[tuple[int, int]], *, now: int
) -> int:
    """Note that activities are new in feeds, as pairs of item and stream; return how many are listened to."""
    return await tx.run(
        _PAIRS.format(each=each(tx.engine, "pairs")),
        tenant=tenant, event=event, pairs=listed(pairs), now=now,
    )  # fmt: skip


async def copied(
    tx: Transaction,
    tenant: int,
    event: int,
    item: int,
    source: int,
    *,
    after: int,
    last: int,
    few: bool,
    now: int,
) -> int:
    """Note the copies of an activity that came through ``source``; return how many are listened to.

    ``after`` is exclusive and ``last`` inclusive. With ``few`` watched feeds it is these that are gone through,
    otherwise it is the copies.
    """
    return await tx.run(
        _FROM_WATCHED if few else _FROM_COPIES,
        tenant=tenant, event=event, item=item, source=source, after=after, last=last, now=now,
    )  # fmt: skip


async def followed(
    tx: Transaction, tenant: int, event: int, item: int, source: int, *, but: Iterable[str], now: int
) -> int:
    """Note an activity for the followers of ``source`` that hold no copy; return how many are listened to.

    Those whose names begin with one of ``but`` are left out.
    """
    return await tx.run(
        _FOLLOWERS.format(each=each(tx.engine, "but")),
        tenant=tenant, event=event, item=item, source=source, but=listed((name,) for name in but), now=now,
    )  # fmt: skip


async def told(
    tx: Transaction, tenant: int, event: int, streams: Iterable[int], *, item: int, told: str, now: int
) -> int:
    """Note what else happened in feeds, as a JSON object; return how many of them are listened to."""
    return await tx.run(
        _TOLD.format(each=each(tx.engine, "streams")),
        tenant=tenant, event=event, streams=listed((stream,) for stream in streams), item=item, told=told, now=now,
    )  # fmt: skip


LISTENER: Final = -1
"""Stands for the activity where a listener has changed."""


class News(NamedTuple):
    """One thing that happened in a feed: ``item`` is new there, or what ``told`` says.

    When ``item`` is LISTENER, the listener that ``told`` names has subscribed to something, or unsubscribed.
    """

    event: int
    stream: int
    item: int
    told: str | None


async def stir(tx: Transaction, event: int, stream: int, listener: str) -> None:
    """Note that a listener has changed what it subscribes to, for the process that holds its connection."""
    await tx.run(
        "INSERT INTO news (event, stream, item, told) VALUES (:event, :stream, :item, :listener)",
        event=event, stream=stream, item=LISTENER, listener=listener,
    )  # fmt: skip


async def since(tx: Transaction, event: int, *, events: int) -> list[News]:
    """Return what happened after an event, in that order: all of so many events. One statement."""
    rows = await tx.all(
        "SELECT event, stream, item, told FROM news WHERE event IN"
        " (SELECT DISTINCT event FROM news WHERE event > :event ORDER BY event LIMIT :events)"
        " ORDER BY event, stream, item",
        event=event, events=events,
    )  # fmt: skip
    return [News(*row) for row in rows]  # type: ignore[arg-type]


async def events_in(tx: Transaction, streams: Iterable[int], *, after: int) -> dict[int, list[int]]:
    """Return which events after one there are in some feeds. One statement."""
    rows = await tx.all(
        "SELECT DISTINCT stream, event FROM news WHERE event > :after AND stream IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'streams')})",
        after=after, streams=listed((stream,) for stream in streams),
    )  # fmt: skip
    found: dict[int, list[int]] = {}
    for stream, event in cast("list[tuple[int, int]]", rows):
        found.setdefault(stream, []).append(event)
    return found
