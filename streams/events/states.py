"""What was known of an entity at an instant (Events §5.2, §7.18). Units of work that only read."""

from typing import Any
from uuid import UUID

from storage import Transaction
from streams.events import entities, finding, shown
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import Ref


async def at(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID, instant: int) -> dict[str, Any]:
    """Return an entity with what had been said of it by an instant, which may be nothing. Raises NotFound."""
    row = await finding.entity(tx, space, reader, of)
    aspects, properties = await entities.state_at(tx, row.id, instant)
    told = shown.entity(space, row) | {"aspects": aspects, "properties": properties}
    if row.stated is not None and row.stated > instant:
        del told["occurred_at"]
    return told


async def settings(
    tx: Transaction, space: Space, reader: Reader, of: Ref | UUID, instant: int
) -> dict[str, Any]:
    """Return the settings of an entity that were in force at an instant. Raises NotFound."""
    row = await finding.entity(tx, space, reader, of)
    return await entities.settings_at(tx, row.id, instant)
