"""Update: a new version of what one said. Partial from a client, whole from a server. ActivityPub §6.3 and §7.3."""

from collections.abc import Mapping, Sequence
from typing import Any

from storage import Transaction, audience, objects
from storage.objects import Kind, ObjectRow
from streams import (
    actors,
    composing,
    documents,
    drafts,
    history,
    instants,
    policy,
    quoting,
    read,
    responses,
    tags,
)
from streams import polls as votes
from streams.deed import Deed
from streams.effects import create
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab import PUBLIC, Object, authoring, polls, stored
from vocab.terms import COLLECTION_TYPES, INSTANTS, OBJECT_PROPERTIES

SERVER_OWNED = frozenset(
    {
        "attributedTo", "current", "first", "formerRepresentations", "id", "items", "last", "likes",
        "next", "orderedItems", "partOf", "prev", "published", "replies", "shares", "startIndex", "totalItems",
        "updated",
    }
)  # fmt: skip
"""What a client may repeat but not change on an object (AP-166)."""

_FAMILIES = COLLECTION_TYPES | {"Question"}
"""What has one of these types keeps it, and nothing else becomes one (AP-226)."""


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
    if len(changes) > 1:
        await _check_readers(tx, deed, changes)
    made = [(await _change(tx, deed, change)).data for change in changes]
    deed.activity = deed.activity.with_(object=made[0] if len(made) == 1 else made)


async def _check_readers(tx: Transaction, deed: Deed, changes: Sequence[Object]) -> None:
    """Refuse to tell several things in one activity that are not for the same readers: all of it goes to each."""
    readers: set[tuple[int, frozenset[str]]] = set()
    for change in changes:
        thing = await objects.by_iri(tx, change.id or "")
        if change.id == deed.actor.iri:
            readers.add((1, frozenset()))
        elif thing is not None and thing.owner == deed.actor.id:
            readers.add((thing.public, frozenset(await audience.of(tx, thing.id))))
    if len(readers) > 1:
        raise Refused("object", "has things that are for different readers: they are changed one by one")


async def _change(tx: Transaction, deed: Deed, change: Object) -> Object:
    """Change one thing of the actor, or its profile, and return the complete new version (AP-227)."""
    if change.id is None:
        raise Refused("object.id", "is missing")
    if change.id == deed.actor.iri:
        deed.refers = deed.actor.id
        deed.address_like(Object({"to": PUBLIC, "cc": deed.actor.followers}))
        deed.also.extend([deed.actor.followers] if deed.actor.followers else [])
        return await actors.revise(tx, deed.actor, change, deed)
    thing = await _mine(tx, deed, change)
    before = stored(thing.document or "{}", thing.context)
    kept = await read.members(tx, thing) if thing.kind == Kind.COLLECTION else {}
    after = instants.in_utc(rewritten(before, change, kept))
    if not quoting.only_consent(change):
        after = after.with_(updated=instants.written(deed.now))
    if after.is_a("Question"):
        after = polls.revised(before, after, instants.moment(deed.now))
        await votes.opened(tx, thing.id, after, now=deed.now)
    after = await composing.tagged(tx, deed, after)
    deed.also.extend(await audience.of(tx, thing.id))
    deed.address_like(after)
    deed.concerns.append(thing)
    after = await history.note(tx, thing, after)
    await documents.rewrite(tx, thing.id, after, now=deed.now)
    await tags.relist(tx, thing, after, deed.base_url)
    await responses.changed(tx, deed, thing)
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
    return await votes.held(tx, thing.id) or thing if thing.type == "Question" else thing


def merge(before: Object, change: Object, kept: Mapping[str, Any]) -> Object:
    """Return an object with the members a client gave replaced, null ones removed, absent ones kept (AP-226).

    ``kept`` is what we show beside the document itself. What the server keeps may be repeated (AP-166).
    """
    shown = before.with_(**kept)
    for term in SERVER_OWNED & change.data.keys():
        if not same(term, change, shown):
            raise Refused(f"object.{term}", "is kept by the server")
    ours = SERVER_OWNED | {"@context", *drafts.SHOWN_ALONG}
    given = {term: value for term, value in change.data.items() if term not in ours}
    after = before.with_(**given)
    drafts.writable(after)
    if not after.types or set(before.types) & _FAMILIES != set(after.types) & _FAMILIES:
        raise Refused("object.type", "cannot become another kind of thing")
    return after


def rewritten(before: Object, change: Object, kept: Mapping[str, Any]) -> Object:
    """Return the merged object as it leaves; a preview that we had made of the old text is made anew."""
    after = merge(before, change, kept)
    if "preview" not in change.data and before.get("preview") == authoring.preview(before):
        after = after.without("preview")
    return authoring.completed(after)


def same(term: str, change: Object, before: Object) -> bool:
    """Tell whether a client only repeats a member, in whichever of its shapes (AP-006, AP-020, AP-166)."""
    if change.get(term) == before.get(term):
        return True
    if term in INSTANTS:
        return change.instant(term) == before.instant(term) is not None
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
    if not (policy.wrote(deed.actor, thing) or _names_nobody(known, thing)):
        raise NotAllowed("object.attributedTo", "is not the actor")
    does = thing.is_actor or (thing.is_activity and not polls.is_poll(thing))
    if does or known.kind not in (Kind.OBJECT, Kind.COLLECTION):
        raise Refused("object.type", "cannot become another kind of thing")
    updated = instants.read(thing, "updated") or deed.now
    if known.updated is not None and updated < known.updated:
        return
    await history.note(tx, known, thing)
    await documents.rewrite(tx, known.id, thing, now=min(updated, deed.now))
    await quoting.keep_stamps(tx, deed, thing)
    await tags.relist(tx, known, thing, deed.base_url)
    await responses.changed(tx, deed, known)
    deed.concerns.append(known)
    deed.refers = known.id


def _names_nobody(known: ObjectRow, thing: Object) -> bool:
    """Tell whether neither the version that we hold nor the new one names an author."""
    before = stored(known.document or "{}", known.context)
    return not thing.values("attributedTo") and not before.values("attributedTo")
