"""Who may know of data points: those who may know of their event, and of what they are about (Events §3.6, §19.1).

What a point is about is one number, so that a point costs no further row: that of the one entity, or one that stands
for several (``point_casts``). Which of them a reader may not know of is found once for a whole analysis.
"""

import json
from collections.abc import Iterable
from dataclasses import replace
from hashlib import blake2b
from typing import Final, cast

from storage import eventaudience
from storage.connection import Transaction, Value
from storage.eventaudience import Parties
from storage.pointseries import DIMENSION_COLUMNS, METRIC_COLUMNS, Series
from storage.sql import each, listed

POINTS_FIRST: Final = 200
POINTS_MAX: Final = 10_000
"""So many points of a series are looked at for the names that they use, unless the first few use them all."""

_HIDDEN: Final = (
    "WITH hidden AS MATERIALIZED (SELECT thing.id FROM event_entities thing WHERE thing.tenant = :tenant AND {hidden}"
    " UNION ALL SELECT c.id FROM event_entities thing CROSS JOIN point_casts c WHERE thing.tenant = :tenant"
    " AND c.entity = thing.id AND {hidden}) "
)
_KNOWN: Final = "(p.about IS NULL OR p.about NOT IN (SELECT h.id FROM hidden h))"
_ITEM: Final = (
    "(p.restricted = 0 OR EXISTS (SELECT 1 FROM event_readers who WHERE who.item = p.item"
    " AND who.party IN (SELECT each.value ->> 0 FROM {parties})))"
)


def cast_of(entities: frozenset[int]) -> int | None:
    """Return what stands for the entities that a point is about; None for none."""
    if len(entities) < 2:
        return next(iter(entities), None)
    digest = blake2b(json.dumps(sorted(entities)).encode(), digest_size=8).digest()
    return -(int.from_bytes(digest, "big") >> 1)


async def note(tx: Transaction, casts: Iterable[frozenset[int]]) -> None:
    """Remember who is meant by what stands for several entities. No statement where points are about one each."""
    rows: list[dict[str, Value]] = [
        {"id": cast_of(cast), "entity": entity} for cast in casts if len(cast) > 1 for entity in cast
    ]
    if rows:
        await tx.many(
            "INSERT INTO point_casts (id, entity) VALUES (:id, :entity) ON CONFLICT DO NOTHING",
            sorted(rows, key=lambda row: (row["entity"], row["id"])),
        )


def hidden(engine: str, parties: Parties) -> str:
    """Return what a statement begins with that asks whether points may be ``known``; nothing for who sees all."""
    return "" if parties is None else _HIDDEN.format(hidden=eventaudience.hidden(engine))


def known(parties: Parties) -> str:
    """Return the condition that a reader may know of all that a point ``p`` is about."""
    return "1 = 1" if parties is None else _KNOWN


def item(engine: str, parties: Parties) -> str:
    """Return the condition that a reader may know of the event that a point ``p`` comes from, if it does."""
    return "1 = 1" if parties is None else _ITEM.format(parties=each(engine, "parties"))


async def known_series(tx: Transaction, tenant: int, series: Iterable[int], parties: Parties) -> set[int]:
    """Return which of some series a reader may know of: those with a point that they may know of, or without any.

    One statement unless they see all.
    """
    wanted = set(series)
    if parties is None or not wanted:
        return wanted
    rows = await tx.all(
        f"{hidden(tx.engine, parties)}SELECT s.id FROM point_series s WHERE s.id IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'series')})"
        " AND (NOT EXISTS (SELECT 1 FROM points p WHERE p.series = s.id) OR EXISTS (SELECT 1 FROM points p"
        f" WHERE p.series = s.id AND {known(parties)} AND {item(tx.engine, parties)}))",
        series=listed((one,) for one in sorted(wanted)), **named(tenant, parties),
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}


async def names(tx: Transaction, tenant: int, series: Series, parties: Parties) -> Series:
    """Return a series with those names alone that a reader may know of: of the newest points that they may.

    So many of these are looked at at most; whoever sees all is told all names.
    """
    if parties is None:
        return series
    told = series
    for most in (POINTS_FIRST, POINTS_MAX):
        used = await _used(tx, tenant, series.id, parties, most)
        told = replace(
            series,
            dimensions={name: at for name, at in series.dimensions.items() if f"d{at}" in used},
            metrics={name: at for name, at in series.metrics.items() if f"m{at}" in used},
        )
        if told == series:
            break
    return told


async def _used(tx: Transaction, tenant: int, series: int, parties: Parties, most: int) -> set[str]:
    """Return which dimensions and metrics the newest points use that a reader may know of: ``d1``, ``m30``."""
    columns = [f"d{number}" for number in range(1, DIMENSION_COLUMNS + 1)]
    columns += [f"m{number}" for number in range(1, METRIC_COLUMNS + 1)]
    wanted = {"series": series, "most": most, **named(tenant, parties)}
    newest = (
        f"SELECT p.* FROM points p WHERE p.series = :series AND {known(parties)} AND {item(tx.engine, parties)}"  # noqa: S608
        " ORDER BY p.at DESC LIMIT :most"
    )
    begun = hidden(tx.engine, parties)
    counts = ", ".join(f"count(n.{name})" for name in columns)
    row = await tx.one(f"{begun}SELECT {counts} FROM ({newest}) n", **wanted)  # noqa: S608
    used = {name for name, count in zip(columns, row or (), strict=False) if count}
    beside = await tx.all(f"{begun}SELECT n.more FROM ({newest}) n WHERE n.more IS NOT NULL", **wanted)  # noqa: S608
    for (text,) in beside:
        more = json.loads(cast(str, text))
        used |= {f"{letter}{number}" for letter in "dm" for number in more.get(letter, {})}
    return used


def named(tenant: int, parties: Parties) -> dict[str, Value]:
    """Return the parameters that the conditions ask for."""
    return {} if parties is None else {"tenant": tenant, **eventaudience.named(parties)}
