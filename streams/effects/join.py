"""Join and Leave: take part in an event or group, and no more. Activity Vocabulary; AP-272."""

from storage import Transaction, actors
from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams import participants, policy
from streams.deed import Deed
from streams.errors import NotFound, Redundant
from vocab import Activity, stored


async def apply(tx: Transaction, deed: Deed) -> None:
    """Note who wants to take part in what is ours; its owner's server says yes unless the owner is to be asked."""
    for iri in deed.objects:
        thing = await joined(tx, deed, iri)
        if thing is not None and thing.local and thing.type in participants.JOINABLE:
            await policy.unblocked(tx, thing.owner, deed.actor)
            await _ask(tx, deed, thing)


async def leave(tx: Transaction, deed: Deed) -> None:
    """End taking part; to leave what one never joined is no error."""
    for iri in deed.objects:
        thing = await joined(tx, deed, iri)
        if thing is not None:
            await participants.drop(tx, thing.id, deed.actor.id)


async def joined(tx: Transaction, deed: Deed, iri: str) -> ObjectRow | None:
    """Return what is joined or left, as far as we hold it, and address its owner here (SEC-034)."""
    thing = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    if thing is None:
        return None
    if deed.single:
        deed.refers = thing.id
    owner = None if thing.owner is None else await actors.by_id(tx, thing.owner)
    if owner is not None and thing.type in participants.JOINABLE:
        deed.name(owner.iri)
    return thing


async def _ask(tx: Transaction, deed: Deed, thing: ObjectRow) -> None:
    owner = None if thing.owner is None else await actors.by_id(tx, thing.owner)
    if owner is None:
        raise NotFound(thing.iri)
    if not await participants.ask(tx, thing, deed.actor.id, deed.id):
        raise Redundant("object", "has been joined by the actor already")
    if not _asks_owner(owner, thing):
        await participants.enter(tx, thing.id, deed.id, public=deed.audience.public)
        deed.answers.append((owner, _yes(deed, owner, thing)))


def _asks_owner(owner: ActorRow, thing: ObjectRow) -> bool:
    """Tell whether taking part waits for the owner's Accept: by Mobilizon's ``joinMode``, or as its follows do."""
    mode = stored(thing.document or "{}", thing.context).get("joinMode")
    return bool(owner.approves) if mode is None else mode != "free"


def _yes(deed: Deed, owner: ActorRow, thing: ObjectRow) -> Activity:
    join = {"id": deed.iri, "type": "Join", "actor": deed.actor.iri, "object": thing.iri}
    return Activity({"type": "Accept", "actor": owner.iri, "object": join, "to": deed.actor.iri})
