"""Delete: a Tombstone takes the place of what was said. ActivityPub §6.4 and §7.4."""

from storage import Transaction, audience, entries, foretold, objects, reactions
from storage.objects import Kind, ObjectRow
from streams import departures, documents, linked, moderators, policy, quoting, responses
from streams.deed import Deed
from streams.effects.undo import FORETOLD_US
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab import stored

REPLIERS_MAX = 1_000
"""So many of those who replied, the newest, are told that the thing is gone."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Bury each object of the actor; whoever was told of it is told of this (AP-230, AP-231)."""
    graves: list[dict[str, str] | str] = []
    for iri in deed.objects:
        if iri == deed.actor.iri:
            await _leave(tx, deed)
        elif (grave := await _bury(tx, deed, iri)) is not None:
            graves.append(grave)
    if graves:
        deed.activity = deed.activity.with_(object=graves[0] if len(graves) == 1 else graves)


async def _bury(tx: Transaction, deed: Deed, iri: str) -> dict[str, str] | str | None:
    """Put a Tombstone in the place of one thing and return it; None when we never held the thing.

    Of a consent to a quote only the id is told (FEP-044f).
    """
    thing = await objects.by_iri(tx, iri)
    if thing is None or (thing.document is None and thing.deleted is None):
        if deed.ours:
            raise NotFound(iri)
        await foretold.note(tx, iri, deed.actor.iri, "delete", until=deed.now + FORETOLD_US)
        return None
    if thing.deleted is not None:
        raise Gone(iri, thing.document)
    deed.concerns.append(thing)
    if thing.owner != deed.actor.id and await moderators.expel(tx, deed, thing):
        deed.refers = thing.id
        return None
    policy.own(thing, deed.actor, "object")
    if thing.kind in (Kind.ACTIVITY, Kind.ACTOR):
        raise Refused("object", "is not something that can be deleted")
    deed.also.extend(await _told(tx, thing))
    if deed.single:  # of several, what one was addressed to says nothing about the others
        deed.address_like(stored(thing.document or "{}", thing.context))
    if thing.type == quoting.STAMP:
        await quoting.revoke(tx, deed, thing)
    await responses.deleted(tx, deed, thing)
    grave = await documents.bury(tx, thing, now=deed.now)
    if deed.ours:
        await linked.leave(tx, thing.id, now=deed.now)
    deed.refers = thing.id
    return thing.iri if thing.type == quoting.STAMP else grave


async def _told(tx: Transaction, thing: ObjectRow) -> list[str]:
    """Return everyone who was sent a thing or had to do with it: addressees, likers, sharers, repliers."""
    told = await audience.of(tx, thing.id) + await reactions.actors(tx, thing.id)
    replies = await entries.find(tx, thing.id, "replies")
    if replies is not None:
        for entry in await entries.page(tx, replies.id, viewer=None, whole=True, limit=REPLIERS_MAX):
            if entry.owner is not None:
                told.append(await objects.iri_of(tx, entry.owner))
    return told


async def _leave(tx: Transaction, deed: Deed) -> None:
    """Let a remote actor go: its follows, reactions and words go with it (AP-350)."""
    if deed.ours:
        raise NotAllowed("object", "an account is closed by its own procedure, not by a Delete")
    await departures.leave(tx, deed.actor, now=deed.now)
