"""What actors of ours said of events, which events others mean who answer that, and the comments that replies are."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Transaction
from storage.feedposts import FeedPost
from storage.sql import each, listed


class Meant(NamedTuple):
    """An event or comment that an answer is about: its row, its tenant and its stream id."""

    item: int
    tenant: int
    stream_id: str


async def meant(tx: Transaction, thing: int) -> Meant | None:
    """Return what is meant by a thing of ours: an item itself, or the one that a post told. One statement."""
    row = await tx.one(
        "SELECT e.id, e.tenant, e.stream_id FROM events e WHERE e.id = :thing AND e.kind < 2 AND e.hidden = 0"
        " UNION ALL SELECT e.id, e.tenant, e.stream_id FROM feed_posts p JOIN events e ON e.id = p.item"
        " WHERE p.post = :thing AND e.kind < 2 AND e.hidden = 0 LIMIT 1",
        thing=thing,
    )
    return None if row is None else Meant(*cast("tuple[int, int, str]", row))


async def told(tx: Transaction, items: Iterable[int], *, kind: str) -> list[tuple[int, FeedPost]]:
    """Return by which posts some items were told in streams of a kind. One statement."""
    rows = await tx.all(
        f"SELECT p.item, p.stream, p.post FROM {each(tx.engine, 'items')} CROSS JOIN feed_posts p"  # noqa: S608
        " JOIN streams s ON s.id = p.stream WHERE p.item = CAST(each.value ->> 0 AS BIGINT)"
        " AND s.kind = :kind ORDER BY p.item, p.stream",
        items=listed((item,) for item in items), kind=kind,
    )  # fmt: skip
    return [(cast(int, row[0]), FeedPost(*cast("tuple[int, int]", row[1:]))) for row in rows]


async def channels(tx: Transaction, items: Iterable[int], *, kind: str) -> set[int]:
    """Return whose streams of a kind have told any of some items. One statement."""
    rows = await tx.all(
        f"SELECT DISTINCT s.owner FROM {each(tx.engine, 'items')} CROSS JOIN feed_posts p"  # noqa: S608
        " JOIN streams s ON s.id = p.stream WHERE p.item = CAST(each.value ->> 0 AS BIGINT) AND s.kind = :kind",
        items=listed((item,) for item in items), kind=kind,
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}


async def note_reply(tx: Transaction, post: int, item: int) -> None:
    """Remember that a comment is a reply from elsewhere."""
    await tx.run(
        "INSERT INTO event_replies (post, item) VALUES (:post, :item) ON CONFLICT (post) DO NOTHING",
        post=post, item=item,
    )  # fmt: skip


async def comment_of(tx: Transaction, post: int) -> int | None:
    """Return which comment a reply is; None for one that is none."""
    row = await tx.one("SELECT item FROM event_replies WHERE post = :post", post=post)
    return None if row is None else cast(int, row[0])


async def take_reply(tx: Transaction, post: int) -> int | None:
    """Forget which comment a reply from elsewhere is, and return that; None for one that is none."""
    row = await tx.one("DELETE FROM event_replies WHERE post = :post RETURNING item", post=post)
    return None if row is None else cast(int, row[0])
