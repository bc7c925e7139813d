"""What an analysis of points asks of the database, and what comes back (Events §19)."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from storage.patterns import Pattern
from storage.pointseries import Series

TYPE: Final = "type"
METRIC: Final = "metric"
VALUE: Final = "value"


class Run(NamedTuple):
    """Buckets of one length: the first begins at ``origin``; points count from ``since`` until before ``until``."""

    origin: int
    since: int
    until: int
    step: int


@dataclass(frozen=True, slots=True)
class Choice:
    """What a value has to be: one of some, or described by one of some patterns. An empty one is passed by any."""

    values: tuple[str, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    def passes(self, text: str) -> bool:
        """Tell whether a text passes."""
        return not (self.values or self.patterns) or (
            text in self.values or any(pattern.matches(text) for pattern in self.patterns)
        )


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted or measured in each group.

    ``how`` is ``count``, ``cardinality``, ``sum``, ``min``, ``max`` or ``avg``; ``name`` the dimension or the metric,
    empty for all points. With a test, points are counted in which a value of the dimension passes it.
    """

    how: str
    name: str = ""
    test: Choice | None = None


@dataclass(frozen=True, slots=True)
class Counting:
    """An analysis in a tenant. ``parties`` are what the reader may be named by, None when nothing is kept from them.

    Where points stand for several each, ``weight`` is the metric that says for how many: what is counted are those, an
    average is of them, and what is least and greatest of ``x`` are the metrics ``min_x`` and ``max_x``.

    ``order`` are places of columns of the answer (bucket, dimensions, measures) and whether the largest come first.
    ``limit`` rows are wanted of all, or with ``each_bucket`` of each bucket.
    """

    tenant: int
    dataset: str
    series: tuple[Series, ...]
    runs: tuple[Run, ...]
    dimensions: tuple[str, ...]
    measures: tuple[Measure, ...]
    filters: tuple[tuple[str, Choice], ...] = ()
    parties: frozenset[str] | None = None
    order: tuple[tuple[int, bool], ...] = ()
    limit: int = 10_000
    each_bucket: bool = False
    weight: str = ""


class Group(NamedTuple):
    """The points of a bucket that have the same values: how often and how much."""

    bucket: int
    values: tuple[str, ...]
    measures: tuple[float | None, ...]
