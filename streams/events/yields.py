"""What an event yields to analyses: its data points (Events §3.5, §19.4)."""

from uuid import UUID

from storage import Transaction, eventitems, points
from streams.errors import NotFound
from streams.events import finding
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import Point


async def of(tx: Transaction, space: Space, reader: Reader, stream_id: UUID) -> list[Point]:
    """Return the data points of an event. Raises NotFound."""
    row = await eventitems.by_stream_id(tx, space.tenant.id, str(stream_id))
    if row is None or not await finding.items(tx, reader, [row]):
        raise NotFound(str(stream_id))
    return await points.of_item(tx, row.id)
