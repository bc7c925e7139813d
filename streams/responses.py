"""What people on other servers answer to what our feeds and channels told of events (Events §23.5).

An effect notes an answer here; a job makes it what it is at the Events API: a comment, a vote, or the end of one
(``streams.events.responding``). Each function is a unit of work.
"""

from typing import Any, Final

from storage import Transaction, eventposts, jobs, objects
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


async def _note(tx: Transaction, deed: Deed, thing: ObjectRow, said: dict[str, Any]) -> None:
    """Have an answer heard, if it comes from elsewhere and is to something of ours that means an event."""
    if deed.ours or not thing.local or not await policy.may_read(tx, thing, policy.viewer(deed.actor)):
        return
    meant = await eventposts.meant(tx, thing.id)
    if meant is not None:
        work = {**said, "tenant": meant.tenant, "item": meant.stream_id, "by": deed.actor.iri, "at": deed.now}
        await jobs.add(tx, QUEUE, work, now=deed.now, lane=str(meant.tenant))
