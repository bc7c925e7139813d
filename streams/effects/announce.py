"""Announce: pass something public on. ActivityPub §7.11."""

from storage import Transaction, entries, reactions
from storage.objects import ObjectRow
from streams.deed import Deed
from streams.effects.like import reacted_to
from streams.errors import NotAllowed, Redundant


async def apply(tx: Transaction, deed: Deed) -> None:
    """Count the share; only what is public, or one's own, can be passed on (AP-253, SEC-031)."""
    for iri in deed.objects:
        thing = await reacted_to(tx, deed, iri)
        if thing.document is not None and not thing.public and thing.owner != deed.actor.id:
            raise NotAllowed("object", "is not public")
        if not await reactions.add(tx, thing.id, deed.actor.id, "Announce", deed.id):
            raise Redundant("object", "has been announced by the actor already")
        if thing.local:
            shares = await entries.ensure(tx, thing.id, "shares")
            await entries.add(tx, shares, deed.id, public=bool(thing.public))


async def undo(tx: Transaction, deed: Deed, thing: ObjectRow) -> bool:
    """Take the actor's share of a thing back; False when there was none."""
    activity = await reactions.remove(tx, thing.id, deed.actor.id, "Announce")
    if activity is None:
        return False
    await entries.remove(tx, await entries.ensure(tx, thing.id, "shares"), activity)
    return True
