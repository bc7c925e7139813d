"""Add: put something into a collection of one's own. ActivityPub §6.6 and §7.8."""

from storage import Transaction, entries, objects
from storage.actors import ActorRow
from storage.entries import Stream
from storage.objects import Kind
from streams import documents, moderators, policy
from streams.deed import Deed
from streams.errors import Gone, NotAllowed, NotFound, Refused
from vocab import stored

EDITABLE = ("collection", "featured", "featuredTags", "moderators")


async def apply(tx: Transaction, deed: Deed) -> None:
    """Add each object to the target; what is there already stays where it is (AP-245)."""
    stream = await edited(tx, deed)
    for iri in deed.objects:
        if iri in deed.documents:
            await documents.keep_foreign(tx, deed.documents[iri], now=deed.now)
        deed.refers = await listed(tx, deed, stream.id, iri)


async def listed(tx: Transaction, deed: Deed, stream: int, iri: str) -> int:
    """Put one thing that the actor can see into a collection (SEC-034); return its row."""
    row = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
    item = await objects.name(tx, iri, now=deed.now) if row is None else row.id
    await entries.add(tx, stream, item, public=row is None or row.kind == Kind.NAME or bool(row.public))
    return item


async def edited(tx: Transaction, deed: Deed) -> Stream:
    """Return the collection an Add or Remove is about: one the actor, or a group it moderates, owns and may edit.

    Collections the server keeps, and other people's, are refused (SEC-039).
    """
    iri = deed.activity.one_id("target")
    if iri is None:
        raise Refused("target", "is missing")
    stream = await entries.by_iri(tx, iri) or await _shown(tx, deed.actor, iri)
    if stream is None:
        raise NotFound(iri)
    owner = await objects.by_id(tx, stream.owner)
    if owner is not None and owner.deleted is not None:
        raise Gone(iri, owner.document)
    owned = owner is not None and deed.actor.id in (owner.id, owner.owner)
    if owner is not None and stream.kind in moderators.EDITED and owner.type == moderators.GROUP:
        owned = owned or await moderators.moderates(tx, deed.actor, owner.id)
    if not owned or stream.kind not in EDITABLE:
        raise NotAllowed("target", "cannot be edited by this actor")
    return stream


def showcase(actor: ActorRow, iri: str | None) -> str | None:
    """Return which collection on its profile an actor of another server means, of those that we copy (AP-362)."""
    profile = stored(actor.document, actor.context)
    kinds = () if actor.local or iri is None else ("featured", "featuredTags")
    return next((kind for kind in kinds if profile.ids(kind) == (iri,)), None)


async def _shown(tx: Transaction, actor: ActorRow, iri: str) -> Stream | None:
    """Return our copy of a collection that an actor elsewhere shows on its profile."""
    kind = showcase(actor, iri)
    if kind is None:
        return None
    await entries.ensure(tx, actor.id, kind)
    return await entries.find(tx, actor.id, kind)
