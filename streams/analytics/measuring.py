"""Keeping data points that are sent as such (Events §18.5). Those that say the same are one."""

from collections.abc import Sequence
from uuid import UUID

from storage import Transaction, points
from storage.points import NewPoint
from streams.events.gathering import Gathered
from streams.events.space import Space
from vocab.dialects.events import DataPoint, Ref, references


async def keep(
    tx: Transaction, space: Space, cast: Gathered, measured: Sequence[DataPoint], *, now: int
) -> None:
    """Keep data points: they are for those who may know of the entities that they name, which have their series."""
    if measured:
        named = [_concerned(one) for one in measured]
        new = [
            NewPoint(one.point, concerns=refs, about=frozenset(cast[ref].id for ref in refs))
            for one, refs in zip(measured, named, strict=True)
        ]
        await points.add(tx, space.tenant.id, new, now=now)


def identity(measured: DataPoint) -> UUID:
    """Return the id that a data point has among all messages."""
    return references.named(f"as.api.datapoint--{measured.series}--{points.identity(measured.point)}")


def _concerned(measured: DataPoint) -> tuple[Ref, ...]:
    return tuple(dict.fromkeys(role.target for role in measured.roles if isinstance(role.target, Ref)))
