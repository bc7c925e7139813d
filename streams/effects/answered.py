"""What an Accept or Reject answers: a Follow, or another request such as Join, Offer and Invite."""

from dataclasses import dataclass

from storage import Transaction, actors, objects
from storage.actors import ActorRow
from storage.follows import Follow
from storage.objects import Kind, ObjectRow
from streams import policy, quoting, relations
from streams.deed import Deed
from streams.errors import NotAllowed, NotFound, Refused
from vocab import Object


@dataclass(frozen=True, slots=True)
class Request:
    """Who asked, and for what: ``follow`` for a Follow, else ``activity`` is the request as we hold it."""

    asker: ActorRow
    follow: Follow | None = None
    activity: ObjectRow | None = None


async def requests(tx: Transaction, deed: Deed) -> list[Request]:
    """Find everything that is answered, and address the answer to whoever asked (AP-204, AP-240).

    Our record counts, a Follow's also found by its two actors when the id is missing or altered (AP-358).
    What a server answers beside a Follow or a QuoteRequest means nothing here. Raises NotAllowed when
    someone else was asked (SEC-025), NotFound when nobody asked.
    """
    found: list[Request] = []
    for value in deed.activity.values("object"):
        request = await _request(tx, deed, Object({"object": value}))
        if request is not None:
            found.append(request)
            deed.name(request.asker.iri)
    return found


async def _request(tx: Transaction, deed: Deed, answer: Object) -> Request | None:
    iris, embedded = answer.ids("object"), answer.embedded("object")
    known = await objects.by_iri(tx, iris[0]) if iris else None
    if known is not None and known.kind == Kind.ACTIVITY and known.type == "Follow":
        if known.object != deed.actor.id:
            raise NotAllowed("object", "someone else was asked")
        asker = None if known.owner is None else await actors.by_id(tx, known.owner)
        return None if asker is None else await _of_follow(tx, deed, asker)
    if embedded and embedded[0].is_a("Follow"):
        if embedded[0].one_id("object") != deed.actor.iri:
            raise NotAllowed("object.object", "someone else was asked")
        asker = await actors.find(tx, embedded[0].one_id("actor") or "")
        return None if asker is None else await _of_follow(tx, deed, asker)
    if known is not None and known.kind == Kind.ACTIVITY and known.type == quoting.REQUEST:
        return await _of_quote(tx, deed, known)
    return await _of_another(tx, deed, known, iris[0] if iris else "") if deed.ours else None


async def _of_follow(tx: Transaction, deed: Deed, asker: ActorRow) -> Request:
    follow = await relations.find(tx, asker, deed.actor)
    if follow is None:
        raise NotFound(asker.iri)
    if deed.single:
        deed.refers = follow.activity
    return Request(asker, follow)


async def _of_quote(tx: Transaction, deed: Deed, known: ObjectRow) -> Request | None:
    """Return a request to quote something that the answering actor owns."""
    quoted = None if known.object is None else await objects.by_id(tx, known.object)
    if quoted is None or quoted.owner != deed.actor.id:
        raise NotAllowed("object", "someone else was asked")
    if deed.single:
        deed.refers = known.id
    asker = None if known.owner is None else await actors.by_id(tx, known.owner)
    return None if asker is None else Request(asker, activity=known)


async def _of_another(tx: Transaction, deed: Deed, known: ObjectRow | None, iri: str) -> Request | None:
    """Return a request that one of ours can see and answers; of a Join, only who owns what is joined may."""
    if await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url) is None:
        raise NotFound(iri)
    if known is None or known.kind != Kind.ACTIVITY:
        raise Refused("object", "is nothing that could be answered")
    if known.type == "Join":
        joined = None if known.object is None else await objects.by_id(tx, known.object)
        if joined is None or joined.owner != deed.actor.id:
            raise NotAllowed("object", "someone else was asked")
    if deed.single:
        deed.refers = known.id
    asker = None if known.owner is None else await actors.by_id(tx, known.owner)
    return None if asker is None else Request(asker, activity=known)
