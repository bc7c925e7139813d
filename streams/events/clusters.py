"""Who is the same, and whose events belong to whose stream (Events §6.4)."""

from typing import Final

from storage import Transaction, eventlinks

IDENTITY: Final = frozenset({"AKA", "ALIAS", "SOCIAL_ID"})
"""Types of links, with all below them, between names of one and the same."""
PROXY: Final = "PROXY_FOR"
CLUSTER_MAX: Final = 100
"""So many entities at most share one history."""
PROXIES_MAX: Final = 1_000
"""So many of those that acted for somebody, the newest, have their events in that one's stream."""


async def of(tx: Transaction, entity: int, *, at: int | None = None) -> list[int]:
    """Return an entity and all that are the same at an instant; without one, by links that have not ended."""
    found, edge = [entity], [entity]
    while edge and len(found) < CLUSTER_MAX:
        links = await eventlinks.touching(tx, edge, IDENTITY)
        ends = [end for link in links if link.is_active(at) for end in (link.source, link.target)]
        edge = [end for end in dict.fromkeys(ends) if end not in found][: CLUSTER_MAX - len(found)]
        found += edge
    return found


async def histories(
    tx: Transaction, entity: int, *, at: int | None = None
) -> list[tuple[int, int | None, int | None]]:
    """Return whose roles make up an entity's stream, and from when until when; None is open.

    These are the entities that are the same, and each that was their proxy for as long as it was. Whoever acts on
    somebody's behalf, or relays, has no place here: such an event itself has a role for the other party.
    """
    cluster = await of(tx, entity, at=at)
    proxies = await eventlinks.at(tx, "target", cluster, (PROXY,), limit=PROXIES_MAX)
    return [(member, None, None) for member in cluster] + [
        (link.source, link.active_from, link.active_until) for link in proxies if link.source not in cluster
    ]
