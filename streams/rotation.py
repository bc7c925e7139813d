"""New keys for an actor of ours, and telling those who may hold the old ones (AP-436)."""

from collections.abc import Iterable

from storage import Transaction, actors, keys, letters
from storage.actors import ActorRow
from streams import drafts, recipients, record
from streams.actors import KeyPair, key_name
from vocab import PUBLIC, Activity, dump, from_json
from vocab import iri as iris

HOSTS_AT_ONCE = 500
"""So many servers are told in one transaction."""


async def rotate(
    tx: Transaction, actor: ActorRow, key_pairs: Iterable[KeyPair], *, base_url: str, now: int
) -> Activity:
    """Give an actor new keys under new ids, retire the old ones, and publish the Update that says so.

    A unit of work. Raises Gone or NotAllowed for an actor that may not act. Followers are told with the
    Update itself, other servers by :func:`tell`; whoever misses both asks when a signature does not fit.
    """
    held = await keys.of_actor(tx, actor.iri)
    for pair in key_pairs:
        number = 1 + sum(key.algorithm == pair.algorithm for key in held)
        await keys.put(
            tx, id=f"{actor.iri}#{key_name(pair.algorithm)}-{number}", actor=actor.iri, algorithm=pair.algorithm,
            public=pair.public, private=pair.private, asserts=pair.algorithm == "ed25519", now=now,
        )  # fmt: skip
    for key in held:
        if key.private is not None:
            await keys.retire(tx, key.id, now=now)
    followers = [] if actor.followers is None else [actor.followers]
    update = {"type": "Update", "object": {"id": actor.iri}, "to": [PUBLIC], "cc": followers}
    draft = drafts.prepare(from_json(update), actor, base_url=base_url, now=now)
    return await record.ours(tx, draft, actor, {}, base_url, now)


async def tell(tx: Transaction, actor: ActorRow, update: Activity, *, after: str = "", now: int) -> str:
    """Leave deliveries of an Update for the next servers we know; return where to go on, empty when done.

    A unit of work. Those whom the Update reached as followers' servers are not told twice.
    """
    inboxes = await actors.inbox_per_host(tx, after=after, limit=HOSTS_AT_ONCE)
    if inboxes:
        letter = await letters.write(tx, dump.dump(update).decode(), now=now)
        work = {"v": 1, "actor": actor.iri, "activity": update.id, "about": actor.iri}
        await recipients.post(tx, letter, work, dict.fromkeys(inboxes), now=now)
    return iris.host(inboxes[-1]) if len(inboxes) == HOSTS_AT_ONCE else ""
