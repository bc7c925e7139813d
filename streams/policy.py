"""Who may see, reply and act. Each question has one answer, here, for every door (SEC-032)."""

from storage import Transaction, actors, audience, blocks, objects
from storage.actors import ActorRow
from storage.entries import Viewer
from storage.objects import ObjectRow
from streams import ids
from streams.errors import Gone, Hidden, NotAllowed, NotFound
from vocab import Object


async def may_read(tx: Transaction, thing: ObjectRow, viewer: Viewer | None) -> bool:
    """Tell whether someone may read a document (AP-070).

    By its audience, and not when its owner blocks them or is suspended.
    """
    if viewer is not None and thing.owner == viewer.id:
        return True
    if viewer is None and thing.public != 1:
        return False
    if thing.owner is not None and await actors.is_suspended(tx, thing.owner):
        return False
    if viewer is None:
        return True
    if thing.owner is not None and await blocks.blocks(tx, thing.owner, viewer.iri, _host(viewer.iri)):
        return False
    return await audience.may_read(tx, thing.id, viewer.id, viewer.iri)


async def visible(tx: Transaction, iri: str, viewer: Viewer, *, base_url: str) -> ObjectRow | None:
    """Return what we hold under an IRI that someone wants to act on; None when it is unknown to us.

    What they may not see is as if it did not exist (SEC-033, SEC-034): NotFound, and the same for an IRI of
    ours under which nothing is. What was deleted: Gone.
    """
    thing = await objects.by_iri(tx, iri)
    if thing is None or (thing.document is None and not thing.local and thing.deleted is None):
        if ids.is_minted(base_url, iri):
            raise NotFound(iri)
        return None
    if not await may_read(tx, thing, viewer):
        raise Hidden(iri)
    if thing.deleted is not None:
        raise Gone(iri, thing.document)
    return thing


async def unblocked(tx: Transaction, owner: int | None, actor: ActorRow) -> None:
    """Refuse an act on something whose owner has blocked the actor (AP-256): NotFound, as if it were not there."""
    if owner is not None and owner != actor.id and await blocks.blocks(tx, owner, actor.iri, actor.host):
        raise NotFound(actor.iri)


def wrote(actor: ActorRow, thing: Object) -> bool:
    """Tell whether an actor is named as author, alone or, as PeerTube does, among others (AP-808, SEC-027)."""
    authors = thing.ids("attributedTo")
    return actor.iri in authors and len(authors) == len(thing.values("attributedTo"))


def brought(actor: ActorRow, thing: Object) -> bool:
    """Tell whether something new is an actor's who brings it: it names them as author, or nobody (ActivityPub §6.2)."""
    return not thing.values("attributedTo") or wrote(actor, thing)


def author(thing: Object) -> str | None:
    """Return who answers for a document: its author, of a person and a channel the person (AP-808), else its actor.

    Raises Ambiguous when it does not come down to one (SEC-027).
    """
    people = [one.id for one in thing.embedded("attributedTo") if one.is_a("Person")]
    if len(people) == 1 and len(thing.embedded("attributedTo")) == len(thing.values("attributedTo")):
        return people[0]
    return thing.one_id("attributedTo") or thing.one_id("actor")


def own(thing: ObjectRow, actor: ActorRow, field: str) -> None:
    """Refuse whoever is not the owner (SEC-021, SEC-023, SEC-024)."""
    if thing.owner != actor.id:
        raise NotAllowed(field, "belongs to someone else")


def viewer(actor: ActorRow) -> Viewer:
    """Return an actor as a reader."""
    return Viewer(actor.id, actor.iri)


def _host(iri: str) -> str:
    return iri.split("/", 3)[2] if iri.count("/") >= 2 else ""
