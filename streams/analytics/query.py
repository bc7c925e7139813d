"""What an analysis asks for, read from an address (Events §19.1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from storage.patterns import BadPattern, pattern
from storage.pointqueries import Choice, Measure
from storage.pointseries import TIMESERIES
from streams.analytics import periods
from streams.analytics.buckets import Granularity
from streams.analytics.periods import Span
from streams.errors import Malformed

DATASETS: Final = ("events", "trades", "timeseries", "web", "ab_tests", "cei", "observations", "system")
KINDS: Final = {"groupby": "groupBy", "topn": "topN", "timeseries": "timeseries"}
AGGREGATES: Final = ("sum", "min", "max", "avg", "cardinality", "count")
DIMENSIONS_MAX: Final = 10
METRICS_MAX: Final = 20
VALUES_MAX: Final = 100
ROWS_MAX: Final = 10_000
"""So many rows an answer may have."""
TOP: Final = 10
EVER: Final = ("0002", "9998")
"""From when until when there may be points at all."""
KEYS: Final = frozenset(("apikey", "api_key"))

_SPECIAL: Final = re.compile(r"[][\\*+?(){}|^$]")
"""What tells a pattern from a value: a dot is part of too many values."""


@dataclass(frozen=True, slots=True)
class Metric:
    """A column of the answer: what it is called there, and what it measures."""

    text: str
    measure: Measure


@dataclass(frozen=True, slots=True)
class Query:
    """An analysis that was understood. ``series`` is empty for all of a dataset, ``limit`` None where none was said."""

    dataset: str
    series: tuple[str, ...]
    dimensions: tuple[str, ...]
    metrics: tuple[Metric, ...]
    granularity: Granularity
    span: Span
    zone: tzinfo
    filters: tuple[tuple[str, Choice], ...] = ()
    kind: str = "groupBy"
    order: tuple[tuple[int, bool], ...] = ()
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The segments of an address after ``/api/analytics/``, and its parameters in their order."""

    dataset: str
    series: str
    dimensions: str
    metrics: str
    granularity: str
    since: str = ""
    until: str = ""
    parameters: tuple[tuple[str, str], ...] = ()


def parse(asked: Asked, *, now: int) -> Query:
    """Read an analysis. Raises Malformed, which names the part at fault."""
    dataset = asked.dataset.strip().lower()
    if dataset not in DATASETS:
        raise Malformed("dataset", f"is none of {', '.join(DATASETS)}")
    said = _Parameters(asked.parameters)
    zone = periods.zone(said.zone)
    query = Query(
        dataset,
        series=tuple(_series(dataset, asked.series)),
        dimensions=tuple(_dimensions(asked.dimensions)),
        metrics=tuple(_metrics(asked.metrics)),
        granularity=Granularity.parse(asked.granularity),
        span=periods.span(asked.since, asked.until, place=zone, now=now),
        zone=zone,
        filters=tuple((name, test(name, values)) for name, values in said.filters.items()),
        kind=said.kind,
        order=tuple(_order(said.order, asked.dimensions, asked.metrics)),
        limit=said.limit,
    )
    if query.kind == "topN" and len(query.dimensions) != 1:
        raise Malformed("dimensions", "of a query of the type topN are exactly one")
    if query.kind == "timeseries" and query.dimensions:
        raise Malformed("dimensions", "of a query of the type timeseries are none")
    return query


def test(field: str, values: Iterable[str]) -> Choice:
    """Read what a dimension has to be: values, and patterns between slashes or with what only patterns have.

    What only looks like a pattern is a value as well: ``C++``. Raises Malformed.
    """
    plain, patterns = [], []
    for value in dict.fromkeys(values):
        marked = len(value) > 2 and value[0] == value[-1] == "/"
        if not marked:
            plain.append(value)
            if not _SPECIAL.search(value):
                continue
        try:
            patterns.append(pattern(value[1:-1] if marked else value))
        except BadPattern as error:
            if marked:
                raise Malformed(field, str(error)) from None
    return Choice(tuple(plain), tuple(patterns))


class _Parameters:
    """The parameters of a query; those that are no words of the language are dimensions."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self.zone = ""
        self.kind = "groupBy"
        self.limit: int | None = None
        self.order: list[str] = []
        self.filters: dict[str, list[str]] = {}
        for name, value in pairs:
            self._take(name.strip().lower(), value)
        if sum(map(len, self.filters.values())) > VALUES_MAX:
            raise Malformed("query", f"compares with more than {VALUES_MAX} values")

    def _take(self, name: str, value: str) -> None:
        match name:
            case "tz":
                self.zone = value
            case "querytype" | "query_type":
                if value.lower() not in KINDS:
                    raise Malformed("queryType", f"is none of {', '.join(KINDS.values())}")
                self.kind = KINDS[value.lower()]
            case "limit":
                if not (value.isascii() and value.isdigit() and 0 < len(value) < 10 and int(value)):
                    raise Malformed("limit", "must be a whole number from 1")
                self.limit = int(value)
            case "sort" | "order":
                self.order += [key for key in value.split(",") if key]
            case _ if name not in KEYS:
                values = [one.strip() for one in value.split(",") if one.strip()]
                if not name or not values:
                    raise Malformed(name or "query", "names a dimension, and needs a value of it")
                self.filters.setdefault(name, []).extend(values)


def _series(dataset: str, text: str) -> list[str]:
    """Return names of series; only those of time series are in capitals or not as they were written."""
    if text.strip().lower() == "all":
        return []
    return [text] if dataset == TIMESERIES and text else _names("series", text)


def _names(field: str, text: str) -> list[str]:
    names = list(dict.fromkeys(name.strip().lower() for name in text.split(",")))
    if not all(names):
        raise Malformed(field, "has an empty name in it")
    return names


def _dimensions(text: str) -> list[str]:
    if text.strip().lower() == "none":
        return []
    names = _names("dimensions", text)
    if len(names) > DIMENSIONS_MAX:
        raise Malformed("dimensions", f"are more than {DIMENSIONS_MAX}")
    return names


def _metrics(text: str) -> list[Metric]:
    texts = list(dict.fromkeys(one.strip() for one in text.split(",")))
    if len(texts) > METRICS_MAX:
        raise Malformed("metrics", f"are more than {METRICS_MAX}")
    return [Metric(one, _measure(one)) for one in texts]


def _measure(text: str) -> Measure:
    how, colon, rest = text.partition(":")
    if not colon:
        how, rest = ("count", "") if text.lower() == "count" else ("sum", text)
    how = how.strip().lower()
    if how not in AGGREGATES:
        raise Malformed("metrics", f"{text[:100]!r} does not begin with one of {', '.join(AGGREGATES)}")
    name, equals, value = rest.partition("=") if how == "count" else (rest, "", "")
    if (colon and not name.strip()) or (equals and not value.strip()) or not text:
        raise Malformed("metrics", f"{text[:100]!r} does not say of what")
    tested = test("metrics", [value.strip()]) if equals else None
    return Measure(how, name.strip().lower(), tested)


def _order(keys: list[str], dimensions: str, metrics: str) -> list[tuple[int, bool]]:
    """Return the columns to sort by, and whether the largest come first."""
    columns = ["timestamp", *_dimensions(dimensions), *(metric.text for metric in _metrics(metrics))]
    order = []
    for key in keys:
        name = key.removeprefix("-").strip()
        place = next((n for n, column in enumerate(columns) if name in (column, column.lower())), None)
        if place is None:
            raise Malformed("sort", f"{name[:100]!r} is neither a metric nor a dimension of the query")
        order.append((place, key.startswith("-")))
    return order
