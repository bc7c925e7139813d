"""Feeds: adding, reading, following and fan-out, beside the limits of the stack and an open-source feed library."""

import json
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import jwt

from benchmarks import sites
from benchmarks.bench import Bench, Row, expect
from benchmarks.driver import drive, request

HERE = Path(__file__).parent
LIBRARY = "django-activity-stream==2.0.0"
PAGE = 25
KNOWN = 58_000
"""Rows per second that a push fan-out on SQLite was known to reach when the targets were set."""


class App:
    """An application with a key of its own, speaking to a server of ours."""

    def __init__(self, directory: Path, port: int, environment: dict[str, str]) -> None:
        credentials: Any = sites.command(directory, environment, "tenant", "show")
        keys = credentials["feeds"]
        self.host, self.key = f"127.0.0.1:{port}", keys["api_key"]
        claims = {"resource": "*", "action": "*", "feed_id": "*"}
        self.token = jwt.encode(claims, keys["api_secret"], algorithm="HS256")

    def asked(self, method: str, path: str, body: Any = None, query: str = "") -> bytes:
        """Return a request as bytes."""
        headers = {"Authorization": self.token, "stream-auth-type": "jwt", "Content-Type": "application/json"}
        target = f"/api/v1.0/{path}?api_key={self.key}{query}"
        return request(method, self.host, target, headers, b"" if body is None else json.dumps(body).encode())

    def calls(self, method: str, path: str, body: Any = None) -> Any:
        """Make one call and return what is answered."""
        url = f"http://{self.host}/api/v1.0/{path}?api_key={self.key}"
        headers = {"Authorization": self.token, "stream-auth-type": "jwt", "Content-Type": "application/json"}
        data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(
            urllib.request.Request(url, data, headers, method=method), timeout=60
        ) as answer:
            return json.loads(answer.read())


def activity(number: int, **members: Any) -> dict[str, Any]:
    return {
        "actor": f"SU:u{number % 7}", "verb": "pin", "object": f"Place:{number}", "foreign_id": f"f:{number}",
        "time": f"2026-01-{1 + number % 28:02d}T00:{number // 60 % 60:02d}:{number % 60:02d}.{number % 1_000_000:06d}",
        "message": "An activity of an ordinary size, as applications write them every day.", "popularity": number,
        **members,
    }  # fmt: skip


def feeds(bench: Bench) -> None:
    """Row 9 and what belongs to it."""
    port = sites.free_port()
    environment = sites.settings(bench.directory, port) | {
        "HEADWATER_FEEDS": json.dumps({"flat": {"ranking": "decay_linear(time) * popularity ^ 0.5"}})
    }
    with sites.ours(bench.directory, environment):
        app = App(bench.directory, port, environment)
        _adding(bench, app, port)
        _reading(bench, app, port)
        _following(bench, app, port)
    _fan_out(bench, "SQLite", "")
    with sites.schema("benchmark_feeds") as url:
        if url:
            _fan_out(bench, "PostgreSQL", url)


def _adding(bench: Bench, app: App, port: int) -> None:
    count = bench.count(4_000)
    numbers = iter(range(10_000_000))

    def posts() -> list[bytes]:
        return [
            app.asked("POST", f"feed/user/{n % 50}/", activity(n))
            for n in (next(numbers) for _ in range(count))
        ]

    with sites.limit(bench.directory, 100) as plain:
        raw = [request("POST", "127.0.0.1", "/", {}, json.dumps(activity(n)).encode()) for n in range(count)]
        bench.compare(
            "9 add activity", lambda: expect(drive(port, posts()), 201), lambda: expect(drive(plain, raw), 202),
            "Starlette POST", 0.1, 0.35,
        )  # fmt: skip


def _reading(bench: Bench, app: App, port: int) -> None:
    """First pages of 25, of each kind of feed, beside the same bytes from Starlette."""
    for start in range(0, 1_000, 100):
        batch = [activity(n) for n in range(start, start + 100)]
        app.calls("POST", "feed/flat/page/", {"activities": batch})
        app.calls("POST", "feed/aggregated/page/", {"activities": batch})
    for user in range(7):
        app.calls("POST", "user/", {"id": f"u{user}", "data": {"name": f"User {user}"}})
    kinds = {
        "flat": ("feed/flat/page/", ""),
        "aggregated": ("feed/aggregated/page/", ""),
        "enriched": ("enrich/feed/flat/page/", "&withReactionCounts=true"),
        "ranked": ("feed/flat/page/", "&ranking=default"),
    }
    library = peer(bench.directory)
    for kind, (path, query) in kinds.items():
        page = app.asked("GET", path, query=query)
        size = drive(port, [page], at_once=1).bytes_read
        count = bench.count(8_000 if kind == "flat" else 1_000)
        with sites.limit(bench.directory, size) as plain:
            raw = [request("GET", "127.0.0.1", "/")] * bench.count(8_000)
            floor, goal = (0.35, 0.6) if kind == "flat" else (0.02, 0.1)
            bench.compare(
                f"9 first page of 25, {kind}", lambda: expect(drive(port, [page] * count), 200),
                lambda: expect(drive(plain, raw), 200), "Starlette bytes", floor, goal,
            )  # fmt: skip
        if kind == "flat" and library is not None:
            ours = float(bench.rows[-1].figure.replace(",", "").removesuffix("/s"))
            bench.rows.append(
                Row("9 first page of 25, flat", f"{ours:,.0f}/s", f"{LIBRARY.partition('==')[0]} {library:,.0f}/s",
                    ours / library, 50, 150)
            )  # fmt: skip


