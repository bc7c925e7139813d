"""What there is in a tenant and how much of it: types of entities and of events, origins (Events §5.4)."""

from typing import Final, NamedTuple, cast

from storage.connection import Transaction
from storage.eventkinds import ENTITY_TYPE, EVENT_TYPE, ORIGIN

COUNTED_MAX: Final = 10_000
"""So many of a type are counted, and so many of the newest events for their origins."""

_COUNTS: Final = {
    EVENT_TYPE: "SELECT count(*) FROM (SELECT 1 FROM events e WHERE e.tenant = k.tenant AND e.type = k.name"
    " LIMIT :most) AS c",
    ENTITY_TYPE: "SELECT count(*) FROM (SELECT 1 FROM event_entities n WHERE n.tenant = k.tenant"
    " AND n.kind = lower(k.name) LIMIT :most) AS c",
    ORIGIN: "SELECT count(*) FROM (SELECT e.origin FROM events e WHERE e.tenant = k.tenant AND e.kind = 0"
    " ORDER BY e.occurred DESC LIMIT :most) AS c WHERE c.origin = k.name",
}


class Counted(NamedTuple):
    """A type or an origin: what was set for it, when it occurred first, and how often it did, up to ``COUNTED_MAX``."""

    name: str
    settings: str
    first: int
    often: int


async def page(
    tx: Transaction, tenant: int, space: str, *, limit: int, offset: int
) -> tuple[list[Counted], int]:
    """Return a page of the types of a sort, or of origins, by their names, and how many there are. Two statements."""
    rows = await tx.all(
        f"SELECT k.name, k.settings, k.first, ({_COUNTS[space]}) FROM event_kinds k"  # noqa: S608
        " WHERE k.tenant = :tenant AND k.space = :space ORDER BY k.name LIMIT :limit OFFSET :offset",
        tenant=tenant, space=space, limit=limit, offset=offset, most=COUNTED_MAX,
    )  # fmt: skip
    total = await tx.one(
        "SELECT count(*) FROM event_kinds WHERE tenant = :tenant AND space = :space",
        tenant=tenant, space=space,
    )  # fmt: skip
    found = list(map(Counted._make, cast("list[tuple[str, str, int, int]]", rows)))
    return found, 0 if total is None else cast(int, total[0])
