"""What is measured of entities: the points that entity messages yield (Events §7.1, §6.4)."""

from typing import Any, Final

from storage import Transaction, evententities, eventlinks
from streams.events.held import Held
from streams.events.work import Work
from vocab.dialects.events import Entity, Point, Ref, Role
from vocab.dialects.events.aspects.points import entities, multiple, numbers, snake
from vocab.dialects.events.roletypes import AFFECTS

DATASET: Final = "timeseries"
MEASURING: Final = "MEASURES"
MEASURED_MAX: Final = 100
"""So many entities at most are measured by one."""


def series(ref: Ref) -> str:
    """Return the series that entities of a type have: ``entity.vessel``."""
    return f"entity.{snake(ref.root)}"


def points(said: Entity, gauged: tuple[Ref, ...], *, origin: str, at: int) -> tuple[Point, ...]:
    """Return the point of what a message says in numbers, metrics and stocks, with its dimensions.

    It is about the entity and about those that it measures.
    """
    measured = _measured(said)
    if not measured:
        return ()
    dimensions: dict[str, Any] = dict(entities(Role(AFFECTS, ref) for ref in (said.ref, *gauged)))
    dimensions |= multiple(said.aspects.get("dimensions")) | {"source": origin, "origin": origin}
    return (Point(DATASET, series(said.ref), at, dimensions, measured),)


async def gauged(tx: Transaction, work: Work, held: Held, said: Entity, *, at: int) -> tuple[Ref, ...]:
    """Return the entities that one measures at an instant, when it says anything in numbers."""
    if not _measured(said):
        return ()
    kept = await eventlinks.at(tx, "source", [held.id], (MEASURING,), limit=MEASURED_MAX)
    links = {row.id: row for row in kept} | {
        id: row for id, row in work.links.rows.items() if row.source == held.id and row.root == MEASURING
    }
    targets = [row.target for row in links.values() if row.is_active(at)]
    rows = await evententities.by_ids(tx, targets) if targets else {}
    return tuple(work.cast.meet(row).ref for row in rows.values())


def _measured(said: Entity) -> dict[str, float]:
    return numbers(said.aspects.get("inventory")) | numbers(said.aspects.get("metrics"))
