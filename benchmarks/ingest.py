"""Events over HTTP: kept one by one, in batches and by the collector, and read again as an entity's stream."""

import itertools
import json
import sqlite3
import statistics
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from benchmarks import sites
from benchmarks.bench import Bench, Row, expect
from benchmarks.driver import drive, request

BATCH = 100
PAGE = 20


def message(number: int) -> dict[str, Any]:
    """Return an event of an ordinary size; its time makes it another one than all others."""
    return {
        "type": "as.fleet.cargo.loaded",
        "origin": "depot.north",
        "occurred_at": f"2031-03-{1 + number // 86_400_000 % 28:02d}T{number // 3_600_000 % 24:02d}"
        f":{number // 60_000 % 60:02d}:{number // 1_000 % 60:02d}.{number % 1_000:03d}Z",
        "importance": 2,
        "description": "14 pallets taken aboard",
        "involves": [
            {"role": "ACTOR:OPERATOR", "entity_ref": f"Employee/e{number % 50}"},
            {"AFFECTS": f"Vessel:Tug/v{number % 200}"},
            {"REFERENCES": f"Manifest/{number % 1_000}", "external_id": "m1"},
        ],
        "aspects": {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["outbound"]},
        "properties": {"shift": "night"},
    }


def ingest(bench: Bench) -> None:
    """Row 10 and what belongs to it."""
    _serve(bench, "SQLite", "")
    with sites.schema("benchmark_ingest") as url:
        if url:
            _serve(bench, "PostgreSQL", url)


def _serve(bench: Bench, engine: str, url: str) -> None:
    port = sites.free_port()
    environment = sites.settings(bench.directory, port, url=url) | {"HEADWATER_QUOTAS_EVENTS": "100000000"}
    with sites.ours(bench.directory, environment):
        credentials: Any = sites.command(bench.directory, environment, "tenant", "show")
        kept = _measure(bench, engine, port, credentials["events"]["api_key"])
    if not url:
        _beside_own_rows(bench, Path(environment["HEADWATER_STORAGE_URL"].removeprefix("sqlite:///")), kept)


def _beside_own_rows(bench: Bench, path: Path, kept: float) -> None:
    """Compare with plain SQLite writing the very rows that were left, into the same tables: what Python costs."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as source:
        (events,) = source.execute("SELECT count(*) FROM events").fetchone()
        schema = [
            str(row[0])
            for row in source.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid")
        ]
        tables = [
            str(row[0]) for row in source.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        rows = {table: source.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
    parts = max(1, events // BATCH)
    with closing(sqlite3.connect(path.with_name("again.db"), isolation_level=None)) as target:
        target.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;")
        for statement in schema:
            target.execute(statement)
        begun = time.perf_counter()
        for part in range(parts):
            target.execute("BEGIN")
            for table, every in rows.items():
                if some := every[len(every) * part // parts : len(every) * (part + 1) // parts]:
                    marks = ", ".join("?" * len(some[0]))
                    target.executemany(f"INSERT INTO {table} VALUES ({marks})", some)
            target.execute("COMMIT")
        plain = events / (time.perf_counter() - begun)
    written = sum(map(len, rows.values())) / events
    bench.rows.append(
        Row(f"10 the same, {written:.0f} rows each", f"{kept:,.0f}/s", f"plain SQLite {plain:,.0f}/s", kept / plain,
            0.4, 0.65)
    )  # fmt: skip
    print(bench.rows[-1], flush=True)


def _measure(bench: Bench, engine: str, port: int, key: str) -> float:
    """Measure all there is on an engine; return how many messages a second are kept in batches."""
    numbers = itertools.count(time.time_ns() // 1_000_000 % 1_000_000_000)

    def asked(method: str, path: str, body: Any = None) -> bytes:
        headers = {"X-API-Key": key, "Content-Type": "application/json"}
        content = b"" if body is None else json.dumps(body).encode()
        return request(method, f"127.0.0.1:{port}", path, headers, content)

    def singles(path: str, count: int) -> list[bytes]:
        return [asked("POST", path, message(next(numbers))) for _ in range(count)]

    def batches(path: str, count: int) -> list[bytes]:
        return [
            asked("POST", path, [message(number) for number in itertools.islice(numbers, BATCH)])
            for _ in range(count)
        ]

    few, many = bench.count(1_000), max(4, bench.count(64) // BATCH, bench.count(4_000) // BATCH)
    with sites.limit(bench.directory, 100) as plain:
        raw = [request("POST", "127.0.0.1", "/", {}, json.dumps(message(n)).encode()) for n in range(few)]
        for name, path, status in (
            ("event kept", "/api/v1/as/events", 201),
            ("event collected", "/api/collector/v1/events", 202),
        ):
            bench.compare(
                f"10 {name}, {engine}",
                lambda path=path, status=status: expect(drive(port, singles(path, few)), status),  # type: ignore[misc]
                lambda: expect(drive(plain, raw), 202), "Starlette POST", 0.1, 0.35,
            )  # fmt: skip
    rates, limits = [], []
    for _ in range(bench.rounds + 1):
        outcome = expect(drive(port, batches("/api/v1/as/events", many), at_once=2), 201)
        rates.append(many * BATCH / outcome.seconds)
        limits.append(rows_per_second(bench.directory, many * BATCH))
    ratio = statistics.median(rate / limit for rate, limit in zip(rates[1:], limits[1:], strict=True))
    bench.rows.append(
        Row(f"10 events in batches of {BATCH}, {engine}", f"{statistics.median(rates[1:]):,.0f}/s",
            f"SQLite rows {statistics.median(limits[1:]):,.0f}/s", ratio, 0.4, 0.65)
    )  # fmt: skip
    print(bench.rows[-1], flush=True)
    page = asked("GET", f"/api/v1/as/entities/Vessel/v1/events?size={PAGE}")
    size = drive(port, [page], at_once=1).bytes_read
    with sites.limit(bench.directory, size) as plain:
        raw = [request("GET", "127.0.0.1", "/")] * bench.count(4_000)
        bench.compare(
            f"10 stream of an entity, {PAGE}, {engine}",
            lambda: expect(drive(port, [page] * bench.count(1_000)), 200),
            lambda: expect(drive(plain, raw), 200), "Starlette bytes", 0.02, 0.1,
        )  # fmt: skip
    return statistics.median(rates[1:])


def rows_per_second(directory: Path, count: int) -> float:
    """Return how many messages plain SQLite keeps in a second: one row with an id each, a batch a transaction."""
    path = directory / f"messages{time.monotonic_ns()}.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE messages (id TEXT PRIMARY KEY, body TEXT) WITHOUT ROWID;"
        )
        made = list(_rows(count))
        begun = time.perf_counter()
        for start in range(0, count, BATCH):
            database.execute("BEGIN")
            database.executemany("INSERT INTO messages VALUES (?, ?)", made[start : start + BATCH])
            database.execute("COMMIT")
        return count / (time.perf_counter() - begun)


def _rows(count: int) -> Iterator[tuple[str, str]]:
    return ((f"{number:036d}", json.dumps(message(number))) for number in range(count))
