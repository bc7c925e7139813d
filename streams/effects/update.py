"""Update: a new version of what one said. Partial from a client, whole from a server. ActivityPub §6.3 and §7.3."""

from storage import Transaction, audience, objects
from storage.objects import Kind, ObjectRow
from streams import actors, documents, drafts, instants, policy
from streams.deed import Deed
from streams.effects import create
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab import Object, stored
from vocab.terms import COLLECTION_TYPES, OBJECT_PROPERTIES

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
    if len(changes) != len(deed.activity.values("object")):
        raise Refused("object", "must be the changed object itself, not a reference")
    made = [(await _change(tx, deed, change)).data for change in changes]
    deed.activity = deed.activity.with_(object=made[0] if len(made) == 1 else made)


async def _change(tx: Transaction, deed: Deed, change: Object) -> Object:
    """Change one thing of the actor, or its profile, and return the complete new version (AP-227)."""
    if change.id is None:
        raise Refused("object.id", "is missing")
    if change.id == deed.actor.iri:
        deed.refers = deed.actor.id
        return await actors.revise(tx, deed.actor, change, deed)
    thing = await _mine(tx, deed, change)
    before = stored(thing.document or "{}", thing.context)
    after = instants.in_utc(merge(before, change)).with_(updated=instants.written(deed.now))
    deed.also.extend(await audience.of(tx, thing.id))
    await documents.rewrite(tx, thing.id, after, now=deed.now)
    deed.refers = thing.id
    return after


async def _mine(tx: Transaction, deed: Deed, change: Object) -> ObjectRow:
    """Return the stored object that a client may change (AP-225)."""
    iri = change.id or ""
    thing = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    if thing is None:
        raise NotFound(iri)
    policy.own(thing, deed.actor, "object")
    if thing.kind not in (Kind.OBJECT, Kind.COLLECTION):
        raise Refused("object", "an activity cannot be changed")
    return thing


def merge(before: Object, change: Object) -> Object:
    """Return an object with the members a client gave replaced, null ones removed, absent ones kept (AP-226)."""
    for term in SERVER_OWNED & change.data.keys():
        if not same(term, change, before):
            raise Refused(f"object.{term}", "is kept by the server")
    after = before.with_(**{term: value for term, value in change.data.items() if term != "@context"})
    drafts.writable(after)
    if not after.types or set(before.types) & COLLECTION_TYPES != set(after.types) & COLLECTION_TYPES:
        raise Refused("object.type", "cannot become another kind of thing")
    return after


def same(term: str, change: Object, before: Object) -> bool:
    """Tell whether a client only repeats a member, in whichever of its shapes (AP-006, AP-020, AP-166)."""
    if change.data[term] == before.data.get(term):
        return True
    return term in OBJECT_PROPERTIES and change.ids(term) == before.ids(term) != ()


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
    if not policy.wrote(deed.actor, thing):
        raise NotAllowed("object.attributedTo", "is not the actor")
    if thing.is_activity or thing.is_actor or known.kind not in (Kind.OBJECT, Kind.COLLECTION):
        raise Refused("object.type", "cannot become another kind of thing")
    updated = instants.read(thing, "updated") or deed.now
    if known.updated is not None and updated < known.updated:
        return
    await documents.rewrite(tx, known.id, thing, now=min(updated, deed.now))
    deed.refers = known.id
