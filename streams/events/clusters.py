"""Who is the same, and whose events belong to whose stream (Events §6.4)."""

from collections.abc import Iterable
from typing import Final

from storage import Transaction, eventlinks
from storage.eventlinks import LinkRow

IDENTITY: Final = frozenset({"AKA", "ALIAS", "SOCIAL_ID"})
"""Types of links, with all below them, between names of one and the same."""
PROXY: Final = "PROXY_FOR"
CLUSTER_MAX: Final = 100
"""So many entities at most share one history."""


async def of(tx: Transaction, entity: int, *, at: int | None = None) -> list[int]:
    """Return an entity and all that are the same at an instant; without one, by links that have not ended."""
    found, edge = [entity], [entity]
    while edge and len(found) < CLUSTER_MAX:
        links = await eventlinks.touching(tx, edge)
        edge = _beyond(links, found, at)[: CLUSTER_MAX - len(found)]
        found += edge
    return found


def _beyond(links: Iterable[LinkRow], found: list[int], at: int | None) -> list[int]:
    """Return who is one link of identity away from those that were found."""
    ends = (
        end
        for link in links
        if link.root in IDENTITY and link.is_active(at)
        for end in (link.source, link.target)
    )
    return [end for end in dict.fromkeys(ends) if end not in found]


async def histories(
    tx: Transaction, entity: int, *, at: int | None = None
) -> list[tuple[int, int | None, int | None]]:
    """Return whose roles make up an entity's stream, and from when until when; None is open.

    These are the entities that are the same, and each that was their proxy for as long as it was. Whoever acts on
    somebody's behalf, or relays, has no place here: such an event itself has a role for the other party.
    """
    cluster = await of(tx, entity, at=at)
    proxies = [
        (link.source, link.active_from, link.active_until)
        for link in await eventlinks.touching(tx, cluster)
        if link.root == PROXY and link.target in cluster and link.source not in cluster
    ]
    return [(member, None, None) for member in cluster] + proxies
