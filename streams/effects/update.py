"""Update: a new version of what one said. Partial from a client, whole from a server. ActivityPub §6.3 and §7.3."""

from storage import Transaction, audience, objects
from storage.objects import Kind, ObjectRow
from streams import actors, documents, instants, policy
from streams.deed import Deed
from streams.effects import create
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab import Object, stored

SERVER_OWNED = frozenset(
    {
        "attributedTo", "current", "first", "id", "items", "last", "likes", "next", "orderedItems", "partOf",
        "prev", "published", "replies", "shares", "startIndex", "totalItems", "updated",
    }
)  # fmt: skip
"""What a client may repeat but not change on an object (AP-166)."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Replace the stored version; an older one than ours changes nothing (SEC-030)."""
    if deed.ours:
        await _from_client(tx, deed)
    else:
        for thing in create.created(deed):
            await _from_server(tx, deed, thing)


async def _from_client(tx: Transaction, deed: Deed) -> None:
    changes = deed.activity.embedded("object")
    if len(changes) != 1 or changes[0].id is None:
        raise Refused("object", "must be one object with its id")
    change = changes[0]
    if change.id == deed.actor.iri:
        deed.activity = deed.activity.with_(object=(await actors.revise(tx, deed.actor, change, deed)).data)
        deed.refers = deed.actor.id
        return
    thing = await _mine(tx, deed, change)
    before = stored(thing.document or "{}", thing.context)
    after = merge(before, change).with_(updated=instants.written(deed.now))
    deed.also.extend(await audience.of(tx, thing.id))
    await documents.rewrite(tx, thing.id, after, now=deed.now)
    deed.refers = thing.id
    deed.activity = deed.activity.with_(object=after.data)


async def _mine(tx: Transaction, deed: Deed, change: Object) -> ObjectRow:
    """Return the stored object that a client may change (AP-225)."""
    iri = change.id or ""
    thing = await policy.visible(tx, iri, policy.viewer(deed.actor))
    if thing is None:
        raise NotFound(iri)
    policy.own(thing, deed.actor, "object")
    if thing.kind not in (Kind.OBJECT, Kind.COLLECTION):
        raise Refused("object", "an activity cannot be changed")
    return thing


def merge(before: Object, change: Object) -> Object:
    """Return an object with the members a client gave replaced, null ones removed, absent ones kept (AP-226)."""
    for term in SERVER_OWNED & change.data.keys():
        if change.data[term] != before.data.get(term):
            raise Refused(f"object.{term}", "is kept by the server")
    if "type" in change.data and bool(change.is_collection) != bool(before.is_collection):
        raise Refused("object.type", "cannot become another kind of thing")
    return before.with_(**{term: value for term, value in change.data.items() if term != "@context"})


async def _from_server(tx: Transaction, deed: Deed, thing: Object) -> None:
    if thing.id is None or thing.id == deed.actor.iri:
        return
    known = await objects.by_iri(tx, thing.id)
    if known is None or (known.document is None and known.deleted is None):
        await create.keep(tx, deed, thing)
        return
    if known.deleted is not None:
        raise Gone(thing.id)
    policy.own(known, deed.actor, "object")
    if known.local:
        raise NotAllowed("object", "is ours")
    if thing.one_id("attributedTo") != deed.actor.iri:
        raise NotAllowed("object.attributedTo", "is not the actor")
    if thing.is_activity or thing.is_actor or known.kind not in (Kind.OBJECT, Kind.COLLECTION):
        raise Refused("object.type", "cannot become another kind of thing")
    updated = instants.read(thing, "updated") or deed.now
    if known.updated is not None and updated < known.updated:
        return
    await documents.rewrite(tx, known.id, thing, now=min(updated, deed.now))
    deed.refers = known.id
