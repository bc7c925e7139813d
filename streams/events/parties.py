"""By what names rules may mean a user: their own, their groups', and those of whom they lead (Events §3.6).

Groups are what a user, or a name that is the same, is a member or part of. One leads those who report to one: leaders
of teams those who do so themselves, managers all below (§17.2).
"""

from collections.abc import Callable, Iterable
from typing import Final, Literal

from storage import Transaction, evententities, eventlinks
from storage.eventlinks import LinkRow
from storage.eventskeys import MANAGEMENT, TEAM_LEADER, USER
from streams.events import clusters

REPORTS_TO: Final = "PART_OF:REPORTS_TO"
RANKS: Final = (USER, TEAM_LEADER, MANAGEMENT)
"""Roles of privileges, each with the rights of those before it."""
GROUPS: Final = frozenset({"MEMBER_OF", "PART_OF"})
DEPTH_MAX: Final = 8
PARTIES_MAX: Final = 1_000


async def of(tx: Transaction, tenant: int, key: str, role: str | None) -> frozenset[str]:
    """Return all names of the user whose entity has a key, as they are today."""
    row = await evententities.by_key(tx, tenant, key)
    roles = _with_those_before(role)
    if row is None:
        return roles | {key}
    same = await clusters.of(tx, row.id)
    groups = await _walk(tx, same, "source", _groups, depth=DEPTH_MAX)
    led = await _led(tx, same, role)
    found = await evententities.by_ids(tx, [*same, *groups, *led])
    return roles | {key} | {entity.key for entity in found.values()}


def _with_those_before(role: str | None) -> frozenset[str]:
    """Return a role and those whose rights it includes."""
    if role in RANKS:
        return frozenset(RANKS[: RANKS.index(role) + 1])
    return frozenset() if role is None else frozenset({role})


async def led(tx: Transaction, tenant: int, key: str, role: str | None) -> frozenset[str]:
    """Return the keys of those whom a user in a role leads."""
    row = await evententities.by_key(tx, tenant, key)
    if row is None:
        return frozenset()
    below = await _led(tx, [row.id], role)
    return frozenset(entity.key for entity in (await evententities.by_ids(tx, below)).values())


async def _led(tx: Transaction, leaders: list[int], role: str | None) -> list[int]:
    depth = {TEAM_LEADER: 1, MANAGEMENT: DEPTH_MAX}.get(role or "", 0)
    return await _walk(tx, leaders, "target", _reporting, depth=depth)


def _groups(link: LinkRow, known: set[int]) -> int | None:
    """Return the group that a link leads to from what is known."""
    is_group = link.root in GROUPS and link.path != REPORTS_TO
    return link.target if is_group and link.source in known else None


def _reporting(link: LinkRow, known: set[int]) -> int | None:
    """Return who reports by a link to one of those known."""
    return link.source if link.path == REPORTS_TO and link.target in known else None


async def _walk(
    tx: Transaction,
    start: Iterable[int],
    end: Literal["source", "target"],
    step: Callable[[LinkRow, set[int]], int | None],
    *,
    depth: int,
) -> list[int]:
    """Return what so many steps along links that have not ended lead to; each goes from that ``end`` of a link."""
    edge, found = list(start), list[int]()
    seen = set(edge)
    for _ in range(depth):
        links = [link for link in await eventlinks.at(tx, end, edge, GROUPS) if link.is_active()]
        known = set(edge)
        ends = (step(link, known) for link in links)
        edge = [end for end in dict.fromkeys(ends) if end is not None and end not in seen]
        edge = edge[: PARTIES_MAX - len(found)]
        if not edge:
            break
        found += edge
        seen.update(edge)
    return found
