"""Data points: what is counted and measured, one row for each (Events §18.5, §19.4).

The columns of a point mean what its series says. A dimension with several values in a point, and whatever has no
column of its own, is in the JSON text ``more``, by number: ``{"d": {"30": ["a", "b"]}, "m": {"17": 4.2}}``.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Final, cast

from storage import pointaudience, pointseries
from storage.connection import Transaction, Value
from storage.eventaudience import Parties
from storage.ids import next_id
from storage.pointseries import DIMENSION_COLUMNS, METRIC_COLUMNS, Series
from storage.sql import each, listed
from vocab.dialects.events import Point, Ref

VALUE_CHARS_MAX: Final = 1_024
"""Values of dimensions are compared by so many of their first characters."""

DIMENSIONS: Final = tuple(f"d{number}" for number in range(1, DIMENSION_COLUMNS + 1))
METRICS: Final = tuple(f"m{number}" for number in range(1, METRIC_COLUMNS + 1))
TEXTS_CACHED: Final = 256


@dataclass(frozen=True, slots=True)
class NewPoint:
    """A point to be kept. ``item`` is the row of the event that it comes from; those it ``concerns`` have its series.

    It is told of to those who may know of all entities that it is ``about``, by their rows, and of its item.
    Points without an item that say the same are one point.
    """

    point: Point
    item: int | None = None
    restricted: bool = False
    concerns: tuple[Ref, ...] = ()
    about: frozenset[int] = frozenset()


async def add(tx: Transaction, tenant: int, points: Sequence[NewPoint], *, now: int) -> None:
    """Keep points, in series that are made when they are new."""
    if not points:
        return
    said: dict[pointseries.Key, list[Point]] = {}
    for new in points:
        said.setdefault((new.point.dataset, new.point.series), []).append(_bounded(new.point))
    series = await pointseries.ready(tx, tenant, said, now=now)
    await pointaudience.note(tx, {new.about for new in points})
    rows = [_row(series[new.point.dataset, new.point.series], new) for new in points]
    columns = dict.fromkeys(name for row in rows for name in row)
    if any(len(row) < len(columns) for row in rows):
        rows = [columns | row for row in rows]
    await tx.many(_insert(tuple(columns)), rows)
    pairs = {(series[new.point.dataset, new.point.series].id, ref) for new in points for ref in new.concerns}
    if pairs:
        await pointseries.concern(tx, tenant, sorted(pairs, key=lambda pair: (pair[0], pair[1].key)))


@lru_cache(TEXTS_CACHED)
def _insert(columns: tuple[str, ...]) -> str:
    """Return the statement that keeps points in those of the many columns in which some of them have something."""
    return (
        f"INSERT INTO points ({', '.join(columns)}) VALUES ({', '.join(f':{name}' for name in columns)})"  # noqa: S608
        " ON CONFLICT (series, at, point) DO NOTHING"
    )


async def forget(tx: Transaction, items: Iterable[int]) -> None:
    """Remove the points of events that nobody is to count any more (Events §19.4)."""
    await tx.run(
        "DELETE FROM points"  # noqa: S608
        f" WHERE item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )


async def of_item(tx: Transaction, tenant: int, item: int, parties: Parties = None) -> list[Point]:
    """Return the points of an event of which a reader may know, in the order in which they were made.

    Those of its lines are among them; the event itself the reader is known to be allowed to read.
    """
    rows = await tx.all(
        f"{pointaudience.hidden(tx.engine, parties)}SELECT s.dataset, s.name, s.dimensions, s.metrics,"  # noqa: S608
        f" p.at, {', '.join(f'p.{name}' for name in (*DIMENSIONS, *METRICS))}, p.more"
        " FROM points p JOIN point_series s ON s.id = p.series"
        f" WHERE p.item = :item AND {pointaudience.known(parties)} ORDER BY p.point",
        item=item, **pointaudience.named(tenant, parties),
    )  # fmt: skip
    return [_point(row) for row in rows]


def _bounded(point: Point) -> Point:
    """Return a point whose ``type`` is not said twice: in all datasets but one it is the name of the series."""
    if point.dataset == pointseries.TIMESERIES or point.dimensions.get("type") != point.series:
        return point
    dimensions = {name: value for name, value in point.dimensions.items() if name != "type"}
    return Point(point.dataset, point.series, point.at, dimensions, point.metrics)


def _row(series: Series, new: NewPoint) -> dict[str, Value]:
    point = _bounded(new.point)
    row: dict[str, Value] = {
        "series": series.id, "at": point.at, "item": new.item, "restricted": int(new.restricted),
        "about": pointaudience.cast_of(new.about),
        "point": identity(new.point) if new.item is None else next_id(),
    }  # fmt: skip
    beside: dict[str, list[str]] = {}
    for name, value in point.dimensions.items():
        number = series.dimensions.get(name)
        if number is None:
            continue
        if isinstance(value, str) and number <= DIMENSION_COLUMNS:
            row[f"d{number}"] = value[:VALUE_CHARS_MAX]
        else:
            values = (value,) if isinstance(value, str) else value
            beside[str(number)] = list(dict.fromkeys(one[:VALUE_CHARS_MAX] for one in values))
    measured: dict[str, float] = {}
    for name, amount in point.metrics.items():
        number = series.metrics.get(name)
        if number is None:
            continue
        if number <= METRIC_COLUMNS:
            row[f"m{number}"] = amount
        else:
            measured[str(number)] = amount
    if beside or measured:
        row["more"] = json.dumps({"d": beside, "m": measured})
    return row


def identity(point: Point) -> int:
    """Return a number that is the same for points that say the same."""
    said = [
        point.dataset,
        point.series,
        point.at,
        sorted(point.dimensions.items()),
        sorted(point.metrics.items()),
    ]
    return int.from_bytes(blake2b(json.dumps(said).encode(), digest_size=8).digest(), "big") >> 1


def _point(row: Sequence[Value]) -> Point:
    dataset, series, dimensions, metrics, at = cast("tuple[str, str, str, str, int]", tuple(row[:5]))
    columns = row[5:-1]
    more: dict[str, Any] = json.loads(cast("str | None", row[-1]) or "{}")
    said: dict[str, str | tuple[str, ...]] = {}
    if dataset != pointseries.TIMESERIES:
        said["type"] = series
    for name, number in json.loads(dimensions).items():
        several = more.get("d", {}).get(str(number))
        one = columns[number - 1] if number <= DIMENSION_COLUMNS else None
        if several:
            said[name] = several[0] if len(several) == 1 else tuple(several)
        elif one is not None:
            said[name] = cast(str, one)
    measured: dict[str, float] = {}
    for name, number in json.loads(metrics).items():
        amount = (
            columns[DIMENSION_COLUMNS + number - 1]
            if number <= METRIC_COLUMNS
            else more.get("m", {}).get(str(number))
        )
        if amount is not None:
            measured[name] = cast(float, amount)
    return Point(dataset, series, at, said, measured)
