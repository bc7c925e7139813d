"""Broadcasting: public channels tell other servers what happens in them (Events §11, §23.1).

Each event that arrives and matches a public channel is told there by a Note: a sentence, with the event attached as
everybody else reads it (``vocab.dialects.events.as2``), where nothing is that must not leave. What only some may know
of is not told; an event without rules is not told either when it names an entity of which only some may know. What was
in a channel before it was public, or before it monitored something, stays there. The posts of an invalidated batch are
deleted. All of it is done by jobs, in the order in which things happened in a tenant.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from storage import Transaction, evententities, eventitems, eventposts, feedposts, jobs, objects
from storage.actors import State
from storage.evententities import EntityRow
from storage.eventitems import ItemKind, ItemRow
from storage.jobs import Job
from storage.objects import ObjectRow
from streams import instants
from streams.events import presence
from streams.events.parts import Events
from streams.events.space import Space
from streams.feeds import posting
from vocab import markup, stored
from vocab.dialects.events import sentences

QUEUE: Final = "event-posts"
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
        do = _tell if job.payload["do"] == "tell" else _take_back
        await do(tx, space, job.payload, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _tell(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    id = work["item"]
    item, document = (await eventitems.by_ids(tx, [id])).get(id), await objects.by_id(tx, id)
    if item is None or document is None or not await _may_leave(tx, item, document, work["named"]):
        return
    for channel in (await evententities.by_ids(tx, work["channels"])).values():
        if presence.is_public(channel):
            await _tell_in(tx, space, channel, item, document, now=now)


async def _may_leave(tx: Transaction, item: ItemRow, document: ObjectRow, named: Iterable[int]) -> bool:
    """Tell whether an event may leave: everybody may read it, or nothing keeps anybody from it or who it names."""
    if item.kind != ItemKind.EVENT or item.hidden or item.restricted or document.deleted is not None:
        return False
    if document.public:
        return True
    return not any(row.restricted for row in (await evententities.by_ids(tx, named)).values())


async def _tell_in(
    tx: Transaction, space: Space, channel: EntityRow, item: ItemRow, document: ObjectRow, *, now: int
) -> None:
    stream, author = await presence.ensure(tx, space, channel, now=now)
    if author.state != State.ACTIVE or await feedposts.find(tx, item.id, stream) is not None:
        return
    event = stored(document.document or "{}", document.context).without("@context")
    note = {
        "type": "Note",
        "published": instants.written(min(item.occurred, now)),
        "content": markup.of_plain(sentences.sentence(event)),
        "attachment": [event.data],
    }
    create = await posting.say(tx, author, note, base_url=space.base_url, now=now)
    post = await objects.id_of(tx, create.ids("object")[0])
    if post is not None:
        await feedposts.note(tx, item.id, stream, post)


async def _take_back(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    for item, told in await eventposts.told(tx, work["items"], kind=presence.KIND):
        await feedposts.take(tx, item, told.stream)
        await posting.take_back(tx, told, base_url=space.base_url, now=now)
