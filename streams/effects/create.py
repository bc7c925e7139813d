"""Create: something new exists; a reply finds its place below what it answers. ActivityPub §6.2 and §7.2."""

from storage import Transaction, blocks, entries, foretold, objects
from storage.objects import Kind, ObjectRow
from streams import documents, policy
from streams.deed import Deed
from streams.effects import add
from streams.errors import NotAllowed, Refused
from vocab import Audience, Object
from vocab import iri as iris


async def apply(tx: Transaction, deed: Deed) -> None:
    """Store each new object and attach it to what it replies to."""
    made = [await keep(tx, deed, thing) for thing in created(deed)]
    if len(made) == 1 and made[0] is not None:
        deed.refers = made[0]


def created(deed: Deed) -> list[Object]:
    """Return the objects an activity brings: as believed from their origin, or as the actor sent them (SEC-017)."""
    found = [deed.documents[iri] for iri in deed.activity.ids("object") if iri in deed.documents]
    sent = [thing for thing in deed.activity.embedded("object") if thing.id not in deed.documents]
    return found + sent


async def keep(tx: Transaction, deed: Deed, thing: Object) -> int | None:
    """Store one new object of the actor; an id we hold already is left as it is (SEC-022)."""
    if thing.id is None:
        raise Refused("object.id", "is missing")
    if not policy.wrote(deed.actor, thing):
        raise NotAllowed("object.attributedTo", "is not the actor")
    if not deed.ours and not iris.same_origin(thing.id, deed.actor.iri):
        raise NotAllowed("object.id", "lies on another origin than its author (SEC-017)")
    if not deed.ours and await foretold.known(tx, thing.id, deed.actor.iri, "delete", now=deed.now):
        return None
    parent = await _parent(tx, deed, thing)
    kind = Kind.COLLECTION if thing.is_collection else Kind.OBJECT
    id = await documents.keep(
        tx, thing.without("items", "orderedItems") if kind == Kind.COLLECTION else thing, kind,
        owner=deed.actor.id, local=deed.ours, now=deed.now, said_to=_audience(deed, thing),
    )  # fmt: skip
    if id is None:
        known = await objects.by_iri(tx, thing.id)
        return known.id if known is not None and known.owner == deed.actor.id else None
    if kind == Kind.COLLECTION and deed.ours:
        await _fill(tx, deed, thing, id)
    if parent is not None:
        await _attach(tx, deed, parent, id)
    return id


def _audience(deed: Deed, thing: Object) -> Audience:
    """Return who may read a new object: whom it names, or else whom the activity names (IQ-752).

    For ours the two are one, and the blind recipients were noted before they were removed.
    """
    said_to = Audience.of(thing)
    return deed.audience if deed.ours or said_to == Audience() else said_to


async def _parent(tx: Transaction, deed: Deed, thing: Object) -> ObjectRow | None:
    replied_to = thing.ids("inReplyTo")
    if not replied_to:
        return None
    if deed.ours:
        return await policy.visible(tx, replied_to[0], policy.viewer(deed.actor), base_url=deed.base_url)
    return await objects.by_iri(tx, replied_to[0])


async def _attach(tx: Transaction, deed: Deed, parent: ObjectRow, reply: int) -> None:
    """List a reply below its parent, unless the parent's owner has blocked the author (AP-256)."""
    if parent.owner is not None and await blocks.blocks(tx, parent.owner, deed.actor.iri, deed.actor.host):
        return
    row = await objects.by_id(tx, reply)
    replies = await entries.ensure(tx, parent.id, "replies")
    await entries.add(tx, replies, reply, public=bool(row and row.public))


async def _fill(tx: Transaction, deed: Deed, collection: Object, id: int) -> None:
    """Make the stream behind a collection that a client made, with its first items (AP-165)."""
    stream = await entries.ensure(tx, id, "collection", iri=collection.id)
    for made in (*collection.embedded("orderedItems"), *collection.embedded("items")):
        await keep(tx, deed, made)
    for iri in reversed(collection.ids("orderedItems") or collection.ids("items")):
        await add.listed(tx, deed, stream, iri)
