"""What there is in a tenant and how much of it: types of entities and of events, origins (Events §5.4).

What a reader may not know of is not counted, and a type or origin that nothing else has is not there for them.
"""

from typing import Final, NamedTuple, cast

from storage import eventaudience
from storage.connection import Transaction, Value
from storage.eventaudience import Parties
from storage.eventkinds import ENTITY_TYPE, EVENT_TYPE, ORIGIN

COUNTED_MAX: Final = 10_000
"""So many of a type are counted, and so many of the newest events for their origins."""

_OF_TYPE: Final = (
    "SELECT 1 FROM events e WHERE e.tenant = k.tenant AND e.type = k.name AND e.hidden = 0 AND {known}"
)
_OF_ENTITIES: Final = (
    "SELECT 1 FROM event_entities n WHERE n.tenant = k.tenant AND n.root = {root}"
    " AND substr(n.kind || ':', 1, length(k.name) + 1) = lower(k.name) || ':' AND {known}"
)
_ROOT: Final = {
    "sqlite": "lower(substr(k.name, 1, instr(k.name || ':', ':') - 1))",
    "postgres": "lower(split_part(k.name, ':', 1))",
}
_COUNTS: Final = {
    EVENT_TYPE: f"SELECT count(*) FROM ({_OF_TYPE} LIMIT :most) AS c",  # noqa: S608
    ENTITY_TYPE: f"SELECT count(*) FROM ({_OF_ENTITIES} LIMIT :most) AS c",  # noqa: S608
    ORIGIN: "SELECT count(*) FROM (SELECT e.origin FROM events e WHERE e.tenant = k.tenant AND e.kind = 0"
    " AND e.hidden = 0 AND {known} ORDER BY e.occurred DESC LIMIT :most) AS c WHERE c.origin = k.name",
}
_THERE: Final = {
    EVENT_TYPE: f"EXISTS ({_OF_TYPE})",
    ENTITY_TYPE: f"EXISTS ({_OF_ENTITIES})",
    ORIGIN: "(NOT EXISTS (SELECT 1 FROM events e WHERE e.tenant = k.tenant AND e.origin = k.name AND e.restricted = 1)"
    " OR EXISTS (SELECT 1 FROM events e WHERE e.tenant = k.tenant AND e.origin = k.name AND e.restricted = 1"
    " AND {known}) OR EXISTS (SELECT 1 FROM (SELECT e.origin FROM events e WHERE e.tenant = k.tenant AND e.kind = 0"
    " AND e.hidden = 0 AND {known} ORDER BY e.occurred DESC LIMIT :most) AS c WHERE c.origin = k.name))",
}
"""Conditions that a type or origin is there for a reader."""


class Counted(NamedTuple):
    """A type or an origin: what was set for it, when it occurred first, and how often it did, up to ``COUNTED_MAX``.

    Types of entities are counted with those below them, as they are listed.
    """

    name: str
    settings: str
    first: int
    often: int


async def page(
    tx: Transaction, tenant: int, space: str, parties: Parties, *, limit: int, offset: int
) -> tuple[list[Counted], int]:
    """Return a page of the types of a sort, or of origins, by their names, and how many there are. Two statements."""
    alias, known = ("n", eventaudience.entity) if space == ENTITY_TYPE else ("e", eventaudience.item)
    words = {"root": _ROOT[tx.engine], "known": known(tx.engine, alias, parties)}
    there = "1 = 1" if parties is None else f"(k.settings <> '{{}}' OR {_THERE[space].format(**words)})"
    which = f"FROM event_kinds k WHERE k.tenant = :tenant AND k.space = :space AND {there}"
    given: dict[str, Value] = {"tenant": tenant, "space": space, **eventaudience.named(parties)}
    rows = await tx.all(
        f"SELECT k.name, k.settings, k.first, ({_COUNTS[space].format(**words)}) {which}"
        " ORDER BY k.name LIMIT :limit OFFSET :offset",
        limit=limit, offset=offset, most=COUNTED_MAX, **given,
    )  # fmt: skip
    if space == ORIGIN and parties is not None:
        given["most"] = COUNTED_MAX
    total = await tx.one(f"SELECT count(*) {which}", **given)
    found = list(map(Counted._make, cast("list[tuple[str, str, int, int]]", rows)))
    return found, 0 if total is None else cast(int, total[0])
