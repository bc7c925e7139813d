"""Listing: into whose inboxes a received activity goes. ActivityPub §5.2; AP-317, AP-390."""

from storage import Transaction, actors, audience, entries, objects
from storage.actors import ActorRow
from storage.inbox import Intake
from streams import ids, recipients
from streams.deed import Deed
from vocab import Activity, Audience


async def place(tx: Transaction, deed: Deed, intake: Intake, *, again: bool) -> None:
    """Put a received activity into the inboxes of those it concerns (AP-317).

    Received ``again`` it may name others than the version that is held.
    """
    owner = None if intake.inbox is None else await actors.by_id(tx, intake.inbox)
    if owner is not None:
        await _address(tx, deed, owner, again=again)
        await recipients.tell(tx, owner, deed)
    for iri in deed.audience.recipients:
        if ids.is_ours(deed.base_url, iri) and (owner is None or iri != owner.iri):
            named = await actors.find(tx, iri)
            if named is not None and named.local:
                await recipients.tell(tx, named, deed)
    if deed.audience.public or (deed.actor.followers or "") in deed.audience.recipients:
        outbox = await entries.find(tx, deed.actor.id, "outbox")
        if outbox is not None:
            await entries.add(tx, outbox.id, deed.id, public=deed.audience.public)
            await entries.copy_to_followers(
                tx, outbox.id, deed.id, public=deed.audience.public, author=deed.brings
            )
    if intake.carrier is not None:
        await _pass_down(tx, deed, intake.carrier)
    await _tell_owner(tx, deed)


async def _pass_down(tx: Transaction, deed: Deed, carrier: str) -> None:
    """List what someone forwarded, who is followed from here, for those followers it names (AP-390, AP-395).

    The carrier is believed about nothing but its own collection.
    """
    followed = await actors.find(tx, carrier)
    if followed is None or followed.followers not in deed.audience.recipients or followed.local:
        return
    outbox = await entries.find(tx, followed.id, "outbox")
    if outbox is not None:
        await entries.copy_to_followers(
            tx, outbox.id, deed.id, public=deed.audience.public, author=deed.actor.id
        )


def said_to(activity: Activity) -> Audience:
    """Return whom a received activity names, and whom what it brings does: many servers name them once (IQ-752)."""
    named = Audience.of(activity)
    if activity.is_a("Create", "Update"):
        for thing in activity.embedded("object"):
            named |= Audience.of(thing)
    return named


async def _address(tx: Transaction, deed: Deed, owner: ActorRow, *, again: bool) -> None:
    """Let the owner of the inbox read what was sent there, also when the sender named them blind."""
    blind = Audience(bto=(owner.iri,))
    if again or owner.iri not in deed.audience.recipients:
        await audience.put(tx, deed.id, blind)
    if deed.activity.is_a("Create") and deed.refers is not None:
        await audience.put(tx, deed.refers, blind)


async def _tell_owner(tx: Transaction, deed: Deed) -> None:
    """Tell the owner of the thing of ours that the activity is about, unless its actor has just made it."""
    made = deed.activity.is_a("Create")
    about = None if made or deed.refers is None else await objects.by_id(tx, deed.refers)
    if about is not None and about.local and about.owner is not None:
        owner = await actors.by_id(tx, about.owner)
        if owner is not None and owner.local:
            await recipients.tell(tx, owner, deed)
