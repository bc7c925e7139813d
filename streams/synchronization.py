"""Agreeing with another server on who here follows its actor (AP-709, FEP-8fcf).

The list it serves is believed only when it has the digest that the actor itself has told: then it is
whole. What we have and it has not ends; what it has and we have not is taken back by an Undo.
"""

from typing import Any

from storage import Store, Transaction, actors, followers, jobs, letters
from storage.actors import ActorRow, State
from storage.jobs import Job
from streams import ids, recipients, relations
from streams.errors import Unreachable
from streams.ports import Ports
from vocab import dump, from_json
from vocab import iri as iris
from vocab.synchronization import Synchronization, digest

QUEUE = "synchronize"
LISTED_MAX = 500
"""Longer lists are not compared."""


async def remember(tx: Transaction, actor: str, told: Synchronization, *, now: int) -> None:
    """Leave a job for what an actor's server has told; one at a time for each actor."""
    payload = {"v": 1, "actor": actor, "collection": told.collection, "url": told.url, "digest": told.digest}
    await jobs.add(tx, QUEUE, payload, now=now, dedupe=actor, lane=iris.host(actor))


async def synchronize(ports: Ports, job: Job, *, owner: str) -> None:
    """Compare and correct. Raises Unreachable when the list cannot be had at the moment."""
    told = job.payload
    actor = await ports.store.read(actors.find, told["actor"])
    held = frozenset() if actor is None else await _held(ports.store, actor, ports.base_url)
    listed = None if actor is None else await _listed(ports, actor, told, held)
    await ports.store.write(_settle, job, actor, held, listed, ports, owner=owner)


async def _listed(
    ports: Ports, actor: ActorRow, told: dict[str, Any], held: frozenset[str]
) -> frozenset[str] | None:
    """Read who follows the actor by its server's word; None when there is nothing to correct, or no proof of it."""
    if actor.local or actor.followers != told["collection"] or not iris.same_origin(told["url"], actor.iri):
        return None
    if digest(held) == told["digest"]:
        return None
    try:
        items = await ports.elsewhere.items(told["url"], limit=LISTED_MAX)
    except Unreachable as error:
        if error.temporary:
            raise
        return None
    listed = frozenset(item.id for item in items if item.id is not None)
    return listed if digest(listed) == told["digest"] else None


async def _held(store: Store, actor: ActorRow, base_url: str) -> frozenset[str]:
    return frozenset(await store.read(followers.on_host, actor.id, iris.host(base_url)))


async def _settle(
    tx: Transaction,
    job: Job,
    actor: ActorRow | None,
    held: frozenset[str],
    listed: frozenset[str] | None,
    ports: Ports,
    *,
    owner: str,
) -> None:
    """Correct what differs. Who was accepted while the list was read is not on it, and stays."""
    if actor is not None and listed is not None:
        for iri in sorted(held - listed):
            follower = await actors.find(tx, iri)
            if follower is not None and follower.local:
                await relations.end(tx, follower, actor)
        for iri in sorted(listed - held):
            if ids.is_ours(ports.base_url, iri):
                await _take_back(tx, iri, actor, ports)
    await jobs.finish(tx, job, owner=owner)


async def _take_back(tx: Transaction, iri: str, actor: ActorRow, ports: Ports) -> None:
    """Tell the other server that one of ours does not follow its actor; one who has asked to is left alone."""
    follower = await actors.find(tx, iri)
    if follower is None or not follower.local or follower.state != State.ACTIVE or actor.inbox is None:
        return
    if await relations.find(tx, follower, actor) is not None:
        return
    now = ports.clock()
    follow = {
        "id": ids.activity(ports.base_url, now), "type": "Follow", "actor": iri, "object": actor.iri,
    }  # fmt: skip
    undo = {
        "id": ids.activity(ports.base_url, now),
        "type": "Undo",
        "actor": iri,
        "to": [actor.iri],
        "object": follow,
    }
    letter = await letters.write(tx, dump.dump(from_json(undo)).decode(), now=now)
    work = {"v": 1, "actor": iri, "activity": undo["id"], "about": follow["id"]}
    await recipients.post(tx, letter, work, {actor.inbox: None}, now=now)
