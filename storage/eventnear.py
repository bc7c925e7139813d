"""Which entities items name, and which are one link away from them (Events §3.5, §6.4)."""

from collections.abc import Iterable, Sequence
from typing import Final, cast

from storage import eventaudience
from storage.connection import Transaction
from storage.eventaudience import Parties
from storage.sql import each, listed

PER_PAGE_MAX: Final = 5_000


async def named(tx: Transaction, items: Iterable[int], parties: Parties) -> dict[int, list[int]]:
    """Return the entities that items name by a role, but for blind copies that a reader may not know of."""
    rows = await tx.all(
        "SELECT DISTINCT r.item, r.named FROM event_roles r WHERE r.item IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        f" AND {eventaudience.role(tx.engine, 'r', parties)} ORDER BY r.item, r.named LIMIT :most",
        items=listed((item,) for item in items), most=PER_PAGE_MAX, **eventaudience.named(parties),
    )  # fmt: skip
    return _grouped(cast("list[tuple[int, int]]", rows))


async def near(
    tx: Transaction, entities: Iterable[int], outgoing: Sequence[str], incoming: Sequence[str]
) -> dict[int, list[int]]:
    """Return the entities that links of some types, and of those below them, lead to and come from. One statement."""
    ids = f"SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')}"  # noqa: S608
    first = "substr(l.path || ':', 1, length(each.value ->> 0)) = each.value ->> 0"
    rows = await tx.all(
        f"SELECT l.source, l.target FROM event_links l WHERE l.source IN ({ids}) AND l.active_until IS NULL"  # noqa: S608
        f" AND EXISTS (SELECT 1 FROM {each(tx.engine, 'outgoing')} WHERE {first})"
        f" UNION SELECT l.target, l.source FROM event_links l WHERE l.target IN ({ids}) AND l.active_until IS NULL"
        f" AND EXISTS (SELECT 1 FROM {each(tx.engine, 'incoming')} WHERE {first}) LIMIT :most",
        ids=listed((id,) for id in entities), outgoing=listed((f"{type}:",) for type in outgoing),
        incoming=listed((f"{type}:",) for type in incoming), most=PER_PAGE_MAX,
    )  # fmt: skip
    return _grouped(cast("list[tuple[int, int]]", rows))


def _grouped(pairs: Iterable[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found
