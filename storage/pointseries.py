"""Series of data points: what is measured in them, and in which column of ``points`` each dimension and metric is.

A dimension or metric gets its number when the first point that has it arrives, and keeps it. The same name has the same
number in most series of a dataset, so that they can be counted together.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final, cast

from storage.connection import Row, Transaction
from storage.ids import next_id
from storage.sql import each, listed
from vocab.dialects.events import Point, Ref

DIMENSION_COLUMNS: Final = 24
METRIC_COLUMNS: Final = 16
TIMESERIES: Final = "timeseries"
"""The dataset whose series have names of their own; in all others a series is a type of events."""
NAMES_MAX: Final = 300
"""So many dimensions, and as many metrics, are counted of a series; any more are left out."""
NEIGHBOURS: Final = 200
"""The numbers that names have in so many other series are looked at before new ones are given."""

Key = tuple[str, str]
"""Dataset and name."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series. Numbers up to ``DIMENSION_COLUMNS`` and ``METRIC_COLUMNS`` have a column, others do not."""

    id: int
    dataset: str
    name: str
    dimensions: Mapping[str, int] = field(default_factory=dict)
    several: frozenset[str] = frozenset()
    metrics: Mapping[str, int] = field(default_factory=dict)

    def extended(self, points: Iterable[Point], neighbours: Iterable["Series"]) -> "Series":
        """Return the series with all names that some points use."""
        kept, near = tuple(points), tuple(neighbours)
        dimensions = _numbered(
            self.dimensions, (name for point in kept for name in point.dimensions),
            [one.dimensions for one in near], DIMENSION_COLUMNS,
        )  # fmt: skip
        metrics = _numbered(
            self.metrics, (name for point in kept for name in point.metrics),
            [one.metrics for one in near], METRIC_COLUMNS,
        )  # fmt: skip
        several = {name for point in kept for name, value in point.dimensions.items() if type(value) is tuple}
        return replace(self, dimensions=dimensions, several=self.several | several, metrics=metrics)

    def has_room(self, points: Iterable[Point]) -> bool:
        """Tell whether all names that some points use have their numbers already, as far as they ever will."""
        for point in points:
            for name, value in point.dimensions.items():
                if name not in self.dimensions and len(self.dimensions) < NAMES_MAX:
                    return False
                if type(value) is tuple and name not in self.several:
                    return False
            for name in point.metrics:
                if name not in self.metrics and len(self.metrics) < NAMES_MAX:
                    return False
        return True


_COLUMNS: Final = "s.id, s.dataset, s.name, s.dimensions, s.several, s.metrics"
_LOCKED: Final = {"sqlite": "", "postgres": " FOR UPDATE"}


