"""Polls: who may vote, counted once and shown at once (AP-266, AP-267, AP-380)."""

from typing import TypeVar

from storage import Transaction, jobs, objects
from storage import polls as ballots
from storage.objects import Kind, ObjectRow
from streams import instants, policy
from streams.deed import Deed
from streams.errors import NotFound, Redundant, Refused
from streams.instants import SECOND_US
from vocab import Object, dump, polls, stored

Node = TypeVar("Node", bound=Object)

BATCH_US = 180 * SECOND_US
"""Results are told at most this often."""


def is_vote(thing: Object, parent: ObjectRow | None) -> bool:
    """Tell whether something is a vote: an answer to a poll with the name of an option and no words of its own."""
    polled = parent is not None and parent.type == "Question" and parent.kind == Kind.OBJECT
    return polled and isinstance(thing.get("name"), str) and thing.get("content") is None


def to_author(thing: Node, author: str) -> Node:
    """Return a vote addressed to nobody but the poll's author (AP-267)."""
    return thing.with_(to=author, cc=None, audience=None, bto=None, bcc=None)


async def cast(tx: Transaction, deed: Deed, poll: ObjectRow, vote: Object) -> None:
    """Count a vote. Refused when it is late, one's own poll's, a repeat or for no option; NotFound unseen (SEC-034)."""
    name = str(vote.get("name"))
    if poll.deleted is not None or not await policy.may_read(tx, poll, policy.viewer(deed.actor)):
        raise NotFound(poll.iri)
    await policy.unblocked(tx, poll.owner, deed.actor)
    question = stored(poll.document or "{}", poll.context)
    if poll.owner == deed.actor.id:
        raise Refused("object.inReplyTo", "is a poll of one's own")
    if name not in polls.options(question):
        raise Refused("object.name", "is not one of the options")
    if polls.is_over(question, instants.moment(deed.now)):
        raise Refused("object.inReplyTo", "takes no more votes")
    if poll.local:
        await held(tx, poll.id)
    first = not await ballots.voted(tx, poll.id, deed.actor.id)
    if not await ballots.vote(tx, poll.id, deed.actor.id, "" if polls.is_single(question) else name):
        raise Redundant("object.inReplyTo", "has been answered by the actor already")
    if poll.local:
        await _count(tx, poll.id, name, new=int(first), now=deed.now)


async def _count(tx: Transaction, poll: int, name: str, *, new: int, now: int) -> None:
    """Show one vote more at once, and have everyone told before long."""
    voters = await ballots.count(tx, poll, new=new)
    row = await objects.by_id(tx, poll)
    if row is not None:
        await show(tx, row, polls.counted(stored(row.document or "{}", row.context), name, voters), now=now)
    work = {"do": "tell poll", "poll": poll}
    await jobs.add(tx, "chores", work, now=now, run_at=now + BATCH_US, dedupe=f"tell poll {poll}")


async def show(tx: Transaction, row: ObjectRow, question: Object, *, now: int) -> None:
    """Let a poll show other counts, or that it is closed; what it says was not edited by that."""
    text, context = dump.document(question)
    await objects.replace(tx, row.id, row.type, text, context, public=None, updated=now)


async def held(tx: Transaction, poll: int) -> ObjectRow | None:
    """Return a poll of ours as it stands, and hold votes back until this transaction ends."""
    await ballots.count(tx, poll, new=0)
    return await objects.by_id(tx, poll)


async def opened(tx: Transaction, poll: int, question: Object, *, now: int) -> None:
    """Take votes in a poll of ours, new or with another end, and tell the results when it is over."""
    await ballots.add(tx, poll)
    end = instants.read(question, "endTime")
    if end is not None and question.get("closed") is None:
        work = {"do": "close poll", "poll": poll}
        await jobs.add(tx, "chores", work, now=now, run_at=end, dedupe=f"close poll {poll} {end}")
