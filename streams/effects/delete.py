"""Delete: a Tombstone takes the place of what was said. ActivityPub §6.4 and §7.4."""

from storage import Transaction, actors, audience, entries, follows, foretold, objects, reactions
from storage.actors import State
from storage.objects import Kind, ObjectRow
from streams import instants, policy, relations
from streams.deed import Deed
from streams.effects.undo import FORETOLD_US
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab.jsontext import dumps

LISTS = ("replies", "liked", "featured", "featuredTags", "collection")


async def apply(tx: Transaction, deed: Deed) -> None:
    """Bury each object of the actor; whoever was told of it is told of this (AP-230, AP-231)."""
    iris = deed.activity.ids("object")
    if not iris:
        raise Refused("object.id", "is missing")
    for iri in iris:
        if iri == deed.actor.iri:
            await _leave(tx, deed)
        else:
            await _bury(tx, deed, iri)


async def _bury(tx: Transaction, deed: Deed, iri: str) -> None:
    thing = await objects.by_iri(tx, iri)
    if thing is None or (thing.document is None and thing.deleted is None):
        if deed.ours:
            raise NotFound(iri)
        await foretold.note(tx, iri, deed.actor.iri, "delete", until=deed.now + FORETOLD_US)
        return
    if thing.deleted is not None:
        raise Gone(iri, thing.document)
    policy.own(thing, deed.actor, "object")
    if thing.kind in (Kind.ACTIVITY, Kind.ACTOR):
        raise Refused("object", "is not something that can be deleted")
    deed.also.extend(await _told(tx, thing))
    grave = tombstone(thing, deed.now)
    await objects.bury(tx, thing.id, dumps(grave).decode(), now=deed.now)
    await entries.remove_everywhere(tx, thing.id, LISTS)
    deed.refers = thing.id
    deed.activity = deed.activity.with_(object=grave)


def tombstone(thing: ObjectRow, now: int) -> dict[str, str]:
    """Return what is left of a thing: nothing of its content (AP-068)."""
    former = thing.type or "Object"
    return {"id": thing.iri, "type": "Tombstone", "formerType": former, "deleted": instants.written(now)}


async def _told(tx: Transaction, thing: ObjectRow) -> list[str]:
    """Return everyone who was sent a thing or had to do with it: addressees, likers, sharers, repliers."""
    told = await audience.of(tx, thing.id) + await reactions.actors(tx, thing.id)
    replies = await entries.find(tx, thing.id, "replies")
    if replies is not None:
        for entry in await entries.page(tx, replies.id, viewer=None, whole=True, limit=100):
            if entry.owner is not None:
                told.append(await objects.iri_of(tx, entry.owner))
    return told


async def _leave(tx: Transaction, deed: Deed) -> None:
    """Let a remote actor go: its follows, reactions and words go with it (AP-350)."""
    if deed.ours:
        raise NotAllowed("object", "an account is closed by its own procedure, not by a Delete")
    for kind in ("outbox", "inbox"):
        stream = await entries.find(tx, deed.actor.id, kind)
        if stream is not None:
            await _end_follows(tx, deed, stream.id)
    for object, kind, activity in await reactions.of_actor(tx, deed.actor.id):
        await reactions.remove(tx, object, deed.actor.id, kind)
        await entries.remove_everywhere(tx, activity, ("likes", "shares", "dislikes", "reactions"))
    after = 0
    while things := await objects.owned_by(tx, deed.actor.id, after=after):
        after = things[-1].id
        for thing in things:
            if thing.kind == Kind.OBJECT:
                await objects.bury(tx, thing.id, dumps(tombstone(thing, deed.now)).decode(), now=deed.now)
                await entries.remove_everywhere(tx, thing.id, LISTS)
    await actors.set_state(tx, deed.actor.id, State.GONE)


async def _end_follows(tx: Transaction, deed: Deed, stream: int) -> None:
    for follow in await follows.of_streams(tx, stream):
        follower = await actors.by_id(tx, await entries.owner(tx, follow.target))
        followed = await actors.by_id(tx, await entries.owner(tx, follow.source))
        if follower is not None and followed is not None:
            await relations.end(tx, follower, followed)
