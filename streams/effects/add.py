"""Add: put something into a collection of one's own. ActivityPub §6.6 and §7.8."""

from storage import Transaction, entries, objects
from storage.entries import Stream
from storage.objects import Kind
from streams.deed import Deed
from streams.errors import NotAllowed, NotFound, Refused

EDITABLE = ("collection", "featured", "featuredTags")


async def apply(tx: Transaction, deed: Deed) -> None:
    """Add each object to the target; what is there already stays where it is (AP-245)."""
    stream = await edited(tx, deed)
    for iri in deed.activity.ids("object"):
        item = await objects.name(tx, iri, now=deed.now)
        deed.refers = item
        row = await objects.by_id(tx, item)
        if row is not None and row.deleted is not None:
            raise NotFound(iri)
        shown = row is None or row.kind == Kind.NAME or bool(row.public)
        await entries.add(tx, stream.id, item, public=shown)


async def edited(tx: Transaction, deed: Deed) -> Stream:
    """Return the collection an Add or Remove is about: one the actor owns and may edit.

    Collections the server keeps, and other people's, are refused (SEC-039).
    """
    iri = deed.activity.one_id("target")
    if iri is None:
        raise Refused("target", "is missing")
    stream = await entries.by_iri(tx, iri)
    if stream is None:
        if deed.ours:
            raise NotFound(iri)
        raise NotAllowed("target", "is not a collection we hold")
    owner = await objects.by_id(tx, stream.owner)
    owned = owner is not None and deed.actor.id in (owner.id, owner.owner)
    if not owned or stream.kind not in EDITABLE:
        raise NotAllowed("target", "cannot be edited by this actor")
    return stream
