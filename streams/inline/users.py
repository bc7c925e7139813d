"""Members at the Events and Feeds APIs, where they are users of the default tenant without any key (Events §1.2)."""

from collections.abc import Mapping
from typing import Any

from storage import Transaction, evententities, standings
from storage.tenants import Tenant
from streams.errors import NotAllowed, Refused
from streams.events import Recorded, Rejected, membership, submitting
from streams.events.arriving import Arriving
from streams.events.guarding import Guard
from streams.events.space import Space
from streams.events.submitting import Noun, Sender
from streams.inline.parts import Member, Parts
from vocab.dialects.events import Ref


async def tenant(parts: Parts) -> Tenant:
    """Return the tenant whose users members are."""
    return await parts.ports.store.read(membership.default)


async def submit(
    parts: Parts, member: Member, noun: Noun, message: Mapping[str, Any]
) -> tuple[Space, Recorded]:
    """Submit a message as a member. Raises Refused, NotAllowed, NotFound."""
    home = await tenant(parts)
    user = membership.user(member.actor)
    if user is None:
        raise NotAllowed("actor", "has a name that no user can have")
    received = parts.ports.clock()
    sender = Sender(user, user)
    arriving = await submitting.read(parts.events, home, noun, message, sender, received=received)
    if not arriving.reading.problems.valid:
        raise Refused("comment", "cannot be kept")
    space = parts.events.space(home)
    try:
        kept = await parts.ports.store.write(_keep, space, member, noun, arriving, received)
    except Rejected as error:
        raise Refused("object", str(error)) from error
    return space, kept[0]


async def has_voted(tx: Transaction, space: Space, member: Member, ref: Ref) -> bool:
    """Tell whether a member has voted for an entity."""
    user = membership.user(member.actor)
    row = await evententities.by_key(tx, space.tenant.id, ref.key)
    if user is None or row is None:
        return False
    return row.id in await standings.voted(tx, space.tenant.id, user.key, [row.id])


async def _keep(
    tx: Transaction, space: Space, member: Member, noun: Noun, arriving: Arriving, now: int
) -> tuple[Recorded, ...]:
    reader = await membership.reader(tx, space.tenant, member.actor, admin=member.onlooker.admin, now=now)
    [kept] = await submitting.keep(tx, space, noun, Guard(reader, trusted=False), [arriving])
    return kept
