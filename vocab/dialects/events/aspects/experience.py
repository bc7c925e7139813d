"""How good or bad it was for whom: the aspect ``cei``, and the score that effects add up to (Events §7.21)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import clamped
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.problems import INVALID

AXES: Final = ("engagement", "happiness", "care", "rating", "intent")
MOST: Final = 5
DAYS: Final = 14
DAYS_MAX: Final = 36_500
DAY: Final = 86_400_000_000
"""In microseconds."""


def _affects(value: Any, host: Host, field: str) -> list[str] | None:
    found = kinds.texts(value, host, field)
    return list(dict.fromkeys(role.strip().upper() for role in found or []))


def _days(value: Any, host: Host, field: str) -> int | float | None:
    found = kinds.number(value, host, field)
    if found is not None and not 0 < found <= DAYS_MAX:
        host.problems.error(INVALID, field, f"must be more than 0 and at most {DAYS_MAX} days")
        return None
    return found


cei: Final[Shape] = Shape(
    {**dict.fromkeys(AXES, clamped(-MOST, MOST)), "affects": _affects, "duration": _days}
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What one event did to an entity's experience, by axis, and for how many days it is felt."""

    values: dict[str, float]
    at: int
    days: float = DAYS


def effect_on(path: str, cei: Mapping[str, Any], *, at: int) -> Effect | None:
    """Return what an event does to the experience of who has a role in it: of its ACTORs unless it says of whom.

    None when it does nothing to theirs.
    """
    named = cei.get("affects") or ["ACTOR"]
    if not {path, *path.split(":")}.intersection(named):
        return None
    values = {axis: float(cei[axis]) for axis in AXES if isinstance(cei.get(axis), int | float)}
    return Effect(values, at, float(cei.get("duration", DAYS)))


def score(effects: Iterable[Effect], at: int) -> dict[str, float]:
    """Return an entity's score by axis at an instant: effects fade evenly until their days are over."""
    sums = dict.fromkeys(AXES, 0.0)
    for effect in effects:
        age = (at - effect.at) / (effect.days * DAY)
        if 0 <= age < 1:
            for axis, value in effect.values.items():
                sums[axis] += value * (1 - age)
    return {axis: max(-MOST, min(MOST, value)) for axis, value in sums.items()}
