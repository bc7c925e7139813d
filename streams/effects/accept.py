"""Accept: yes to a Follow. ActivityPub §6 and §7.6."""

from storage import Transaction, actors, objects
from storage.actors import ActorRow
from storage.follows import Follow
from storage.objects import Kind
from streams import policy, relations
from streams.deed import Deed
from streams.errors import NotAllowed, NotFound, Refused


async def apply(tx: Transaction, deed: Deed) -> None:
    """Complete the Follow that is answered; accepting an accepted one is a harmless success."""
    answered = await answered_follow(tx, deed)
    if answered is not None:
        follow, follower = answered
        await relations.accept(tx, follow, follower, deed.actor)
        deed.also.append(follower.iri)


async def answered_follow(tx: Transaction, deed: Deed) -> tuple[Follow, ActorRow] | None:
    """Find the Follow of the acting actor that an Accept or Reject answers, and who had sent it.

    Our record counts, found by the Follow's id, or by the two actors when the id is missing or altered
    (AP-358). None when the answer is about something else. Raises NotAllowed when someone else was
    asked (SEC-025), NotFound when nobody asked.
    """
    follower = await _follower(tx, deed)
    if follower is None:
        return None
    follow = await relations.find(tx, follower, deed.actor)
    if follow is None:
        raise NotFound(follower.iri)
    if deed.refers is None:
        deed.refers = follow.activity
    return follow, follower


async def _follower(tx: Transaction, deed: Deed) -> ActorRow | None:
    """Return who sent the Follow that is answered, and note which one it is when we hold it."""
    iris = deed.activity.ids("object")
    embedded = deed.activity.embedded("object")
    if len(deed.activity.values("object")) != 1:
        raise Refused("object", "must be the one thing that is answered")
    known = await objects.by_iri(tx, iris[0]) if iris else None
    if known is not None and known.kind == Kind.ACTIVITY and known.type == "Follow":
        if known.object != deed.actor.id:
            raise NotAllowed("object", "someone else was asked")
        deed.refers = known.id
        return await actors.by_id(tx, known.owner) if known.owner is not None else None
    if embedded and embedded[0].is_a("Follow"):
        if embedded[0].one_id("object") != deed.actor.iri:
            raise NotAllowed("object.object", "someone else was asked")
        return await actors.find(tx, embedded[0].one_id("actor") or "")
    if deed.ours:
        answered = iris[0] if iris else ""
        if await policy.visible(tx, answered, policy.viewer(deed.actor), base_url=deed.base_url) is None:
            raise NotFound(answered)
        if known is None or known.kind != Kind.ACTIVITY:
            raise Refused("object", "is nothing that could be answered")
    return None
