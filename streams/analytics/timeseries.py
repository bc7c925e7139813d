"""What is known of time series: what was said of them, and what their points have (Events §18.5).

All of these are units of work.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from storage import Transaction, pointseries
from storage.pointseries import TIMESERIES, Series
from streams.errors import NotFound
from vocab import jsontext

LISTED_MAX: Final = 2_000
"""So many series, or entities of one, are listed at once."""
POINTS_AT_ONCE: Final = 10_000
"""So many points are removed in one unit of work."""


async def every(tx: Transaction, tenant: int) -> list[dict[str, Any]]:
    """Return the time series of a tenant by name."""
    return [spelled(one) for one in await pointseries.of_dataset(tx, tenant, TIMESERIES, limit=LISTED_MAX)]


async def one(tx: Transaction, tenant: int, name: str) -> Series:
    """Return a time series. Raises NotFound."""
    found = await pointseries.by_name(tx, tenant, TIMESERIES, name)
    if found is None:
        raise NotFound(name)
    return found


async def shown(tx: Transaction, tenant: int, name: str) -> dict[str, Any]:
    """Return a time series with all that is said of it. Raises NotFound."""
    series = await one(tx, tenant, name)
    said: dict[str, Any] = json.loads(await pointseries.details(tx, series.id))
    return spelled(series) | said


async def describe(
    tx: Transaction, tenant: int, name: str, said: Mapping[str, Any], *, now: int
) -> dict[str, Any]:
    """Let this be what is said of a time series, which begins with that if it is new; return all of it."""
    text = jsontext.dumps(dict(said)).decode()
    await pointseries.describe(tx, tenant, name, text, now=now)
    return await shown(tx, tenant, name)


async def entities(tx: Transaction, tenant: int, name: str) -> list[str]:
    """Return the entities that a time series is about. Raises NotFound."""
    return await pointseries.entities(tx, (await one(tx, tenant, name)).id, limit=LISTED_MAX)


async def about(tx: Transaction, tenant: int, key: str) -> list[dict[str, Any]]:
    """Return the time series that are about an entity, by its key."""
    return [spelled(one) for one in await pointseries.about(tx, tenant, key, limit=LISTED_MAX)]


async def remove_some(tx: Transaction, series: int) -> bool:
    """Remove some points of a series, and with the last ones itself; tell whether there are more."""
    return await pointseries.remove_some(tx, series, limit=POINTS_AT_ONCE)


def spelled(series: Series) -> dict[str, Any]:
    """Return a time series as lists show it: by what it can be counted, and what can be measured."""
    return {"series": series.name, "dimensions": sorted(series.dimensions), "metrics": sorted(series.metrics)}
