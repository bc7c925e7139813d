"""Entities that are shown with items: those that took part, and in detail those that are near them (Events §6.4)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from storage import Transaction, evententities, eventnear
from storage.evententities import EntityRow
from streams.events import finding, shown
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import BadReference, Ref
from vocab.dialects.events.linktypes import FAMILIES

COMPANIONS_MAX: Final = 1_000
"""So many entities are shown on one page."""
OUTGOING: Final = tuple(f"{FAMILIES['IS']} {FAMILIES['CLOSE']} HOSTED_AT LOCATED_AT".split())
INCOMING: Final = tuple(f"{FAMILIES['IS']} POWERED_BY".split())
"""The types of links that lead to what is near."""


async def join(
    tx: Transaction,
    space: Space,
    reader: Reader,
    items: Mapping[int, dict[str, Any]],
    *,
    nearby: bool = False,
) -> None:
    """Give items a member ``entities``: entity reference → entity, for all that they name by a role.

    With ``nearby`` those are added that are one link away. The number of statements does not depend on the items.
    """
    named = await eventnear.named(tx, list(items), reader.asks)
    near = await eventnear.near(tx, _rows(named), OUTGOING, INCOMING) if nearby else {}
    wanted = [*_rows(named), *(row for rows in near.values() for row in rows)]
    known = await evententities.by_ids(tx, list(dict.fromkeys(wanted))[:COMPANIONS_MAX])
    seen = await finding.entities(tx, reader, known.values())
    told = {
        row.id: entity
        for row, entity in zip(seen, await shown.entities(tx, space, reader, seen), strict=True)
    }
    for item, message in items.items():
        of_item = named.get(item, ())
        rows = [*of_item, *(row for one in of_item for row in near.get(one, ()))]
        message["entities"] = _by_reference(message, [known[row] for row in rows if row in told], told)


def _rows(named: Mapping[int, Iterable[int]]) -> list[int]:
    return [row for rows in named.values() for row in rows]


def _by_reference(
    message: Mapping[str, Any], rows: Iterable[EntityRow], told: Mapping[int, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return entities by the references that the message has for them, or else by their own."""
    spelled: dict[str, str] = {}
    for role in message.get("involves") or ():
        try:
            ref = Ref.parse(str(role.get("entity_ref")))
        except BadReference:
            continue
        spelled.setdefault(ref.key, role["entity_ref"])
    return {spelled.get(row.key, row.ref): told[row.id] for row in rows}
