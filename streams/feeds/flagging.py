"""Reports to a tenant's moderators, who are the operator's, and what these decide (Feeds §7.10).

A report stands beside those of ActivityPub and is read with the same commands. A verdict is kept and changes nothing.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple
from uuid import uuid4

from storage import Transaction, feedreactions, objects, reports, verdicts
from storage.tenants import Tenant
from storage.verdicts import Verdict
from streams.feeds import keeping, keys
from streams.feeds.space import Feeds, Space
from vocab import iri as iris
from vocab import jsontext
from vocab.dialects.getstream import Reference, ids
from vocab.dialects.getstream.moderation import ACTIVITY, USER, Decision, Flag, NewFlag

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class _Subject(NamedTuple):
    """The user behind what was reported, empty when nobody knows, and the IRI of the thing itself, of a user theirs."""

    target: str
    thing: str


async def flag(parts: Feeds, tenant: Tenant, new: NewFlag) -> Flag:
    """Keep a report and return it. What is reported need not be there."""
    now = parts.clock()
    space, id = await parts.space(tenant), str(uuid4())
    target = await parts.store.write(_flag, space, new, f"urn:uuid:{id}", now=now)
    return Flag(id, target, new.user, new.reason, EPOCH + timedelta(microseconds=now))


async def _flag(tx: Transaction, space: Space, new: NewFlag, activity: str, *, now: int) -> str:
    subject = await _subject(tx, space, new, now=now)
    if new.user:
        reporter, _ = await _user(tx, space, new.user, now=now)
    else:
        reporter = await space.owner(tx, now=now)
    behind = (await _user(tx, space, subject.target, now=now))[1] if subject.target else subject.thing
    await reports.add(
        tx, reporter=reporter, host=iris.host(space.base_url), activity=activity, subject=behind,
        objects=[] if new.type == USER else [subject.thing], content=_content(new), now=now,
    )  # fmt: skip
    return subject.target


async def _subject(tx: Transaction, space: Space, new: NewFlag, *, now: int) -> _Subject:
    if new.type == USER:
        return _Subject(new.entity, (await _user(tx, space, new.entity, now=now))[1])
    if new.type == ACTIVITY:
        return await _activity(tx, space, new.entity)
    reaction = await feedreactions.find(tx, space.tenant.id, new.entity)
    if reaction is None:
        return _Subject("", space.entities.iri(str(Reference("reaction", new.entity))))
    return _Subject(reaction.author, await objects.iri_of(tx, reaction.item))


async def _activity(tx: Transaction, space: Space, name: str) -> _Subject:
    id = ids.parse(name)
    if id is None or not ids.is_timed(id):
        return _Subject("", space.entities.iri(str(Reference("activity", name))))
    held = await keeping.hold(tx, space, keys.key_of(id))
    if held is None:
        return _Subject("", space.activity_iri(id))
    actor = Reference.parse(held.activity.actor)
    named = actor.id if actor is not None and actor.kind == "user" else held.activity.actor
    return _Subject(named, await objects.iri_of(tx, held.item))


async def _user(tx: Transaction, space: Space, name: str, *, now: int) -> tuple[int, str]:
    """Return the row and IRI of a user: their account if they have one, else the entity."""
    return await keeping.actor_of(tx, space, str(Reference("user", name)), now=now)


def _content(new: NewFlag) -> str:
    """Return why, and whatever else was said, as plain text for people."""
    said = jsontext.dumps(new.custom).decode() if new.custom else ""
    return "\n".join(text for text in (new.reason, said) if text)


async def decide(parts: Feeds, tenant: Tenant, decisions: Sequence[Decision]) -> None:
    """Keep what moderators decided, each in the place of what was decided before."""
    told = [
        Verdict(one.type, one.entity, one.moderator, one.status, one.recommended, one.latest)
        for one in decisions
    ]
    if told:
        await parts.store.write(verdicts.put, tenant.id, told, now=parts.clock())
