"""Voting for an entry: a Like of a post, a vote on an event, a reaction to an activity of a feed (Atom §7.3)."""

from typing import Final
from uuid import UUID

from storage import Transaction, objects, reactions
from storage.actors import ActorRow
from streams.errors import Conflicting, NotAllowed, Redundant
from streams.events import bumping, membership, submitting, targets
from streams.events.space import Space
from streams.feeds import erasing
from streams.feeds import reactions as responses
from streams.inline import entities, finding, users
from streams.inline.commenting import ORIGIN
from streams.inline.parts import Member, Parts
from streams.inline.subject import LIKE, Nature, Standing, feed_activity
from streams.publish import publish
from vocab import Object
from vocab.dialects.events import moments
from vocab.dialects.getstream.reactions import NewReaction

UP: Final = 1


async def vote(parts: Parts, member: Member, iri: str) -> None:
    """Vote for what an entry is about. Raises NotFound, Redundant for a repeat, NotAllowed for what is one's own."""
    place = await entities.find(parts, member, finding.called(parts, iri))
    if place is not None:
        await entities.vote(parts, member, place, origin=ORIGIN)
        return
    _, standing = await finding.find(parts, member, iri)
    if standing.voted:
        raise Redundant("object", "has the member's vote already")
    if not standing.may_vote:
        raise NotAllowed("object", "may not be voted for")
    match standing.nature:
        case Nature.EVENT:
            message = {
                "origin": ORIGIN,
                "occurred_at": moments.spell(parts.ports.clock()),
                "involves": [
                    {"ACTOR": str(membership.user(member.actor))},
                    {"BUMP_UP": standing.thing.stream_id},
                ],
            }
            await users.submit(parts, member, submitting.BUMP, message)
        case Nature.FEED:
            await _react(parts, member, standing)
        case _:
            await publish(parts.ports, member.actor, Object({"type": "Like", "object": standing.thing.iri}))


async def _react(parts: Parts, member: Member, standing: Standing) -> None:
    id = feed_activity(standing.thing.iri, parts.ports.base_url)
    new = NewReaction(LIKE, id, "", member.actor.name, {}, "", (), {})
    tenant = await users.tenant(parts)
    await responses.add(parts.feeds, tenant, new, member.actor.name, author=member.actor.name)


async def unvote(parts: Parts, member: Member, iri: str) -> None:
    """Take a vote back. Raises NotFound, Conflicting where there was none."""
    place = await entities.find(parts, member, finding.called(parts, iri))
    if place is not None:
        await entities.unvote(parts, member, place)
        return
    _, standing = await finding.find(parts, member, iri)
    if not standing.voted:
        raise Conflicting("object", "has no vote of the member")
    ports = parts.ports
    match standing.nature:
        case Nature.EVENT:
            space = parts.events.space(await users.tenant(parts))
            await ports.store.write(_withdraw, space, member.actor, standing, now=ports.clock())
        case Nature.FEED:
            tenant = await users.tenant(parts)
            await erasing.remove(
                parts.feeds, tenant, standing.reaction, lambda _: None, author=member.actor.name
            )
        case _:
            like = await ports.store.read(_like, standing.thing.id, member.actor.id)
            await publish(ports, member.actor, Object({"type": "Undo", "object": like}))


async def _like(tx: Transaction, thing: int, actor: int) -> str:
    activity = await reactions.find(tx, thing, actor, "Like")
    if activity is None:
        raise Conflicting("object", "has no vote of the member")
    return await objects.iri_of(tx, activity)


async def _withdraw(tx: Transaction, space: Space, actor: ActorRow, standing: Standing, *, now: int) -> None:
    user, item = membership.user(actor), UUID(standing.thing.stream_id)
    target = (await targets.find(tx, space, [item])).get(item)
    if user is None or target is None or not await bumping.withdraw(tx, space, user, target, UP, now=now):
        raise Conflicting("object", "has no vote of the member")
