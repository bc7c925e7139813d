"""Showing: the feeds of public groups are actors that tell other servers what is in them.

Each activity that is added or sent to such a feed is told there by a Note: a sentence, with the activity attached.
When the activity changes, so does the Note; when it leaves the feed, the Note is deleted. What an account of ours
said itself is announced instead. An event that a route sends there is told if everybody may read it. What comes
through a follow is not told again. Each function is a unit of work.
"""

from typing import Any

from storage import Transaction, entries, feedposts, feeds, objects, placements
from storage.actors import ActorRow, State
from storage.feedposts import FeedPost
from storage.objects import Kind, ObjectRow
from streams import documents, instants
from streams.feeds import naming, posting, presence, sentences
from streams.feeds.space import Space
from vocab import Activity, Audience, dump, stored
from vocab import instants as times
from vocab.dialects.events import sentences as events
from vocab.dialects.getstream import FeedActivity, FeedId


async def tell(
    tx: Transaction, space: Space, feed: FeedId, stream: int, item: int, made: FeedActivity, *, now: int
) -> None:
    """Tell an activity in a feed of a public group, unless it was told there already, or happened before."""
    if space.past or await feedposts.find(tx, item, stream) is not None:
        return
    row = await objects.by_id(tx, item)
    author = await presence.ensure(tx, space, feed, stream, now=now)
    if row is None or not row.public or author.state != State.ACTIVE:
        return
    if space.made(row.iri) or space.recorded(row.iri):
        published = instants.written(min(times.microseconds(made.time), now))
        said = {"type": "Note", "published": published, **await _content(tx, space, feed, made, row)}
    elif row.type == "Create" and row.object is not None:
        said = {"type": "Announce", "object": await objects.iri_of(tx, row.object)}
    else:
        return
    activity = await _say(tx, space, author, said, now=now)
    told = activity.ids("object")[0] if activity.is_a("Create") else activity.id
    post = await objects.id_of(tx, told or "")
    if post is not None:
        await feedposts.note(tx, item, stream, post)


async def retell(tx: Transaction, space: Space, item: int, made: FeedActivity, *, now: int) -> None:
    """Let the posts that told an activity tell it as it is now."""
    row = await objects.by_id(tx, item)
    for told in await feedposts.of(tx, item):
        post, author = await posting.living(tx, told)
        if row is None or post is None or author is None or post.kind != Kind.OBJECT:
            continue
        content = await _content(tx, space, await _feed(tx, told.stream), made, row)
        before = stored(post.document or "{}", post.context)
        if any(before.get(term) != value for term, value in content.items()):
            await _say(tx, space, author, {"type": "Update", "object": {"id": post.iri, **content}}, now=now)


async def untell(tx: Transaction, space: Space, item: int, stream: int, *, now: int) -> None:
    """Take back what told an activity in a feed that it has left; told nowhere else, it is public no more."""
    post = await feedposts.take(tx, item, stream)
    if post is not None:
        await posting.take_back(tx, FeedPost(stream, post), base_url=space.base_url, now=now)
    if post is not None or space.has_public:
        await _settle(tx, space, item, now=now)


async def _settle(tx: Transaction, space: Space, item: int, *, now: int) -> None:
    """Let nobody read an activity any more that was made here and has left the last public feed."""
    row = await objects.by_id(tx, item)
    if row is None or not row.public or row.deleted is not None or await feedposts.of(tx, item):
        return
    if not space.made(row.iri) or space.is_public(await _homes(tx, item)):
        return
    text, context = dump.document(stored(row.document or "{}", row.context).without("to"))
    await objects.replace(tx, item, row.type, text, context, public=False, updated=now)
    await documents.address(tx, item, Audience())
    await entries.show(tx, item, "outbox", public=False)


async def _homes(tx: Transaction, item: int) -> list[FeedId]:
    """Return the feeds that an activity was added or sent to."""
    return [await _feed(tx, placement.stream) for placement in await placements.direct(tx, item)]


async def _feed(tx: Transaction, stream: int) -> FeedId:
    slug, _, id = (await feeds.name(tx, stream)).partition(":")
    return FeedId(slug, id)


async def _content(
    tx: Transaction, space: Space, feed: FeedId, made: FeedActivity, row: ObjectRow
) -> dict[str, Any]:
    """Return what a post says of an activity: the sentence that tells it, and the activity as it is stored."""
    names = await naming.names(tx, space, made)
    activity = stored(row.document or "{}", row.context).without("@context")
    usual = events.sentence(activity) if space.recorded(row.iri) else ""
    content = sentences.content(space.group(feed), feed, made, names, str(space.tenant.id), usual=usual)
    return {"content": content, "attachment": [activity.data]}


async def _say(
    tx: Transaction, space: Space, author: ActorRow, said: dict[str, Any], *, now: int
) -> Activity:
    return await posting.say(tx, author, said, base_url=space.base_url, now=now)
