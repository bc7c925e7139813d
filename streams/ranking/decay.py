"""Decay: how a score falls with the distance from an origin (Feeds API §10.2).

A time is its Unix seconds and a duration a number of seconds, so one arithmetic serves times and numbers.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from streams.errors import Malformed, Unrankable
from streams.ranking.subject import seconds

Curve: TypeAlias = Callable[[float, float], float]

CURVES: Final[Mapping[str, Curve]] = {
    "decay_linear": lambda distance, decay: max(0.0, 1.0 - (1.0 - decay) * distance),
    "decay_exp": lambda distance, decay: math.pow(decay, distance),
    "decay_gauss": lambda distance, decay: math.pow(decay, distance * distance),
}
"""The score at a distance in scales: 1 at none, ``decay`` at one."""

UNITS_SECONDS: Final = {"": 1, "s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
DIRECTIONS: Final = ("both", "left", "right")
_ARGUMENTS: Final = ("base", "origin", "scale", "offset", "decay", "direction")
_LIMITS: Final[Mapping[str, tuple[Callable[[float], bool], str]]] = {
    "scale": (lambda number: 0 < number < math.inf, "above 0"),
    "offset": (lambda number: 0 <= number < math.inf, "0 or more"),
    "decay": (lambda number: 0 < number < 1, "between 0 and 1"),
}
_DURATION = re.compile(r"\s*([0-9]+\.?[0-9]*|\.[0-9]+)\s*([smhdw]?)\s*")


@dataclass(frozen=True, slots=True)
class Decay:
    """A decay function. An ``origin`` of None is the present for times and 0 for numbers."""

    curve: Curve
    origin: float | None = None
    now: bool = False
    scale: float = 5.0 * UNITS_SECONDS["d"]
    offset: float = 0.0
    decay: float = 0.5
    direction: str = "both"

    def at(self, value: float, *, is_time: bool, now: float) -> float:
        """Return the score of a value, between 0 and 1."""
        origin = self.origin
        if origin is None:
            origin = now if is_time or self.now else 0.0
        difference = value - origin
        if self.direction == ("left" if difference > 0 else "right"):
            return 1.0
        distance = max(0.0, abs(difference) - self.offset)
        return self.curve(distance / self.scale, self.decay)


STANDARD: Final[Mapping[str, Decay]] = {name: Decay(curve) for name, curve in CURVES.items()}


def define(field: str, value: object) -> Decay:
    """Read one of the ``functions`` of a method; raise Malformed naming the argument at fault."""
    if not isinstance(value, Mapping):
        raise Malformed(field, "must be an object")
    for name in value:
        if name not in _ARGUMENTS:
            raise Malformed(f"{field}.{name}", f"is none of {', '.join(_ARGUMENTS)}")
    base, direction = str(value.get("base", "")).lower(), value.get("direction", "both")
    if base not in CURVES:
        raise Malformed(f"{field}.base", f"must be one of {', '.join(CURVES)}")
    if direction not in DIRECTIONS:
        raise Malformed(f"{field}.direction", f"must be one of {', '.join(DIRECTIONS)}")
    return Decay(
        CURVES[base],
        _origin(field, value.get("origin")),
        value.get("origin") == "now",
        _within(field, "scale", value.get("scale", "5d")),
        _within(field, "offset", value.get("offset", 0)),
        _within(field, "decay", value.get("decay", 0.5)),
        direction,
    )


def _origin(field: str, value: Any) -> float | None:
    if value is None or value == "now":
        return None
    try:
        return _finite(f"{field}.origin", value)
    except Malformed:
        try:
            return seconds(str(value))
        except Unrankable:
            raise Malformed(f"{field}.origin", "must be 'now', a time or a number") from None


def _within(field: str, argument: str, value: Any) -> float:
    """Return a number or a duration, when it lies within the limits of its argument."""
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    number = (
        _finite(f"{field}.{argument}", value) if found is None else float(found[1]) * UNITS_SECONDS[found[2]]
    )
    fits, wanted = _LIMITS[argument]
    if not fits(number):
        raise Malformed(f"{field}.{argument}", f"must be {wanted}")
    return number


def _finite(field: str, value: Any) -> float:
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise Malformed(field, "must be a number or a duration, such as 5d")
    return number
