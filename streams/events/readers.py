"""Who a caller is to the rules of what is restricted (Events §3.6, §17.2)."""

from typing import Final

from storage import Transaction, evententities, eventnear
from storage.eventskeys import MANAGEMENT, TEAM_LEADER, USER
from streams.events import clusters
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import Ref

MEMBERSHIP: Final = ("PART_OF", "MEMBER_OF")
"""Links from a member to a group."""
RANKS: Final = (USER, TEAM_LEADER, MANAGEMENT)
"""Roles of privileges, each with the rights of those before it."""


async def of(
    tx: Transaction, space: Space, user: Ref | None, role: str | None = None, *, sees_all: bool = False
) -> Reader:
    """Return a caller as a reader: a user with a role of privileges, or with neither a program. A unit of work.

    Rules name a user by any entity that is the same, and by the groups that one of these is a member of.
    """
    tenant = space.tenant.id
    if sees_all:
        keys = frozenset() if user is None else frozenset((user.key,))
        return Reader(tenant, keys, sees_all=True)
    named = await _named(tx, space, user) if user is not None else frozenset[str]()
    held = RANKS[: RANKS.index(role) + 1] if role in RANKS else (role,) if role else ()
    return Reader(tenant, named | frozenset(held))


async def _named(tx: Transaction, space: Space, user: Ref) -> frozenset[str]:
    row = await evententities.by_key(tx, space.tenant.id, user.key)
    if row is None:
        return frozenset((user.key,))
    same = await clusters.of(tx, row.id)
    groups = await eventnear.near(tx, same, MEMBERSHIP, ())
    known = await evententities.by_ids(tx, {*same, *(group for each in groups.values() for group in each)})
    return frozenset((user.key, *(one.key for one in known.values())))
