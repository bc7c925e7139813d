"""Create: something new exists; a reply finds its place below what it answers. ActivityPub §6.2 and §7.2."""

from storage import Transaction, blocks, entries, foretold, objects
from storage.objects import Kind, ObjectRow
from streams import composing, contexts, documents, ids, policy, quoting, responses, tags, watchers
from streams import polls as votes
from streams.deed import Deed
from streams.effects import add
from streams.errors import NotAllowed, Refused
from vocab import Audience, Object, polls
from vocab import iri as iris

BOOKKEEPING = ("CacheFile", "WatchAction")
"""Types that servers of films (PeerTube) tell each other of: of no concern to people, and left out (IQ-739)."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Store each new object and attach it to what it replies to; ours are completed first."""
    things = created(deed)
    if deed.ours:
        things = [await _completed(tx, deed, thing) for thing in things]
        made_of = [thing.data for thing in things]
        named = things[0].get("audience") if things else None
        deed.activity = deed.activity.with_(
            audience=named, object=made_of[0] if len(made_of) == 1 else made_of
        )
    made = [await keep(tx, deed, thing) for thing in things]
    if len(made) == 1 and made[0] is not None:
        deed.refers = made[0]


async def _completed(tx: Transaction, deed: Deed, thing: Object) -> Object:
    """Return a new object of ours as it is stored and sent; a vote concerns the poll's author alone (AP-267)."""
    parent = await _parent(tx, deed, thing)
    if parent is None or parent.owner is None or not votes.is_vote(thing, parent):
        return await composing.composed(tx, deed, thing, parent)
    author = await objects.iri_of(tx, parent.owner)
    deed.activity = votes.to_author(deed.activity, author)
    deed.audience = Audience(to=(author,))
    return votes.to_author(thing, author)


def created(deed: Deed) -> list[Object]:
    """Return the objects an activity brings: as believed from their origin, or as the actor sent them (SEC-017)."""
    found = [deed.documents[iri] for iri in deed.activity.ids("object") if iri in deed.documents]
    sent = [thing for thing in deed.activity.embedded("object") if thing.id not in deed.documents]
    return found + sent


async def keep(tx: Transaction, deed: Deed, thing: Object) -> int | None:
    """Store one new object of the actor; an id we hold already is left as it is (SEC-022)."""
    if thing.id is None:
        raise Refused("object.id", "is missing")
    if not policy.brought(deed.actor, thing):
        raise NotAllowed("object.attributedTo", "is not the actor")
    if not deed.ours and thing.is_a(*BOOKKEEPING):
        raise NotAllowed("object.type", "is no concern of people's")
    if not deed.ours and not iris.same_origin(thing.id, deed.actor.iri):
        raise NotAllowed("object.id", "lies on another origin than its author (SEC-017)")
    if not deed.ours and await foretold.known(tx, thing.id, deed.actor.iri, "delete", now=deed.now):
        return None
    parent = await _parent(tx, deed, thing)
    if parent is not None and votes.is_vote(thing, parent):
        await votes.cast(tx, deed, parent, thing)
        parent = None
    kind = Kind.COLLECTION if thing.is_collection else Kind.OBJECT
    said_to = _audience(deed, thing)
    id = await documents.keep(
        tx, thing.without("items", "orderedItems") if kind == Kind.COLLECTION else thing, kind,
        owner=deed.actor.id, local=deed.ours, now=deed.now, said_to=said_to,
    )  # fmt: skip
    if id is None:
        known = await objects.by_iri(tx, thing.id)
        return known.id if known is not None and known.owner == deed.actor.id else None
    if kind == Kind.COLLECTION and deed.ours:
        await _fill(tx, deed, thing, id)
    if deed.ours and polls.is_poll(thing):
        await votes.opened(tx, id, thing, now=deed.now)
    if parent is not None:
        await attach(tx, deed, parent, id)
    await quoting.keep_stamps(tx, deed, thing)
    if said_to.public:
        await tags.enlist(tx, thing, id, deed.base_url)
    return id


def _audience(deed: Deed, thing: Object) -> Audience:
    """Return who may read a new object: whom it names, or else whom the activity names (IQ-752).

    For ours the two are one, and the blind recipients were noted before they were removed.
    """
    said_to = Audience.of(thing)
    return deed.audience if deed.ours or said_to == Audience() else said_to


async def _parent(tx: Transaction, deed: Deed, thing: Object) -> ObjectRow | None:
    """Return what a new object replies to; what has yet to come is named, so that the reply waits below it."""
    replied_to = thing.ids("inReplyTo")
    if not replied_to:
        return None
    if replied_to[0] in deed.documents:
        await documents.keep_foreign(tx, deed.documents[replied_to[0]], now=deed.now)
    known = (
        await policy.visible(tx, replied_to[0], policy.viewer(deed.actor), base_url=deed.base_url)
        if deed.ours
        else await objects.by_iri(tx, replied_to[0])
    )
    if known is not None or ids.is_ours(deed.base_url, replied_to[0]) or not iris.is_http(replied_to[0]):
        return known
    return await objects.by_id(tx, await objects.name(tx, replied_to[0], now=deed.now))


async def attach(tx: Transaction, deed: Deed, parent: ObjectRow, reply: int) -> None:
    """List a reply below its parent, unless the parent's owner has blocked the author (AP-256)."""
    deed.concerns.append(parent)
    if parent.owner is not None and await blocks.blocks(tx, parent.owner, deed.actor.iri, deed.actor.host):
        return
    row = await objects.by_id(tx, reply)
    if row is None:
        return
    replies = await entries.ensure(tx, parent.id, "replies")
    await entries.add(tx, replies, reply, public=bool(row.public))
    await contexts.join(tx, parent, row, deed.base_url)
    await responses.replied(tx, deed, parent, row)
    await watchers.tell(tx, deed, parent, row)


async def _fill(tx: Transaction, deed: Deed, collection: Object, id: int) -> None:
    """Make the stream behind a collection that a client made, with its first items (AP-165)."""
    stream = await entries.ensure(tx, id, "collection", iri=collection.id)
    for made in (*collection.embedded("orderedItems"), *collection.embedded("items")):
        await keep(tx, deed, made)
    for iri in reversed(collection.ids("orderedItems") or collection.ids("items")):
        await add.listed(tx, deed, stream, iri)
