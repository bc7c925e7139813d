"""Events that have an effect on the experience of entities (Events §7.21)."""

from typing import Final, NamedTuple, cast

from storage import eventaudience
from storage.connection import Transaction
from storage.eventaudience import Parties

LOOKED_AT_MAX: Final = 10_000
"""So many of the newest roles of an entity are looked at."""
FOUND_MAX: Final = 1_000


class Felt(NamedTuple):
    """An event with the aspect ``cei``: its message, when it occurred, and a role of the entity."""

    item: int
    body: str
    occurred: int
    path: str


async def newest(
    tx: Transaction, tenant: int, entity: int, parties: Parties, *, since: int, until: int
) -> list[Felt]:
    """Return what had an effect on an entity and a reader may know of, newest first. One statement."""
    rows = await tx.all(
        "SELECT e.id, e.body, e.occurred, r.path FROM (SELECT r.item, r.path FROM event_roles r WHERE r.named = :entity"  # noqa: S608
        " AND r.derived = 0"
        " AND r.occurred > :since AND r.occurred <= :until ORDER BY r.occurred DESC LIMIT :looked_at) r"
        " JOIN events e ON e.id = r.item WHERE e.kind = 0 AND e.hidden = 0"
        f" AND {eventaudience.item(tx.engine, 'e', parties)} AND EXISTS (SELECT 1 FROM points p"
        " JOIN point_series s ON s.id = p.series WHERE p.item = e.id AND s.tenant = :tenant AND s.dataset = 'cei')"
        " ORDER BY e.occurred DESC, e.id LIMIT :found",
        tenant=tenant, entity=entity, since=since, until=until,
        looked_at=LOOKED_AT_MAX, found=FOUND_MAX, **eventaudience.named(parties),
    )  # fmt: skip
    return [Felt(*row) for row in cast("list[tuple[int, str, int, str]]", rows)]
