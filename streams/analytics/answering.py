"""Answering an analysis, in the shape that its type has (Events §19.2)."""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Final

from storage import Store, Transaction, pointcounts, pointseries
from storage.errors import TooLong
from storage.pointqueries import TYPE, Choice, Counting, Group, Run
from storage.pointseries import TIMESERIES, Series
from streams.analytics import buckets, periods, receiving
from streams.analytics.query import ROWS_MAX, TOP, Query
from streams.errors import Malformed, NotAllowed
from streams.events.reader import Reader

SECONDS_MAX: Final = 20.0
"""So long the database may count."""
SERIES_MAX: Final = 2_000
"""A query is about so many series at most."""
VERSION: Final = "v1"
DIGITS: Final = 15
"""So many digits of a number are told: sums of fractions are exact to about as many."""
PREFIX: Final = "as."


async def answer(store: Store, reader: Reader, query: Query) -> list[dict[str, Any]]:
    """Return the answer to an analysis.

    Raises Malformed when it would be too long, or ask too much, and NotAllowed: what a tenant receives, which may name
    what is restricted, is for those from whom nothing is kept.
    """
    if query.dataset == receiving.DATASET and reader.asks is not None:
        raise NotAllowed("dataset", f"{receiving.DATASET} is for those who may read everything of the tenant")
    runs = buckets.runs(query.granularity, query.span, query.zone)
    if query.kind == "timeseries" and buckets.count(runs) > ROWS_MAX:
        raise Malformed("granularity", f"makes more than {ROWS_MAX} buckets of so long a time")
    try:
        groups = await store.scan(_groups, reader, query, tuple(runs)) if runs else []
    except TooLong:
        raise Malformed("query", f"takes longer than {SECONDS_MAX:g} seconds: ask for less time") from None
    if len(groups) > ROWS_MAX:
        raise Malformed("dimensions", f"make more than {ROWS_MAX} rows: ask for less time, or set a limit")
    match query.kind:
        case "topN":
            return list(_tops(query, groups))
        case "timeseries":
            return list(_curve(query, groups, buckets.starts(runs)))
    return [_row(query, group) for group in groups]


async def _groups(tx: Transaction, reader: Reader, query: Query, runs: tuple[Run, ...]) -> list[Group]:
    await tx.limit(SECONDS_MAX)
    series = await _series(tx, reader.tenant, query)
    order = query.order
    if query.kind == "topN" and not order:
        order = ((2, True),)
    limit = TOP if query.kind == "topN" and query.limit is None else query.limit
    wanted = Counting(
        tenant=reader.tenant,
        dataset=query.dataset,
        series=series,
        runs=runs,
        dimensions=query.dimensions,
        measures=tuple(metric.measure for metric in query.metrics),
        filters=tuple((name, test) for name, test in query.filters if not _names_series(query, name)),
        parties=reader.asks,
        order=order if query.kind != "timeseries" else (),
        limit=ROWS_MAX if limit is None else limit,
        each_bucket=query.kind == "topN",
        weight=receiving.MESSAGES if query.dataset == receiving.DATASET else "",
    )
    rows = query.kind == "groupBy" and limit is not None
    return await pointcounts.count(tx, wanted, most=min(limit or 0, ROWS_MAX) if rows else ROWS_MAX + 1)


# Which series are meant


async def _series(tx: Transaction, tenant: int, query: Query) -> tuple[Series, ...]:
    if query.dataset == TIMESERIES and query.series:
        named = [await pointseries.by_name(tx, tenant, query.dataset, name) for name in query.series]
        return tuple(one for one in named if one is not None)
    found = await pointseries.of_dataset(tx, tenant, query.dataset, limit=SERIES_MAX + 1)
    if len(found) > SERIES_MAX:
        raise Malformed("series", f"are more than {SERIES_MAX}")
    types = [test for name, test in query.filters if _names_series(query, name)]
    return tuple(
        one
        for one in found
        if (not query.series or is_type(one.name, Choice(query.series)))
        and all(is_type(one.name, test) for test in types)
    )


def _names_series(query: Query, name: str) -> bool:
    """Tell whether a filter says which series are meant, rather than which of their points."""
    return name == TYPE and query.dataset != TIMESERIES


def is_type(name: str, test: Choice) -> bool:
    """Tell whether a type of events is one of some or below one: with ``as.`` before it or without (Events §19.1)."""
    spellings = (name, name.removeprefix(PREFIX))
    return any(
        spelling == value or spelling.startswith(f"{value}.")
        for value in map(str.lower, test.values)
        for spelling in spellings
    ) or any(pattern.matches(spelling) for pattern in test.patterns for spelling in spellings)


# Shapes


def _row(query: Query, group: Group) -> dict[str, Any]:
    event = dict(zip(query.dimensions, group.values, strict=True)) | _measured(query, group)
    return {"version": VERSION, "timestamp": periods.spell(group.bucket, query.zone), "event": event}


def _tops(query: Query, groups: Iterable[Group]) -> Iterator[dict[str, Any]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for group in groups:
        found.setdefault(group.bucket, []).append(
            {query.dimensions[0]: group.values[0]} | _measured(query, group)
        )
    for bucket, rows in found.items():
        yield {"timestamp": periods.spell(bucket, query.zone), "result": rows}


def _curve(query: Query, groups: Iterable[Group], starts: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Show every bucket, those too in which there is nothing."""
    found = {group.bucket: _measured(query, group) for group in groups}
    nothing = {metric.text: 0 for metric in query.metrics}
    rows = [(at, found.get(at, nothing)) for at in starts]
    for place, largest in reversed(query.order):
        name = query.metrics[place - 1].text if place else ""
        rows.sort(key=lambda row: (row[1][name] or 0) if name else row[0], reverse=largest)
    for at, result in rows[: query.limit]:
        yield {"timestamp": periods.spell(at, query.zone), "result": result}


def _measured(query: Query, group: Group) -> dict[str, Any]:
    return {metric.text: number(value) for metric, value in zip(query.metrics, group.measures, strict=True)}


def number(value: float | None) -> float | None:
    """Return a number as it is told: whole ones without a fraction, without what adding fractions leaves behind."""
    if value is None or not math.isfinite(value):
        return None
    told = float(f"{value:.{DIGITS}g}")
    return int(told) if told.is_integer() and abs(told) < 1 << 53 else told
