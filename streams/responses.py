"""What accounts, here and on other servers, answer to what our feeds and channels told of events (Events §23.5).

An effect notes an answer here; a job makes it what it is at the Events API: a comment, a vote, or the end of one
(``streams.events.responding``). What feeds and channels say themselves is no answer. Each function is a unit of work.
"""

from typing import Any, Final

from storage import Transaction, actors, eventchannels, eventposts, jobs, objects
from storage.actors import ActorRow
from storage.objects import ObjectRow
from streams import policy
from streams.deed import Deed
from vocab import stored

QUEUE: Final = "event-responses"
VOTES: Final = {"Like": "BUMP_UP", "Dislike": "BUMP_DOWN"}
"""The votes that reactions are."""


async def replied(tx: Transaction, deed: Deed, parent: ObjectRow, reply: ObjectRow) -> None:
    """Note a reply. What was not said to everyone is for whom it was said to, and no comment."""
    text = stored(reply.document or "{}", reply.context).text("content")
    if text and reply.public:
        await _note(tx, deed, parent, {"do": "comment", "text": text, "reply": reply.id})


async def changed(tx: Transaction, deed: Deed, reply: ObjectRow) -> None:
    """Note that somebody says otherwise what may have been a reply; its new version is stored."""
    now = await objects.by_id(tx, reply.id)
    said = None if now is None else stored(now.document or "{}", now.context)
    if now is None or said is None or await eventposts.comment_of(tx, reply.id) is None:
        return
    parents = said.ids("inReplyTo")
    parent = await objects.by_iri(tx, parents[0]) if parents else None
    text = said.text("content")
    if parent is not None:
        do = {"do": "change", "text": text} if text and now.public else {"do": "delete"}
        await _note(tx, deed, parent, {**do, "reply": reply.id})


async def deleted(tx: Transaction, deed: Deed, reply: ObjectRow) -> None:
    """Note that somebody deletes what they said, if it was a reply; it is still there."""
    replied_to = stored(reply.document or "{}", reply.context).ids("inReplyTo")
    parent = await objects.by_iri(tx, replied_to[0]) if replied_to else None
    if parent is not None:
        await _note(tx, deed, parent, {"do": "delete", "reply": reply.id})


async def reacted(tx: Transaction, deed: Deed, thing: ObjectRow, kind: str) -> None:
    """Note a reaction, if it is a vote."""
    if kind in VOTES:
        await _note(tx, deed, thing, {"do": "vote", "vote": VOTES[kind]})


async def regretted(tx: Transaction, deed: Deed, thing: ObjectRow, kind: str) -> None:
    """Note that a reaction was taken back, if it was a vote."""
    if kind in VOTES:
        await _note(tx, deed, thing, {"do": "take back", "vote": VOTES[kind]})


async def followed(tx: Transaction, deed: Deed, actor: ActorRow) -> None:
    """Note that somebody follows an actor of ours, if it is a channel."""
    channel = await eventchannels.of_actor(tx, actor.id) if actor.type == eventchannels.TYPE else None
    if channel is not None:
        await _leave(tx, deed, channel.tenant, channel.stream_id, {"do": "follow"})


async def _note(tx: Transaction, deed: Deed, thing: ObjectRow, said: dict[str, Any]) -> None:
    """Have an answer of an account heard, if it is to something of ours that means an event."""
    if not thing.local or not await policy.may_read(tx, thing, policy.viewer(deed.actor)):
        return
    meant = await eventposts.meant(tx, thing.id)
    if meant is not None and not (deed.ours and await actors.is_feed(tx, deed.actor.id)):
        await _leave(tx, deed, meant.tenant, meant.stream_id, said)


async def _leave(tx: Transaction, deed: Deed, tenant: int, item: str, said: dict[str, Any]) -> None:
    work = {
        **said, "tenant": tenant, "item": item, "by": deed.actor.iri, "ours": deed.ours, "at": deed.now,
    }  # fmt: skip
    await jobs.add(tx, QUEUE, work, now=deed.now, lane=str(tenant))