def _following(bench: Bench, app: App, port: int) -> None:
    count = bench.count(2_000)
    numbers = iter(range(10_000_000))

    def follows() -> list[bytes]:
        body = {"target": "user:1", "activity_copy_limit": 0}
        return [app.asked("POST", f"feed/timeline/{next(numbers)}/follows/", body) for _ in range(count)]

    with sites.limit(bench.directory, 100) as plain:
        raw = [request("POST", "127.0.0.1", "/", {}, b"{}")] * count
        bench.compare(
            "9 follow", lambda: expect(drive(port, follows()), 201), lambda: expect(drive(plain, raw), 202),
            "Starlette POST", 0.1, 0.35,
        )  # fmt: skip


def _fan_out(bench: Bench, engine: str, url: str) -> None:
    """Add to a feed with 10,000 followers: how long that takes, and how soon everybody has it."""
    port = sites.free_port()
    environment = sites.settings(bench.directory, port, url=url)
    crowd = bench.count(10_000)
    with sites.ours(bench.directory, environment):
        app = App(bench.directory, port, environment)
        for start in range(0, crowd, 2_500):
            names = range(start, min(start + 2_500, crowd))
            pairs = [
                {"source": f"timeline:{port}-{n}", "target": f"user:{port}", "activity_copy_limit": 0}
                for n in names
            ]
            app.calls("POST", "follow_many/", pairs)
        rates, answers, limits, lonely = [], [], [], []
        for number in range(bench.rounds + 1):
            begun = time.perf_counter()
            app.calls("POST", "feed/user/lonely/", activity(port + number, foreign_id=f"l:{port}:{number}"))
            lonely.append(time.perf_counter() - begun)
            begun = time.perf_counter()
            made = app.calls(
                "POST", f"feed/user/{port}/", activity(port + number, foreign_id=f"c:{port}:{number}")
            )
            answers.append(time.perf_counter() - begun)
            _until(lambda: _has(app, f"timeline/{port}-{crowd - 1}", made["id"]))
            rates.append(crowd / (time.perf_counter() - begun))
            limits.append(rows_per_second(bench.directory, crowd))
        ratio = statistics.median(rate / limit for rate, limit in zip(rates[1:], limits[1:], strict=True))
        bench.rows.append(
            Row(f"9 fan-out to {crowd:,}, {engine}", f"{statistics.median(rates[1:]):,.0f} rows/s",
                f"SQLite rows {statistics.median(limits[1:]):,.0f}/s", ratio, 0.5, 0.8)
        )  # fmt: skip
        each = statistics.median(rates[1:])
        bench.rows.append(
            Row(f"9 fan-out to {crowd:,}, {engine}", f"{each:,.0f} rows/s", f"as was known {KNOWN:,} rows/s",
                each / KNOWN, 0.5, 0.8)
        )  # fmt: skip
        mine, alone = statistics.median(answers[1:]), statistics.median(lonely[1:])
        bench.rows.append(
            Row(f"9 adding for {crowd:,}, {engine}", f"{mine * 1e3:.1f} ms", f"for nobody {alone * 1e3:.1f} ms",
                mine / alone, 3.0, 1.5, True)
        )  # fmt: skip


def _has(app: App, feed: str, id: str) -> bool:
    return any(one["id"] == id for one in app.calls("GET", f"feed/{feed}/")["results"])


def _until(check: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not check():
        if time.monotonic() > deadline:
            raise RuntimeError("the copies did not come")
        time.sleep(0.005)


def rows_per_second(directory: Path, count: int) -> float:
    """Return how fast plain SQLite writes one row into each of many feeds: two indexes, a thousand a transaction."""
    path = directory / f"rows{time.monotonic_ns()}.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.executescript(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
            "CREATE TABLE entries (feed INTEGER, position INTEGER,"
            " item INTEGER, PRIMARY KEY (feed, position)) WITHOUT ROWID; CREATE INDEX items ON entries (item, feed);"
        )
        begun = time.perf_counter()
        for start in range(0, count, 1_000):
            database.execute("BEGIN")
            database.executemany(
                "INSERT INTO entries VALUES (?, ?, 1)",
                [(feed, 1_000_000 - feed) for feed in range(start, min(start + 1_000, count))],
            )
            database.execute("COMMIT")
        return count / (time.perf_counter() - begun)


def peer(directory: Path) -> float | None:
    """Return how many first pages of 25 a feed library reads in a second, in process; None without an index."""
    home = directory / "library"
    if subprocess.run([sys.executable, "-m", "venv", str(home)], check=False).returncode:
        return None
    python = str(home / "bin" / "python")
    if subprocess.run(
        [python, "-m", "pip", "-q", "install", LIBRARY], check=False, capture_output=True
    ).returncode:
        return None
    done = subprocess.run(
        [python, str(HERE / "library.py"), str(PAGE)],
        cwd=directory,
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)


def _follow(port: int, number: int) -> dict[str, Any]:
    return {"source": f"timeline:{port}-{number}", "target": f"user:{port}", "activity_copy_limit": 0}
