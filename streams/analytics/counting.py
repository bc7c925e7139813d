"""Keeping the data points of events, in the unit of work that records them (Events §19.4)."""

from collections.abc import Sequence

from storage import Transaction, points, pointseries
from storage.points import NewPoint
from streams.events import telling
from streams.events.blind import BLIND
from streams.events.item import Item
from streams.events.space import Space
from vocab.dialects.events import Bump, Event, Point, Ref
from vocab.dialects.events.roletypes import AFFECTS


async def counted(tx: Transaction, space: Space, items: Sequence[Item]) -> None:
    """Keep the points of new events; they are seen by those who may know of the event.

    Those of what was said of an entity are for those who may know of it and of what it measures (Events §5.2).
    """
    new = [
        NewPoint(point, item.id, item.restricted, _concerned(item.message, point), _about(item))
        for item in items
        if isinstance(item.message, Event)
        for point in item.message.points
    ]
    if new:
        await points.add(tx, space.tenant.id, new, now=max(item.received for item in items))


def _about(item: Item) -> frozenset[int]:
    if isinstance(item.message, Bump) or not telling.is_told(item.message):
        return frozenset()
    return frozenset(item.rows(AFFECTS)).union(item.rows(telling.REFLECTS))


def _concerned(event: Event, point: Point) -> tuple[Ref, ...]:
    """Return the entities that have a series because of a point."""
    if point.dataset != pointseries.TIMESERIES:
        return ()
    seen = (role.target for role in event.roles if BLIND not in role.path.split(":"))
    return tuple(dict.fromkeys(target for target in seen if isinstance(target, Ref)))
