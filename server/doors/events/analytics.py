"""Analyses: what happened, counted and measured (Events §19), and what one event is counted by (Events §3.5)."""

from typing import Any
from uuid import UUID

from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import ANALYTICS, AS, Operations
from server.errors import ProblemError
from storage import Transaction, eventitems, points
from streams import analytics
from streams.analytics import receiving
from streams.events import Reader, Space, reading
from vocab.dialects.events import Point, moments, references


async def analyse(call: Call) -> Answered:
    """Count and measure what the caller may know of; the path says what, parameters which of it."""
    asked = analytics.Asked(**call.names, parameters=tuple(call.query.pairs))
    query = analytics.parse(asked, now=call.now)
    if query.dataset == receiving.DATASET:
        await call.house.received.keep(call.store, now=call.now)
    return await analytics.answer(call.store, await call.reader(), query)


async def get_points(call: Call) -> Answered:
    """List the data points that an event produced."""
    id = references.item(call.names["stream_id"])
    if id is None:
        raise ProblemError(404)
    found = await call.store.read(_points, call.space, await call.reader(), id)
    return [_spelled(point) for point in found]


async def _points(tx: Transaction, space: Space, reader: Reader, id: UUID) -> list[Point]:
    """Return the points of an event. Raises NotFound when the reader may not know of it."""
    await reading.item(tx, space, reader, id)
    row = await eventitems.by_stream_id(tx, space.tenant.id, str(id))
    return [] if row is None else await points.of_item(tx, row.tenant, row.id, reader.asks)


def _spelled(point: Point) -> dict[str, Any]:
    return {
        "dataset": point.dataset,
        "series": point.series,
        "timestamp": moments.spell(point.at),
        "dimensions": dict(point.dimensions),
        "metrics": {name: analytics.number(amount) for name, amount in point.metrics.items()},
    }


_QUERY = f"{ANALYTICS}{{dataset}}/{{series}}/{{dimensions}}/{{metrics}}/{{granularity}}"

OPERATIONS: Operations = (
    (_QUERY, {"GET": analyse}),
    (f"{_QUERY}/{{since}}", {"GET": analyse}),
    (f"{_QUERY}/{{since}}/{{until}}", {"GET": analyse}),
    (f"{AS}events/{{stream_id}}/analytics", {"GET": get_points}),
)
