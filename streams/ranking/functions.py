"""The functions of ranking formulas (Feeds API §10.1). Decays are in ``decay``; times are read in ``formula``."""

import math
from collections.abc import Callable, Mapping
from random import Random
from typing import Final

from streams.errors import Unrankable

EARTH_RADIUS_KM: Final = 6_371.0088
UNITS_KM: Final = {"K": 1.0, "M": 1.609344, "N": 1.852}


def rounded(x: float) -> float:
    """Return the nearest integer; what lies half way goes away from zero."""
    whole = float(math.trunc(x))
    return whole + math.copysign(1.0, x) if abs(x - whole) >= 0.5 else whole


def great_circle_km(lat1: float, lng1: float, lat2: float, lng2: float) -> float:
    """Return the distance of two places given in degrees, along the surface of the Earth (haversine)."""
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    across = math.sin(math.radians(lng2 - lng1) / 2)
    along = math.sin((phi2 - phi1) / 2)
    chord = along * along + math.cos(phi1) * math.cos(phi2) * across * across
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def uniform(random: Random, *limits: float) -> float:
    """Return a number from [0, 1), or from [a, b)."""
    low, high = limits or (0.0, 1.0)
    return low + (high - low) * random.random()


def normal(random: Random, *arguments: float) -> float:
    """Return a normally distributed number: of µ 0 and σ 1, or with ``a, b, σ, µ`` one that is clipped to [a, b]."""
    if not arguments:
        return random.gauss(0.0, 1.0)
    low, high, sigma, mean = arguments
    if low > high or sigma < 0:
        raise Unrankable("rand_normal(a, b, σ, µ) needs a <= b and σ >= 0")
    return min(max(random.gauss(mean, sigma), low), high)


PURE: Final[Mapping[str, tuple[int, Callable[..., float]]]] = {
    "abs": (1, abs),
    "cos": (1, math.cos),
    "ln": (1, math.log),
    "log": (1, math.log10),
    "max": (2, max),
    "min": (2, min),
    "round": (1, rounded),
    "sin": (1, math.sin),
    "tan": (1, math.tan),
    "trunc": (1, lambda x: float(math.trunc(x))),
}
"""Functions of numbers alone, with how many they take."""

CHANCE: Final[Mapping[str, tuple[tuple[int, int], Callable[..., float]]]] = {
    "rand": ((0, 2), uniform),
    "rand_normal": ((0, 4), normal),
}
"""Functions of chance, with the two numbers of arguments they take."""
