"""Announce: pass something public on. ActivityPub §7.11."""

from storage import Transaction, entries, objects, reactions
from storage.objects import Kind, ObjectRow
from streams import groups, moderators
from streams.deed import Deed
from streams.effects.like import reacted_to
from streams.errors import NotAllowed, Redundant, Refused


async def apply(tx: Transaction, deed: Deed) -> None:
    """Count the share; only what is public, or one's own, can be passed on (AP-253, SEC-031)."""
    for iri in deed.objects:
        thing = await reacted_to(tx, deed, iri)
        if thing.type == "Announce":
            raise Refused("object", "is itself an Announce")
        if thing.kind == Kind.ACTIVITY and deed.actor.type == moderators.GROUP:
            if deed.ours and not await _is_open(tx, thing):
                raise NotAllowed("object", "is about something that is not public")
            await groups.heard(tx, deed, thing)
            continue
        if thing.document is not None and not thing.public and thing.owner != deed.actor.id:
            raise NotAllowed("object", "is not public")
        if not await reactions.add(tx, thing.id, deed.actor.id, "Announce", deed.id):
            raise Redundant("object", "has been announced by the actor already")
        if thing.local:
            shares = await entries.ensure(tx, thing.id, "shares")
            await entries.add(tx, shares, deed.id, public=bool(thing.public))


async def _is_open(tx: Transaction, activity: ObjectRow) -> bool:
    """Tell whether an activity, or what it is about, is for anyone: a Like of something public names nobody."""
    about: ObjectRow | None = activity
    while about is not None and not about.public and about.kind == Kind.ACTIVITY:
        about = None if about.object is None else await objects.by_id(tx, about.object)
    return about is not None and bool(about.public)


async def undo(tx: Transaction, deed: Deed, thing: ObjectRow) -> bool:
    """Take the actor's share of a thing back; False when there was none. What a group passed on was no share."""
    if thing.kind == Kind.ACTIVITY and deed.actor.type == moderators.GROUP:
        return True
    activity = await reactions.remove(tx, thing.id, deed.actor.id, "Announce")
    if activity is None:
        return False
    await entries.remove(tx, await entries.ensure(tx, thing.id, "shares"), activity)
    return True
