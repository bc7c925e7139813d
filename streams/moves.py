"""Moving: the followers here of an actor that went elsewhere follow it there (AP-376)."""

import logging
from collections.abc import Mapping
from typing import Any

from storage import Transaction, actors, blocks, entries, follows, jobs, objects
from storage.actors import ActorRow, State
from storage.follows import Follow
from streams import record, relations
from streams.errors import StreamsError
from vocab import Object

log = logging.getLogger(__name__)

FOLLOWERS_AT_ONCE = 50


async def bring(tx: Transaction, work: Mapping[str, Any], *, base_url: str, now: int) -> None:
    """Let some followers here leave the old actor and follow the new one; more of them later. A chore."""
    old, new = await actors.by_id(tx, work["actor"]), await actors.find(tx, work["target"])
    if old is None or new is None or new.state >= State.SUSPENDED:
        return
    source = await relations.outbox(tx, old)
    found = await follows.local(tx, source, after=work["after"], limit=FOLLOWERS_AT_ONCE)
    for follow in found:
        follower = await actors.by_id(tx, await entries.owner(tx, follow.target))
        if follower is not None and follower.state == State.ACTIVE:
            await _leave(tx, follower, follow, old, base_url=base_url, now=now)
            await _join(tx, follower, new, base_url=base_url, now=now)
    if len(found) == FOLLOWERS_AT_ONCE:
        after = found[-1].target
        rest = {**work, "after": after}
        await jobs.add(tx, "chores", rest, now=now, dedupe=f"move {old.id} {after}")


async def _leave(
    tx: Transaction, follower: ActorRow, follow: Follow, old: ActorRow, *, base_url: str, now: int
) -> None:
    if follow.activity is None:
        await relations.end(tx, follower, old)
        return
    undo = {"type": "Undo", "object": await objects.iri_of(tx, follow.activity), "to": old.iri}
    await record.say(tx, follower, Object(undo), base_url=base_url, now=now)


async def _join(tx: Transaction, follower: ActorRow, new: ActorRow, *, base_url: str, now: int) -> None:
    """Follow the new actor, unless that is the follower itself, followed already, or not to be followed.

    A move is no way back to those who have blocked the new actor or its host (AP-256).
    """
    if follower.id == new.id or await relations.find(tx, follower, new) is not None:
        return
    if await blocks.blocks(tx, follower.id, new.iri, new.host):
        return
    try:
        follow = {"type": "Follow", "object": new.iri, "to": new.iri}
        await record.say(tx, follower, Object(follow), base_url=base_url, now=now)
    except StreamsError as refusal:
        log.info("%s does not follow %s after its move: %s", follower.iri, new.iri, refusal)
