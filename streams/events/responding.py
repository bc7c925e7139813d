"""Answers at another door as what they are here: comments and votes of ``ASRemoteActor/{IRI}`` (Events §23.5).

Accounts of ours answer as the entities that they are, ``User/ada``. Answers are read like any message, so what they may
say is bounded like that; what cannot be kept is no comment and no vote, and nobody is told. A reply that its author
changes is changed as a comment, one that they delete is in no list any more, and nothing of its text is left.
"""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from storage import Transaction, eventitems, eventposts, jobs
from storage.eventfollows import Follow
from storage.jobs import Job
from streams.events import alerts, bumping, commenting, following, histories, recording, targets
from streams.events.arriving import Arriving, Read
from streams.events.broadcasting import HEARD
from streams.events.parts import Events
from streams.events.space import Space
from vocab import html
from vocab.dialects.events import BadReference, Known, Ref, bumps, comments, limits, moments, references
from vocab.dialects.events.bumps import VALUES

REMOTE: Final = "ASRemoteActor"
"""The type of the entities that actors of other servers are."""


async def work(parts: Events, job: Job, *, owner: str) -> None:
    """Do what a job of the queue says, and strike it off in the same transaction."""
    tenant = await parts.tenant(job.payload["tenant"])
    if tenant is None:
        await parts.store.write(jobs.finish, job, owner=owner)
        return
    known = await parts.known(tenant)
    await parts.store.write(_do, parts.space(tenant), known, job, owner=owner)


async def _do(tx: Transaction, space: Space, known: Known, job: Job, *, owner: str) -> None:
    by = _author(space, job.payload)
    if by is not None:
        await _hear(tx, space, known, by, job.payload)
    await jobs.finish(tx, job, owner=owner)


def _author(space: Space, said: Mapping[str, Any]) -> Ref | None:
    """Return who answers: the entity that an account of ours is in its tenant, else a remote actor."""
    account = histories.ref_of(space, said["by"]) if said.get("ours") else None
    try:
        return account or Ref.parse(f"{REMOTE}/{said['by']}")
    except BadReference:
        return None


async def _hear(tx: Transaction, space: Space, known: Known, by: Ref, said: Mapping[str, Any]) -> None:
    item = UUID(said["item"])
    target = (await targets.find(tx, space, [item])).get(item)
    if target is None:
        return
    match said["do"]:
        case "comment":
            for outcome in await _record(tx, space, by, said, comments.read(_comment(by, said), known)):
                if isinstance(outcome, tuple):
                    await eventposts.note_reply(tx, said["reply"], outcome[0].id)
        case "change":
            await _change(tx, space, known, by, said)
        case "delete":
            comment = await eventposts.take_reply(tx, said["reply"])
            if comment is not None:
                await commenting.withdraw(tx, comment, target, now=known.now)
        case "follow":
            await _follow(tx, space, by, target.row, item, said)
        case "vote":
            await _record(tx, space, by, said, bumps.read(_vote(by, said), known))
        case "take back":
            await bumping.withdraw(tx, space, by, target, VALUES[said["vote"]], now=known.now)


async def _change(tx: Transaction, space: Space, known: Known, by: Ref, said: Mapping[str, Any]) -> None:
    """Let a comment say what the reply that it is says now; it stays the same comment, and as old as it is."""
    comment = await eventposts.comment_of(tx, said["reply"])
    row = None if comment is None else (await eventitems.by_ids(tx, [comment])).get(comment)
    if row is None:
        return
    reading = comments.read(_comment(by, {**said, "at": row.occurred}), known)
    if reading.message is not None:
        await commenting.change(tx, space, row, reading.message, now=known.now)


async def _follow(
    tx: Transaction, space: Space, by: Ref, channel: int, id: UUID, said: Mapping[str, Any]
) -> None:
    """Tell those to whom a channel belongs that somebody follows it (Events §13)."""
    who = await following.mentioned(tx, space, by, now=said["at"])
    stream_id = references.named(f"follows--{by.key}--{id}".lower())
    made = Follow(0, who, channel, str(stream_id), said["at"], {}, str(by), "")
    await alerts.followed(tx, space.tenant.id, made, now=said["at"])


async def _record(
    tx: Transaction, space: Space, by: Ref, said: Mapping[str, Any], reading: Read
) -> list[recording.Outcome]:
    """Keep what was read, if it can be."""
    if reading.message is None:
        return []
    return await recording.record(tx, space, [Arriving(reading, said["at"], by=by, heard=True)])


def _comment(by: Ref, said: Mapping[str, Any]) -> dict[str, Any]:
    return _message(by, said, "COMMENTS", "COMMENTED_ON") | {
        "comment": html.plain(said["text"]).strip()[: limits.COMMENT_CHARS_MAX]
    }


def _vote(by: Ref, said: Mapping[str, Any]) -> dict[str, Any]:
    return _message(by, said, "ACTOR", said["vote"])


def _message(by: Ref, said: Mapping[str, Any], subject: str, object: str) -> dict[str, Any]:
    return {
        "origin": HEARD,
        "occurred_at": moments.spell(said["at"]),
        "involves": [{subject: str(by)}, {object: said["item"]}],
    }
