"""What the actors of public feeds said of the activities in them, to be changed and taken back later."""

from typing import NamedTuple, cast

from storage.connection import Transaction


class FeedPost(NamedTuple):
    """Which post told an activity in a feed: the rows of the feed's stream and of the post."""

    stream: int
    post: int


async def note(tx: Transaction, item: int, stream: int, post: int) -> None:
    """Remember with which post an activity was told in a feed."""
    await tx.run(
        "INSERT INTO feed_posts (item, stream, post) VALUES (:item, :stream, :post)"
        " ON CONFLICT (item, stream) DO UPDATE SET post = excluded.post",
        item=item, stream=stream, post=post,
    )  # fmt: skip


async def find(tx: Transaction, item: int, stream: int) -> int | None:
    """Return the post that told an activity in a feed."""
    row = await tx.one(
        "SELECT post FROM feed_posts WHERE item = :item AND stream = :stream", item=item, stream=stream
    )
    return None if row is None else cast(int, row[0])


async def of(tx: Transaction, item: int) -> list[FeedPost]:
    """Return every post that told an activity."""
    rows = await tx.all("SELECT stream, post FROM feed_posts WHERE item = :item ORDER BY stream", item=item)
    return [FeedPost(*cast("tuple[int, int]", row)) for row in rows]


async def take(tx: Transaction, item: int, stream: int) -> int | None:
    """Forget the post that told an activity in a feed, and return it; None when there was none."""
    row = await tx.one(
        "DELETE FROM feed_posts WHERE item = :item AND stream = :stream RETURNING post",
        item=item, stream=stream,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])
