"""Actors that are no longer there: they left, their server says they are gone, or it is not to be spoken to."""

from storage import Transaction, actors, entries, follows, jobs, reactions
from storage import objects as things
from storage.actors import ActorRow, State
from storage.objects import Kind
from streams import documents, relations


async def leave(tx: Transaction, actor: ActorRow, *, now: int) -> None:
    """Let an actor of another server go: its follows, reactions, words and letters go with it (AP-350)."""
    await part(tx, actor)
    for object, kind, activity in await reactions.of_actor(tx, actor.id):
        await reactions.remove(tx, object, actor.id, kind)
        await entries.remove_everywhere(
            tx, activity, ("likes", "shares", "dislikes", "reactions", "participants")
        )
    after = 0
    while owned := await things.owned_by(tx, actor.id, after=after):
        after = owned[-1].id
        for thing in owned:
            if thing.kind == Kind.OBJECT:
                await documents.bury(tx, thing, now=now)
    await actors.set_state(tx, actor.id, State.GONE)
    if actor.inbox is not None:
        while await jobs.discard(tx, "deliver", host=actor.host, key_start=f"{actor.inbox} ", waiting=True):
            pass


async def gone(tx: Transaction, iri: str, *, now: int) -> None:
    """Let an actor go whose origin answers 410 for it (AP-297); one of ours is not for others to end."""
    actor = await actors.find(tx, iri)
    if actor is not None and not actor.local and actor.state != State.GONE:
        await leave(tx, actor, now=now)


async def part(tx: Transaction, actor: ActorRow, *, limit: int | None = None) -> int:
    """End every follow of an actor and by it, waiting or accepted, or so many of them; return how many."""
    parted = 0
    for kind in ("outbox", "inbox"):
        stream = await entries.find(tx, actor.id, kind)
        if stream is None:
            continue
        for follow in (await follows.of_streams(tx, stream.id))[:limit]:
            parted += 1
            follower = await actors.by_id(tx, await entries.owner(tx, follow.target))
            followed = await actors.by_id(tx, await entries.owner(tx, follow.source))
            if follower is not None and followed is not None:
                await relations.end(tx, follower, followed)
    return parted


async def part_from_host(tx: Transaction, host: str, *, limit: int = 100) -> int:
    """End the relations of some of a host's actors and return of how many; 0 when none is left (AP-640).

    Hosts below it are meant too. Nobody is told: there is no traffic with a suspended host.
    """
    ids = await follows.parties(tx, host, limit=limit)
    for id in ids:
        actor = await actors.by_id(tx, id)
        if actor is not None:
            await part(tx, actor)
    return len(ids)
