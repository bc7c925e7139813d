"""Follow: ask to be told what someone says. ActivityPub §6.5 and §7.5."""

from storage import Transaction, actors, policies
from storage.actors import ActorRow, State
from storage.follows import ACCEPTED
from streams import actors as making
from streams import policy, relations, responses
from streams.deed import Deed
from streams.errors import NotAnActor, NotFound, Refused
from vocab import Activity


async def apply(tx: Transaction, deed: Deed) -> None:
    """Note the request; a local actor that does not ask to be asked accepts at once (AP-355)."""
    iri = deed.activity.one_id("object")
    followed = None if iri is None else await actors.find(tx, iri)
    if followed is None and iri is not None and deed.ours:
        thing = await policy.visible(tx, iri, policy.viewer(deed.actor), base_url=deed.base_url)
        if thing is not None and thing.document is not None:
            raise NotAnActor("object")
    if followed is None or followed.state == State.GONE or await making.is_closed(tx, followed):
        raise NotFound(iri or "")
    if followed.id == deed.actor.id:
        raise Refused("object", "an actor cannot follow itself")
    await policy.unblocked(tx, followed.id, deed.actor)
    deed.refers = followed.id
    if followed.local and followed.handle is None:
        raise Refused("object", "this actor cannot be followed")
    if followed.local and followed.state == State.MOVED:
        raise Refused("object", "this actor has moved")
    follow = await relations.ask(tx, deed.actor, followed, deed.id, now=deed.now)
    deed.name(followed.iri)
    if followed.local and (follow.state == ACCEPTED or not await _asks(tx, deed.actor, followed)):
        await relations.accept(tx, follow, deed.actor, followed)
        await responses.followed(tx, deed, followed)
        deed.answers.append((followed, _answer("Accept", deed, followed)))


async def _asks(tx: Transaction, follower: ActorRow, followed: ActorRow) -> bool:
    """Tell whether a follow waits for an answer: one asked for that, or the follower's host is silenced (AP-640)."""
    if followed.approves:
        return True
    return not follower.local and await policies.severity(tx, follower.host) == policies.SILENCE


def _answer(type: str, deed: Deed, followed: ActorRow) -> Activity:
    """Return the answer with the Follow embedded under the id the follower gave it (AP-291)."""
    embedded = {"id": deed.iri, "type": "Follow", "actor": deed.actor.iri, "object": followed.iri}
    return Activity({"type": type, "actor": followed.iri, "object": embedded, "to": deed.actor.iri})
