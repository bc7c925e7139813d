"""Move: an actor goes on elsewhere, and whoever follows it here goes with it. FEP-7628; AP-262, AP-376."""

from storage import Transaction, actors, jobs, moves, objects
from storage.actors import ActorRow, State
from streams.deed import Deed
from streams.errors import NotAllowed, Refused
from streams.instants import DAY_US
from vocab import PUBLIC, Activity, Object, dump, stored

PAUSE_US = 30 * DAY_US
"""So long an actor stays where it has moved to (SEC-035)."""


async def apply(tx: Transaction, deed: Deed) -> None:
    """Believe a move that both sides tell of, close what is left behind, and bring its followers along later."""
    target = await _target(tx, deed)
    await moves.note(tx, deed.actor.id, target, now=deed.now)
    deed.refers = deed.actor.id
    if deed.ours:
        await _close(tx, deed, target)
    work = {"do": "move followers", "actor": deed.actor.id, "target": target, "after": 0}
    await jobs.add(tx, "chores", work, now=deed.now, dedupe=f"move {deed.actor.id}")


async def _target(tx: Transaction, deed: Deed) -> str:
    """Return where the actor may go: to one that names it as its own and has not moved itself (SEC-035)."""
    target = deed.activity.one_id("target")
    if deed.activity.one_id("object") != deed.actor.iri:
        raise NotAllowed("object", "must be the actor itself")
    if target is None or target == deed.actor.iri:
        raise Refused("target", "must be another actor")
    last = await moves.last(tx, deed.actor.id)
    if last is not None and deed.now - last < PAUSE_US:
        raise Refused("object", "has moved within the last 30 days")
    there = await _there(tx, deed, target)
    if there is None or deed.actor.iri not in there.ids("alsoKnownAs"):
        raise Refused("target", "does not name this actor in alsoKnownAs")
    if there.ids("movedTo"):
        raise Refused("target", "has moved itself")
    return target


async def _there(tx: Transaction, deed: Deed, target: str) -> Object | None:
    """Return the actor moved to: ours as it is, another server's as it was read for this move."""
    if target in deed.documents:
        return deed.documents[target]
    actor = await actors.find(tx, target)
    if actor is None or not actor.local or actor.state == State.GONE:
        return None
    return stored(actor.document, actor.context)


async def _close(tx: Transaction, deed: Deed, target: str) -> None:
    """Let one of ours show where it went, to those who hear of the move and to those who only look (AP-102)."""
    followers = deed.actor.followers or ""
    deed.name(followers)
    text, context = dump.document(stored(deed.actor.document, deed.actor.context).with_(movedTo=target))
    await objects.replace(tx, deed.actor.id, deed.actor.type, text, context, public=True, updated=deed.now)
    await actors.set_state(tx, deed.actor.id, State.MOVED)
    moved = await actors.by_id(tx, deed.actor.id)
    if moved is not None:
        deed.answers.append((moved, _update(moved, followers)))


def _update(moved: ActorRow, followers: str) -> Activity:
    profile = {"id": moved.iri, "type": moved.type}
    return Activity({"type": "Update", "actor": moved.iri, "object": profile, "to": PUBLIC, "cc": followers})