async def by_name(tx: Transaction, tenant: int, dataset: str, name: str) -> Series | None:
    """Find a series. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM point_series s"  # noqa: S608
        " WHERE s.tenant = :tenant AND s.dataset = :dataset AND s.name = :name",
        tenant=tenant, dataset=dataset, name=name,
    )  # fmt: skip
    return None if row is None else _series(row)


async def of_dataset(
    tx: Transaction, tenant: int, dataset: str, *, limit: int, after: str = ""
) -> list[Series]:
    """Return the series of a dataset by name, from the one after some name on. One statement."""
    order = 's.name COLLATE "C"' if tx.engine == "postgres" else "s.name"
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM point_series s WHERE s.tenant = :tenant"  # noqa: S608
        f" AND s.dataset = :dataset AND {order} > :after ORDER BY {order} LIMIT :limit",
        tenant=tenant, dataset=dataset, after=after, limit=limit,
    )  # fmt: skip
    return [_series(row) for row in rows]


async def ready(
    tx: Transaction, tenant: int, points: Mapping[Key, Iterable[Point]], *, now: int
) -> dict[Key, Series]:
    """Return the series of some points, making those that are new and numbering names that they use first."""
    wanted = {key: tuple(some) for key, some in points.items()}
    found = await _named(tx, tenant, wanted)
    for key in sorted(wanted):
        known = found.get(key)
        if known is None or not known.has_room(wanted[key]):
            found[key] = await _extend(tx, tenant, key, wanted[key], now=now)
    return found


async def _named(tx: Transaction, tenant: int, keys: Iterable[Key]) -> dict[Key, Series]:
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM {each(tx.engine, 'keys')} CROSS JOIN point_series s"  # noqa: S608
        " WHERE s.tenant = :tenant AND s.dataset = each.value ->> 0 AND s.name = each.value ->> 1",
        tenant=tenant, keys=listed(keys),
    )  # fmt: skip
    return {(series.dataset, series.name): series for series in map(_series, rows)}


async def _extend(tx: Transaction, tenant: int, key: Key, points: tuple[Point, ...], *, now: int) -> Series:
    await tx.run(
        "INSERT INTO point_series (id, tenant, dataset, name, created)"
        " VALUES (:id, :tenant, :dataset, :name, :now) ON CONFLICT (tenant, dataset, name) DO NOTHING",
        id=next_id(), tenant=tenant, dataset=key[0], name=key[1], now=now,
    )  # fmt: skip
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM point_series s"  # noqa: S608
        f" WHERE s.tenant = :tenant AND s.dataset = :dataset AND s.name = :name{_LOCKED[tx.engine]}",
        tenant=tenant, dataset=key[0], name=key[1],
    )  # fmt: skip
    known = _series(cast(Row, row))
    neighbours = await of_dataset(tx, tenant, key[0], limit=NEIGHBOURS)
    series = known.extended(points, (one for one in neighbours if one.id != known.id))
    await tx.run(
        "UPDATE point_series SET dimensions = :dimensions, several = :several, metrics = :metrics WHERE id = :id",
        id=series.id, dimensions=json.dumps(dict(series.dimensions)), several=json.dumps(sorted(series.several)),
        metrics=json.dumps(dict(series.metrics)),
    )  # fmt: skip
    return series


def _numbered(
    known: Mapping[str, int], names: Iterable[str], neighbours: list[Mapping[str, int]], columns: int
) -> dict[str, int]:
    """Give numbers to names that have none: that of a neighbour if it is free, else one that nobody uses, else any."""
    numbers = dict(known)
    for name in names:
        if name in numbers or len(numbers) >= NAMES_MAX:
            continue
        free = sorted(set(range(1, NAMES_MAX + 1)).difference(numbers.values()))
        used = {number for others in neighbours for number in others.values()}
        theirs = sorted(others[name] for others in neighbours if name in others)
        choices = (
            *(number for number in theirs if number in free),
            *(number for number in free if number <= columns and number not in used),
            *free,
        )
        numbers[name] = choices[0]
    return numbers


def _series(row: Row) -> Series:
    id, dataset, name, dimensions, several, metrics = cast("tuple[int, str, str, str, str, str]", row)
    return Series(
        id, dataset, name, json.loads(dimensions), frozenset(json.loads(several)), json.loads(metrics)
    )


# What is said of a series


async def details(tx: Transaction, series: int) -> str:
    """Return what was said of a series, a JSON text. One statement."""
    row = await tx.one("SELECT details FROM point_series WHERE id = :series", series=series)
    return "{}" if row is None else cast(str, row[0])


async def describe(tx: Transaction, tenant: int, name: str, text: str, *, now: int) -> None:
    """Note what is said of a time series, which begins with that if there is none yet."""
    await tx.run(
        "INSERT INTO point_series (id, tenant, dataset, name, details, created)"
        " VALUES (:id, :tenant, :dataset, :name, :text, :now)"
        " ON CONFLICT (tenant, dataset, name) DO UPDATE SET details = excluded.details",
        id=next_id(), tenant=tenant, dataset=TIMESERIES, name=name, text=text, now=now,
    )  # fmt: skip


async def remove_some(tx: Transaction, series: int, *, limit: int) -> bool:
    """Remove some points of a series, and with the last ones itself; tell whether there are more."""
    removed = await tx.run(
        "DELETE FROM points WHERE series = :series AND (at, point) IN"
        " (SELECT at, point FROM points WHERE series = :series ORDER BY at, point LIMIT :limit)",
        series=series, limit=limit,
    )  # fmt: skip
    if removed == limit:
        return True
    await tx.run("DELETE FROM point_series WHERE id = :series", series=series)
    return False


# Entities


async def concern(tx: Transaction, tenant: int, pairs: Iterable[tuple[int, Ref]]) -> None:
    """Note which entities the points of series are about; a repeat changes nothing."""
    await tx.many(
        "INSERT INTO point_entities (tenant, key, series, ref) VALUES (:tenant, :key, :series, :ref)"
        " ON CONFLICT (tenant, key, series) DO NOTHING",
        [{"tenant": tenant, "key": ref.key, "series": series, "ref": str(ref)} for series, ref in pairs],
    )


async def about(tx: Transaction, tenant: int, key: str, *, limit: int) -> list[Series]:
    """Return the series whose points are about an entity. One statement."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM point_entities e JOIN point_series s ON s.id = e.series"  # noqa: S608
        " WHERE e.tenant = :tenant AND e.key = :key ORDER BY s.id LIMIT :limit",
        tenant=tenant, key=key, limit=limit,
    )  # fmt: skip
    return [_series(row) for row in rows]


async def entities(tx: Transaction, series: int, *, limit: int) -> list[str]:
    """Return the entities that the points of a series are about. One statement."""
    rows = await tx.all(
        "SELECT ref FROM point_entities WHERE series = :series ORDER BY key LIMIT :limit",
        series=series, limit=limit,
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]
