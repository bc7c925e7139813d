"""What the actors of feeds and channels say: posts of their own, which they take back when what they told is gone.

Each function is a unit of work.
"""

from typing import Any

from storage import Transaction, actors, objects
from storage.actors import ActorRow, State
from storage.feedposts import FeedPost
from storage.objects import Kind, ObjectRow
from streams import record
from vocab import PUBLIC, Activity, Object


async def say(
    tx: Transaction, author: ActorRow, said: dict[str, Any], *, base_url: str, now: int
) -> Activity:
    """Let an actor say something to everyone, and to those who follow it."""
    told = Object({**said, "to": PUBLIC, "cc": author.followers})
    return await record.say(tx, author, told, base_url=base_url, now=now)


async def living(tx: Transaction, told: FeedPost) -> tuple[ObjectRow | None, ActorRow | None]:
    """Return a post and its author, each None where it is not there any more or may say nothing."""
    post, author = await objects.by_id(tx, told.post), await actors.of_feed(tx, told.stream)
    return (
        None if post is None or post.deleted is not None else post,
        None if author is None or author.state != State.ACTIVE else author,
    )


async def take_back(tx: Transaction, told: FeedPost, *, base_url: str, now: int) -> None:
    """Delete a post, or undo an Announce; what is gone already is left so."""
    post, author = await living(tx, told)
    if post is not None and author is not None:
        type = "Delete" if post.kind == Kind.OBJECT else "Undo"
        await say(tx, author, {"type": type, "object": post.iri}, base_url=base_url, now=now)
