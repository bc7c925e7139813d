"""Watching an entry: the Follow of who it is about, or of the thread of a post (Atom §7.3)."""

from storage import Transaction, actors, objects, reactions
from storage.actors import ActorRow
from storage.ids import next_id
from streams import ids, record, relations
from streams.deed import Deed
from streams.errors import Conflicting, NotAllowed, Redundant
from streams.inline import entities, finding
from streams.inline.parts import Member, Parts
from streams.inline.subject import Nature, Standing
from streams.publish import publish
from streams.watchers import WATCH
from vocab import Activity, Audience, Object, instants


async def watch(parts: Parts, member: Member, iri: str) -> None:
    """Follow what an entry is about. Raises NotFound, Redundant for a repeat, NotAllowed for what is one's own."""
    place = await entities.find(parts, member, finding.called(parts, iri))
    if place is not None:
        await entities.watch(parts, member, place)
        return
    _, standing = await finding.find(parts, member, iri)
    if standing.watching:
        raise Redundant("object", "is watched already")
    if not standing.may_watch:
        raise NotAllowed("object", "cannot be watched")
    ports = parts.ports
    if standing.nature is Nature.ACTOR:
        await publish(ports, member.actor, Object({"type": "Follow", "object": standing.thing.iri}))
    else:
        await ports.store.write(_begin, member.actor, standing, base_url=ports.base_url, now=ports.clock())


async def _begin(tx: Transaction, actor: ActorRow, standing: Standing, *, base_url: str, now: int) -> None:
    """Note that a member follows a thread: it is addressed to nobody, and nobody is asked."""
    thing = standing.thing
    follow = Activity(
        {
            "id": ids.activity(base_url, now),
            "type": "Follow",
            "actor": actor.iri,
            "published": instants.spell(now - now % 1_000_000),
            "object": thing.iri,
        }
    )
    deed = Deed(follow, Audience(), next_id(), actor, True, now, base_url, refers=thing.id)
    if not await reactions.add(tx, thing.id, actor.id, WATCH, deed.id):
        raise Redundant("object", "is watched already")
    await record.publish(tx, deed)


async def unwatch(parts: Parts, member: Member, iri: str) -> None:
    """Follow something no more. Raises NotFound, Conflicting where it was not followed."""
    place = await entities.find(parts, member, finding.called(parts, iri))
    if place is not None:
        await entities.unwatch(parts, member, place)
        return
    _, standing = await finding.find(parts, member, iri)
    ports = parts.ports
    follow = await ports.store.read(_follow, standing, member.actor) if standing.watching else None
    if follow is None:
        raise Conflicting("object", "is not watched")
    await publish(ports, member.actor, Object({"type": "Undo", "object": follow}))


async def _follow(tx: Transaction, standing: Standing, actor: ActorRow) -> str | None:
    if standing.nature is Nature.ACTOR:
        followed = await actors.by_id(tx, standing.thing.id)
        relation = None if followed is None else await relations.find(tx, actor, followed)
        activity = None if relation is None else relation.activity
    else:
        activity = await reactions.find(tx, standing.thing.id, actor.id, WATCH)
    return None if activity is None else await objects.iri_of(tx, activity)
