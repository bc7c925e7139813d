"""Broadcasting: public channels tell other servers what happens in them (Events §11, §23.1).

Each event that arrives and matches a public channel is told there by a Note: a sentence, with the event attached as
everybody else reads it (``vocab.dialects.events.as2``), where nothing is that must not leave. A comment on what was
told is told too, as a reply to that, and a vote on what everybody may read by an Announce of it (FEP-1b12). What only
some may know of is not told; what has no rules is not told either when it names something of which only some may know.
What was in a channel before it was public, or before it monitored something, stays there, and what was said elsewhere
is not told there again. The posts of an invalidated batch are deleted. All of it is done by jobs, in the order in which
things happened in a tenant.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, Final

from storage import (
    Transaction,
    evententities,
    eventitems,
    eventposts,
    eventroles,
    feedposts,
    jobs,
    objects,
)
from storage.actors import State
from storage.evententities import EntityRow
from storage.eventitems import ItemKind, ItemRow
from storage.feedposts import FeedPost
from storage.jobs import Job
from storage.objects import ObjectRow
from streams import instants
from streams.events import presence
from streams.events.bumping import ROLES
from streams.events.item import Item
from streams.events.parts import Events
from streams.events.space import Space
from streams.feeds import posting
from vocab import Object, markup, stored
from vocab.dialects.events import Comment, Event, sentences

QUEUE: Final = "event-posts"
HEARD: Final = "fediverse"
"""The origin of what was said at other doors: those who follow a channel could read it there."""
ON: Final = "COMMENTED_ON"
TOGETHER: Final = 100
"""So many posts are deleted at a time."""


async def offer(
    tx: Transaction, tenant: int, item: int, channels: Iterable[int], named: Iterable[int], *, now: int
) -> None:
    """Have those channels that are public tell of an item that has matched them and names some entities."""
    rows = await evententities.by_ids(tx, channels)
    if public := sorted(id for id, row in rows.items() if presence.is_public(row)):
        work = {"do": "tell", "tenant": tenant, "item": item, "channels": public, "named": sorted(named)}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))


async def answered(tx: Transaction, space: Space, item: Item) -> None:
    """Have channels that have told of a thing by then tell of a comment or vote on it too. A unit of work."""
    tenant, message = space.tenant.id, item.message
    if isinstance(message, Event) or message.origin == HEARD or item.restricted:
        return
    do = "tell" if isinstance(message, Comment) else "vote"
    if do == "tell" or item.public:
        about = [row for label in (ON, *ROLES.values()) for row in item.rows(label)]
        named = sorted({named.row for named in item.roles})
        work = {"do": do, "tenant": tenant, "item": item.id, "about": about, "named": named}
        await jobs.add(tx, QUEUE, work, now=item.received, lane=str(tenant))


async def withdraw(tx: Transaction, tenant: int, items: Iterable[int], *, now: int) -> None:
    """Have channels take back what they told of items that were invalidated. A unit of work."""
    told = list(dict.fromkeys(item for item, _ in await eventposts.told(tx, items, kind=presence.KIND)))
    for start in range(0, len(told), TOGETHER):
        work = {"do": "take back", "tenant": tenant, "items": told[start : start + TOGETHER]}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))


async def work(parts: Events, job: Job, *, owner: str) -> None:
    """Do what a job of the queue says, and strike it off in the same transaction."""
    tenant = await parts.tenant(job.payload["tenant"])
    space = None if tenant is None else parts.space(tenant)
    await parts.store.write(_do, space, job, owner=owner, now=parts.clock())


async def _do(tx: Transaction, space: Space | None, job: Job, *, owner: str, now: int) -> None:
    if space is not None:
        await DONE_BY[job.payload["do"]](tx, space, job.payload, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _tell(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    id = work["item"]
    item, document = (await eventitems.by_ids(tx, [id])).get(id), await objects.by_id(tx, id)
    if item is None or document is None or not await _may_leave(tx, item, document, work["named"]):
        return
    for channel in await _channels(tx, work):
        if presence.is_public(channel):
            await _tell_in(tx, space, channel, item, document, now=now)


async def _channels(tx: Transaction, work: Mapping[str, Any]) -> Iterable[EntityRow]:
    """Return the channels that are to tell of something: those that it matched, or that told what it is about."""
    rows = (
        await eventposts.channels(tx, work["about"], kind=presence.KIND)
        if "about" in work
        else work["channels"]
    )
    return (await evententities.by_ids(tx, rows)).values()


async def _may_leave(tx: Transaction, item: ItemRow, document: ObjectRow, named: Iterable[int]) -> bool:
    """Tell whether an item may leave: everybody may read it, or nothing keeps anybody from it or what it names."""
    if item.kind == ItemKind.PART or item.hidden or item.restricted or document.deleted is not None:
        return False
    if item.origin == HEARD:
        return False
    if document.public:
        return True
    rows = list(named)
    about = await eventitems.by_ids(tx, rows) if item.kind == ItemKind.COMMENT else {}
    if any(row.restricted for row in about.values()):
        return False
    return not any(row.restricted for row in (await evententities.by_ids(tx, rows)).values())


async def _tell_in(
    tx: Transaction, space: Space, channel: EntityRow, item: ItemRow, document: ObjectRow, *, now: int
) -> None:
    stream, author = await presence.ensure(tx, space, channel, now=now)
    if author.state != State.ACTIVE or await feedposts.find(tx, item.id, stream) is not None:
        return
    said = stored(document.document or "{}", document.context).without("@context")
    note = {
        "type": "Note",
        "published": instants.written(min(item.occurred, now)),
        "content": markup.of_plain(_told(item, said)),
        "attachment": [said.data],
    }
    if item.kind == ItemKind.COMMENT and (parent := await _answers(tx, item, stream)):
        note["inReplyTo"] = parent
    create = await posting.say(tx, author, note, base_url=space.base_url, now=now)
    post = await objects.id_of(tx, create.ids("object")[0])
    if post is not None:
        await feedposts.note(tx, item.id, stream, post)


def _told(item: ItemRow, said: Object) -> str:
    return sentences.remark(said) if item.kind == ItemKind.COMMENT else sentences.sentence(said)


async def _answers(tx: Transaction, comment: ItemRow, stream: int) -> str | None:
    """Return the post in a channel that told what a comment is on; None when none did."""
    roles = (await eventroles.of(tx, [comment.id])).get(comment.id, [])
    for role in roles:
        post = await feedposts.find(tx, role.named, stream) if role.path.endswith(f":{ON}") else None
        if post is not None:
            return await objects.iri_of(tx, post)
    return None


async def _vote(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Announce a vote in the place of what its actor voted before."""
    vote = await objects.by_id(tx, work["item"])
    if vote is None or vote.deleted is not None or not vote.public:
        return
    for channel in await _channels(tx, work):
        if not presence.is_public(channel):
            continue
        stream, author = await presence.ensure(tx, space, channel, now=now)
        if author.state != State.ACTIVE:
            continue
        earlier = await feedposts.take(tx, vote.id, stream)
        if earlier is not None:
            await posting.take_back(tx, FeedPost(stream, earlier), base_url=space.base_url, now=now)
        said = {"type": "Announce", "object": vote.iri}
        announce = await posting.say(tx, author, said, base_url=space.base_url, now=now)
        post = await objects.id_of(tx, announce.id or "")
        if post is not None:
            await feedposts.note(tx, vote.id, stream, post)


async def _take_back(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    for item, told in await eventposts.told(tx, work["items"], kind=presence.KIND):
        await feedposts.take(tx, item, told.stream)
        await posting.take_back(tx, told, base_url=space.base_url, now=now)


DONE_BY: Final[dict[str, Callable[..., Awaitable[None]]]] = {
    "tell": _tell,
    "vote": _vote,
    "take back": _take_back,
}
