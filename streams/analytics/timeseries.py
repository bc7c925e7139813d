"""What is known of time series: what was said of them, and what their points have (Events §18.5).

A series of which a reader may know no point is not there for them. All of these are units of work.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from storage import Transaction, pointaudience, pointseries
from storage.pointseries import TIMESERIES, Series
from streams.errors import NotFound
from streams.events.reader import Reader
from vocab import jsontext

LISTED_MAX: Final = 2_000
"""So many series, or entities of one, are listed at once."""
POINTS_AT_ONCE: Final = 10_000
"""So many points are removed in one unit of work."""


async def every(tx: Transaction, reader: Reader) -> list[Series]:
    """Return the time series of a tenant by name."""
    return await _known(
        tx, reader, await pointseries.of_dataset(tx, reader.tenant, TIMESERIES, limit=LISTED_MAX)
    )


async def one(tx: Transaction, reader: Reader, name: str) -> Series:
    """Return a time series. Raises NotFound."""
    found = await pointseries.by_name(tx, reader.tenant, TIMESERIES, name)
    if found is None or not await _known(tx, reader, [found]):
        raise NotFound(name)
    return await pointaudience.names(tx, reader.tenant, found, reader.asks)


async def _known(tx: Transaction, reader: Reader, series: Sequence[Series]) -> list[Series]:
    """Return those of some series that a reader may know of."""
    known = await pointaudience.known_series(tx, reader.tenant, (one.id for one in series), reader.asks)
    return [one for one in series if one.id in known]


async def shown(tx: Transaction, reader: Reader, name: str) -> dict[str, Any]:
    """Return a time series with all that is said of it. Raises NotFound."""
    series = await one(tx, reader, name)
    said: dict[str, Any] = json.loads(await pointseries.details(tx, series.id))
    return spelled(series) | said


async def describe(
    tx: Transaction, reader: Reader, name: str, said: Mapping[str, Any], *, now: int
) -> dict[str, Any]:
    """Let this be what is said of a time series, which begins with that if it is new; return all of it.

    Raises NotFound.
    """
    text = jsontext.dumps(dict(said)).decode()
    await pointseries.describe(tx, reader.tenant, name, text, now=now)
    return await shown(tx, reader, name)


async def entities(tx: Transaction, reader: Reader, name: str) -> list[str]:
    """Return the entities that a time series is about, whether one may know of them or not. Raises NotFound."""
    return await pointseries.entities(tx, (await one(tx, reader, name)).id, limit=LISTED_MAX)


async def about(tx: Transaction, reader: Reader, key: str) -> list[Series]:
    """Return the time series that are about an entity, by its key."""
    return await _known(tx, reader, await pointseries.about(tx, reader.tenant, key, limit=LISTED_MAX))


async def listed(tx: Transaction, reader: Reader, series: Series) -> dict[str, Any]:
    """Return a time series as lists show it, with the names that a reader may know of."""
    return spelled(await pointaudience.names(tx, reader.tenant, series, reader.asks))


async def remove_some(tx: Transaction, series: int) -> bool:
    """Remove some points of a series, and with the last ones itself; tell whether there are more."""
    return await pointseries.remove_some(tx, series, limit=POINTS_AT_ONCE)


def spelled(series: Series) -> dict[str, Any]:
    """Return a time series as lists show it: by what it can be counted, and what can be measured."""
    return {"series": series.name, "dimensions": sorted(series.dimensions), "metrics": sorted(series.metrics)}
