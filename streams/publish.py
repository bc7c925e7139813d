"""Publish: what one of ours says goes out. ActivityPub §6.

The activity, its effect, its entries in inboxes here and its deliveries elsewhere are one transaction
(AP-202); the answers that local actors give at once are part of it.
"""

import asyncio
from collections.abc import Mapping

from storage import Transaction, actors, entries, objects
from storage.actors import ActorRow, State
from storage.ids import next_id
from storage.objects import Kind
from streams import documents, drafts, effects, ids, recipients, relations
from streams.deed import Deed
from streams.drafts import Draft
from streams.errors import Gone, NotFound, Refused, Unreachable
from streams.ports import Ports
from vocab import Activity, Object, dump, stored

LOOKUP_SECONDS = 5.0
"""How long publishing waits for documents of other servers (AP-205)."""

EMBEDS = frozenset({"Accept", "Reject", "Undo", "TentativeAccept", "TentativeReject"})
"""Types delivered with the activity they are about inside (AP-291)."""


async def publish(ports: Ports, actor: ActorRow, sent: Object) -> Activity:
    """Publish what a client sent to its outbox and return the activity as it stands now.

    ``sent`` is an activity or a bare object. Raises Refused, NotAllowed, NotFound or Gone; then nothing
    is stored.
    """
    now = ports.clock()
    draft = drafts.prepare(sent, actor, base_url=ports.base_url, now=now)
    found = await _look_up(ports, draft.activity)
    return await ports.store.write(record, draft, actor.id, found, ports.base_url, now)


async def record(
    tx: Transaction, draft: Draft, actor: int, found: Mapping[str, Object], base_url: str, now: int
) -> Activity:
    """Record a prepared activity and everything that follows from it. A unit of work."""
    author = await actors.by_id(tx, actor)
    if author is None or author.state != State.ACTIVE:
        raise Gone(str(actor))
    deed = Deed(draft.activity, draft.audience, next_id(), author, True, now, base_url, found)
    await effects.apply(tx, deed)
    await _keep(tx, deed)
    outbox = await relations.outbox(tx, author)
    shown = deed.audience.public and not recipients.SILENT & set(deed.activity.types)
    await entries.add(tx, outbox, deed.id, public=shown)
    reached = await recipients.address(tx, deed)
    if reached.inboxes or reached.strangers or reached.rest_after:
        body = dump.dump(await deliverable(tx, deed)).decode()
        await recipients.deliver(tx, deed, body, reached)
    for answerer, answer in deed.answers:
        await record(
            tx, drafts.prepare(answer, answerer, base_url=base_url, now=now), answerer.id, {}, base_url, now
        )
    return deed.activity


async def _keep(tx: Transaction, deed: Deed) -> None:
    """Store the activity itself. What it is about is stored on its own and joined again when shown."""
    activity = reduced(deed.activity) if deed.refers is not None else deed.activity
    await documents.keep(
        tx, activity, Kind.ACTIVITY, owner=deed.actor.id, local=True, now=deed.now,
        said_to=deed.audience, object=deed.refers, id=deed.id,
    )  # fmt: skip


def reduced(activity: Activity) -> Activity:
    """Return an activity whose single object is only named, as its last member, for ``read`` to fill in."""
    iris = activity.ids("object")
    if len(iris) != 1 or len(activity.values("object")) != 1:
        return activity
    return Activity({**activity.without("object").data, "object": iris[0]})


async def deliverable(tx: Transaction, deed: Deed) -> Object:
    """Return the activity as other servers are sent it (AP-291)."""
    activity = deed.activity
    if activity.is_a("Like", "Announce", "Follow"):
        return reduced(activity)
    if EMBEDS & set(activity.types) and deed.refers is not None:
        about = await objects.by_id(tx, deed.refers)
        if about is not None and about.kind == Kind.ACTIVITY and about.document is not None:
            return activity.with_(object=stored(about.document, None).data)
    return activity


async def _look_up(ports: Ports, activity: Activity) -> dict[str, Object]:
    """Read what the activity is about from other servers, as far as its effect profits from it.

    A Follow needs its actor; a reaction profits from knowing the author; nothing waits longer than
    LOOKUP_SECONDS (AP-205).
    """
    iris = activity.ids("object")
    if len(iris) != 1 or ids.is_ours(ports.base_url, iris[0]):
        return {}
    try:
        async with asyncio.timeout(LOOKUP_SECONDS):
            if activity.is_a("Follow"):
                await ports.elsewhere.actor(iris[0])
            elif activity.is_a("Like", "Dislike", "EmojiReact", "Announce"):
                return await _unknown(ports, iris[0])
    except (TimeoutError, Unreachable) as error:
        if activity.is_a("Follow"):
            raise Refused("object", "this actor cannot be reached") from error
    return {}


async def _unknown(ports: Ports, iri: str) -> dict[str, Object]:
    known = await ports.store.read(objects.by_iri, iri)
    if known is not None and known.document is not None:
        return {}
    thing = await ports.elsewhere.object(iri)
    author = thing.one_id("attributedTo") or thing.one_id("actor")
    if author is not None:
        await ports.elsewhere.actor(author)
    return {iri: thing}


async def outbox_owner(tx: Transaction, name: str) -> ActorRow:
    """Return our actor of a name. Raises NotFound, or Gone for one that left."""
    actor = await actors.by_handle(tx, name)
    if actor is None:
        raise NotFound(name)
    if actor.state == State.GONE:
        raise Gone(actor.iri)
    return actor
