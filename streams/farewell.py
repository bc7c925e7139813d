"""Closing an account: its Delete goes to every server we know, then all it left here goes, its keys last (AP-232).

Much may hang on an account, so all but the first step are chores of bounded size, each leaving the next.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from storage import (
    Transaction,
    actors,
    applicationconsents,
    blocks,
    entries,
    feedtokens,
    jobs,
    keys,
    members,
    objects,
    reactions,
    tokens,
)
from storage.actors import ActorRow, State
from storage.objects import Kind
from streams import departures, documents, ids, instants, linked, rotation
from streams.errors import Gone, Refused
from streams.instants import SECOND_US
from vocab import PUBLIC, Activity
from vocab.jsontext import dumps

AT_ONCE = 50
"""So many relations, reactions or documents go in one transaction."""

LOOK_AGAIN_US = 3_600 * SECOND_US
"""How long to wait for deliveries that are still to be signed."""

Step = Callable[[Transaction, ActorRow, Mapping[str, Any], int], Awaitable[Mapping[str, Any] | None]]


async def close(tx: Transaction, actor: ActorRow, *, base_url: str, now: int) -> Activity:
    """Close an account here and return the Delete that says so; nobody can use or read it from now on.

    A unit of work. Raises Refused for the server's own actor, Gone when it was closed before.
    """
    if not actor.local or actor.handle is None:
        raise Refused("actor", "is no account of this server")
    if actor.state == State.GONE:
        raise Gone(actor.iri)
    grave = {"id": actor.iri, "type": "Tombstone", "formerType": actor.type, "deleted": instants.written(now)}
    await objects.bury(tx, actor.id, dumps(grave).decode(), now=now)
    await actors.set_state(tx, actor.id, State.GONE)
    await tokens.revoke_all(tx, actor.id, now=now)
    await feedtokens.revoke_all(tx, actor.id)
    await applicationconsents.remove_all(tx, actor.id)
    await members.remove(tx, actor.id)
    work = {"do": "clear account", "step": "tell", "actor": actor.id, "delete": ids.activity(base_url, now)}
    await _later(tx, {**work, "at": now, "after": ""}, now=now)
    return _delete(actor, work["delete"], now)


def _delete(actor: ActorRow, iri: object, at: int) -> Activity:
    return Activity(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": iri,
            "type": "Delete",
            "actor": actor.iri,
            "published": instants.written(at),
            "to": PUBLIC,
            "object": actor.iri,
        }
    )


async def _later(tx: Transaction, work: Mapping[str, Any], *, now: int, run_at: int | None = None) -> None:
    await jobs.add(tx, "chores", work, now=now, run_at=run_at)


async def clear(tx: Transaction, work: Mapping[str, Any], *, base_url: str, now: int) -> None:
    """Take the next step of closing an account and leave the one after it. A chore."""
    actor = await actors.by_id(tx, work["actor"])
    if actor is None:
        return
    rest = await STEPS[work["step"]](tx, actor, work, now)
    if rest is not None:
        run_at = now + LOOK_AGAIN_US if rest == work else None
        await _later(tx, rest, now=now, run_at=run_at)


async def _tell(tx: Transaction, actor: ActorRow, work: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    delete = _delete(actor, work["delete"], work["at"])
    after = await rotation.tell(tx, actor, delete, after=work["after"], now=now)
    return {**work, "after": after} if after else {**work, "step": "part"}


async def _part(tx: Transaction, actor: ActorRow, work: Mapping[str, Any], _: int) -> Mapping[str, Any]:
    parted = await departures.part(tx, actor, limit=AT_ONCE)
    return {**work, "left": parted} if parted else {**work, "step": "react"}


async def _react(tx: Transaction, actor: ActorRow, work: Mapping[str, Any], _: int) -> Mapping[str, Any]:
    found = (await reactions.of_actor(tx, actor.id))[:AT_ONCE]
    for thing, kind, activity in found:
        await reactions.remove(tx, thing, actor.id, kind)
        await entries.withdraw(tx, activity, actor.id)
    return {**work, "left": found[-1][2]} if found else {**work, "step": "bury", "after": 0}


async def _bury(tx: Transaction, actor: ActorRow, work: Mapping[str, Any], now: int) -> Mapping[str, Any]:
    """Put Tombstones in the place of what the account said and did."""
    owned = await objects.owned_by(tx, actor.id, after=work["after"], limit=AT_ONCE)
    for thing in owned:
        if thing.kind != Kind.ACTOR:
            await documents.bury(tx, thing, now=now)
            await linked.leave(tx, thing.id, now=now)
            await entries.withdraw(tx, thing.id, actor.id)
    return {**work, "after": owned[-1].id} if owned else {**work, "step": "end"}


async def _end(
    tx: Transaction, actor: ActorRow, work: Mapping[str, Any], now: int
) -> Mapping[str, Any] | None:
    """Destroy the keys when the last server has been told, or has failed to listen for long enough."""
    if await jobs.pending(tx, "deliver", f"{work['delete']} "):
        return work
    for kind in ("block", "mute", "domain"):
        for target in await blocks.targets(tx, actor.id, kind):
            await blocks.remove(tx, actor.id, target, kind)
    for key in await keys.of_actor(tx, actor.iri, private=True):
        await keys.retire(tx, key.id, now=now)
    return None


STEPS: dict[str, Step] = {"tell": _tell, "part": _part, "react": _react, "bury": _bury, "end": _end}
