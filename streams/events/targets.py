"""What messages name by its stream id: events, comments, and entities too (Events §2.1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from storage import Transaction, evententities, eventitems
from storage.evententities import EntityRow
from storage.eventitems import ItemRow
from streams.events import access
from streams.events.access import OPEN, Access
from streams.events.space import Space
from vocab.dialects.events import Rule
from vocab.jsontext import loads


@dataclass(frozen=True, slots=True)
class Target:
    """A row of ``events`` or ``event_entities``, and who may know of it."""

    row: int
    access: Access = OPEN


def of(row: EntityRow | ItemRow) -> Target:
    """Return a row as a target."""
    return Target(row.id, OPEN if row.acl is None else access.of(rules(row.acl)))


def rules(text: str) -> tuple[Rule, ...]:
    """Read rules that we have written."""
    said = cast("list[dict[str, str]]", loads(text))
    return tuple(Rule(right, party) for rule in said for right, party in rule.items())


async def find(tx: Transaction, space: Space, ids: Iterable[UUID]) -> dict[UUID, Target]:
    """Find what stream ids name; what does not exist is left out. Two statements."""
    wanted = [str(id) for id in ids]
    if not wanted:
        return {}
    entities = await evententities.by_stream_ids(tx, space.tenant.id, wanted)
    items = await eventitems.by_stream_ids(tx, space.tenant.id, wanted)
    found = {UUID(id): of(row) for id, row in entities.items()}
    return found | {UUID(id): of(row) for id, row in items.items()}
