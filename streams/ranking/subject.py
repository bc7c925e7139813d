"""What a formula speaks of: one activity, and the occasion on which it is ranked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

from streams.errors import Unrankable
from vocab import instants

SECOND_US: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """An activity to be scored: its time in microseconds since 1970, its custom fields, what was counted of it."""

    time: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    reaction_counts: Mapping[str, float] = field(default_factory=dict)
    analytics: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One reading of a ranked feed: its instant in microseconds since 1970, its ``ranking_vars``, and chance.

    Pages that belong together must share the instant and a ``random`` of the same seed.
    """

    now: int
    random: Random
    external: Mapping[str, Any] = field(default_factory=dict)


def seconds(text: str) -> float:
    """Return a time as Unix seconds: ISO 8601, UTC unless it names an offset, a whole day being its start (§3.1)."""
    for candidate in (text, text + "Z", text + "T00:00:00Z"):
        if (moment := instants.parse(candidate)) is not None:
            return instants.microseconds(moment) / SECOND_US
    raise Unrankable(f"{text[:50]!r} is not a time")
