"""Analyses of a million events: each question beside plain SQL that answers it from a table made for it alone."""

import asyncio
import contextlib
import os
import random
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from benchmarks.bench import Bench, Row
from storage import Store, open_store, points, tenants
from storage.points import NewPoint
from streams.analytics import Asked, answer, parse
from streams.events.reader import Reader
from vocab import instants
from vocab.dialects.events import Point

EVENTS = 1_000_000
DAYS = 30
AT_ONCE = 2_000
TENANT = 7
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")
BEGIN = instants.microseconds(instants.moment(0).replace(year=2031, month=3))
DAY_US = 86_400_000_000
TYPES = ("as.fleet.cargo.loaded", "as.fleet.cargo.unloaded", "as.fleet.van.washed")


class Happened(NamedTuple):
    """What both sides keep of an event."""

    at: int
    type: str
    quay: str
    weather: str
    vessel: str
    pallets: float


def happened(count: int) -> Iterator[Happened]:
    """Return events of a month, always the same ones, in the order in which they happened."""
    chance = random.Random(1)
    step = DAYS * DAY_US // count
    for number in range(count):
        yield Happened(
            BEGIN + number * step,
            chance.choice(TYPES),
            str(chance.randrange(20)),
            chance.choice(("fog", "clear", "rain")),
            f"v{chance.randrange(5_000)}",
            float(chance.randrange(40)),
        )


def events(bench: Bench) -> None:
    """Group what happened on a day, and in a month."""
    _analyse(
        bench,
        "SQLite",
        f"sqlite:///{bench.directory / 'points.db'}",
        _plain_sqlite(bench.directory, bench.count(EVENTS)),
    )
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(POSTGRES_URL, autocommit=True) as server,
    ):
        server.execute("DROP SCHEMA IF EXISTS benchmark_points CASCADE")
        server.execute("CREATE SCHEMA benchmark_points")
        server.execute("SET search_path TO benchmark_points")
        joint = "&" if "?" in POSTGRES_URL else "?"
        url = f"{POSTGRES_URL}{joint}options=-csearch_path%3Dbenchmark_points"
        try:
            _analyse(bench, "PostgreSQL", url, _plain_postgres(server, bench.count(EVENTS)))
        finally:
            server.execute("DROP SCHEMA benchmark_points CASCADE")


FLOOR_AND_GOAL = {"SQLite": (4.0, 2.0), "PostgreSQL": (12.0, 3.0)}
"""How much more time than plain SQL is acceptable; for that one, PostgreSQL reads its table by several processes."""
QUESTIONS = (
    (
        "a day by quay",
        "events/all/quay/count/all/2031-03-10/2031-03-11",
        "SELECT quay, count(*) FROM happened WHERE at >= {day} AND at < {night} GROUP BY 1",
    ),
    (
        "a day by quay and weather",
        "events/all/quay,weather/count,pallets/hour/2031-03-10/2031-03-11",
        "SELECT at / 3600000000 AS hour, quay, weather, count(*), sum(pallets) FROM happened"
        " WHERE at >= {day} AND at < {night} GROUP BY 1, 2, 3",
    ),
    (
        "a month by quay",
        "events/all/quay/count/all/2031-03",
        "SELECT quay, count(*) FROM happened GROUP BY 1",
    ),
    (
        "a month by vessel, 10 best a day",
        "events/all/vessel/count/day/2031-03?topN",
        "SELECT at / 86400000000 AS day, vessel, count(*) FROM happened GROUP BY 1, 2",
    ),
)


def _analyse(bench: Bench, engine: str, url: str, plain: Callable[[str], list[Any]]) -> None:
    asyncio.run(_measure(bench, engine, url, plain))


async def _measure(bench: Bench, engine: str, url: str, plain: Callable[[str], list[Any]]) -> None:
    async with open_store(url, durability="normal") as store:
        await store.write(tenants.add, TENANT, "benchmark", now=1)
        await _keep(store, bench.count(EVENTS))
        for name, path, sql in QUESTIONS:
            day = BEGIN + 9 * DAY_US
            mine, theirs = [], []
            for _ in range(bench.rounds):
                begun = time.perf_counter()
                await _ask(store, path)
                mine.append(time.perf_counter() - begun)
                begun = time.perf_counter()
                plain(sql.format(day=day, night=day + DAY_US))
                theirs.append(time.perf_counter() - begun)
            ratio = statistics.median(one / other for one, other in zip(mine, theirs, strict=True))
            bench.rows.append(
                Row(
                    f"10 {name}, {engine}", f"{statistics.median(mine) * 1e3:,.0f} ms",
                    f"plain SQL {statistics.median(theirs) * 1e3:,.0f} ms", ratio, *(FLOOR_AND_GOAL[engine]), True,
                )
            )  # fmt: skip


async def _keep(store: Store, count: int) -> None:
    batch: list[NewPoint] = []
    for one in happened(count):
        said: dict[str, str | tuple[str, ...]] = {
            "type": one.type, "source": "depot.north", "origin": "depot.north", "importance": "2", "quay": one.quay,
            "weather": one.weather, "vessel": one.vessel, "tags": ("outbound", "urgent"),
        }  # fmt: skip
        batch.append(NewPoint(Point("events", one.type, one.at, said, {"pallets": one.pallets})))
        if len(batch) == AT_ONCE:
            await store.write(points.add, TENANT, batch, now=1)
            batch = []
    await store.write(points.add, TENANT, batch, now=1)


async def _ask(store: Store, path: str) -> list[dict[str, Any]]:
    path, top, _ = path.partition("?topN")
    parameters = (("queryType", "topN"),) if top else ()
    query = parse(Asked(*path.split("/"), parameters=parameters), now=BEGIN)
    return await answer(store, Reader(TENANT, frozenset({"asuser/ada"})), query)


def _plain_sqlite(directory: Path, count: int) -> Callable[[str], list[Any]]:
    database = sqlite3.connect(directory / "plain.db")
    database.executescript(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
        "CREATE TABLE happened (at INTEGER, type TEXT, quay TEXT, weather TEXT, vessel TEXT, pallets REAL);"
    )
    database.executemany("INSERT INTO happened VALUES (?, ?, ?, ?, ?, ?)", happened(count))
    database.execute("CREATE INDEX happened_at ON happened (at)")
    database.commit()
    return lambda sql: database.execute(sql).fetchall()


def _plain_postgres(server: psycopg.Connection[Any], count: int) -> Callable[[str], list[Any]]:
    server.execute(
        "CREATE TABLE happened"
        " (at BIGINT, type TEXT, quay TEXT, weather TEXT, vessel TEXT, pallets DOUBLE PRECISION)"
    )
    with server.cursor().copy("COPY happened FROM STDIN") as rows:
        for one in happened(count):
            rows.write_row(one)
    server.execute("CREATE INDEX happened_at ON happened (at)")
    server.execute("ANALYZE happened")
    return lambda sql: server.execute(sql).fetchall()
