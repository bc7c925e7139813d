"""The stream of what happened, over a million activities: each reading beside plain SQL that answers it.

Half are posts, a quarter came from other applications, a quarter are activities that a tenant keeps for itself. Plain
SQL reads one table that was made for these questions alone, with an index for each of them, and asks nothing of who
may see what; it returns the documents of the page.
"""

import asyncio
import contextlib
import functools
import json
import os
import sqlite3
import statistics
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import psycopg

from benchmarks import sites
from benchmarks.bench import AS2, PUBLIC, TEXT, Bench, Row, expect
from benchmarks.driver import Outcome, drive, request
from storage import Store, Transaction, open_store, tenants
from storage.entries import Viewer
from streams import actors
from streams.happenings import indexing
from streams.happenings.local import Local
from streams.providers import FeedRequest, Filter, Onlooker
from vocab import instants

ACTIVITIES = 1_000_000
BASE = "https://bench.example"
POSTGRES_URL = os.environ.get("TEST_POSTGRES_URL", "postgresql://postgres@127.0.0.1/test")
TENANT = 7
USERS = 1_000
PROJECTS = 500
BEGIN = 1_767_225_600_000_000
APART_US = 1_000_000
TOGETHER = 5_000
RARELY = 5_000
"""One of so many activities says the word that is looked for."""


class Made(NamedTuple):
    """One activity: its number says everything else."""

    number: int

    @property
    def user(self) -> int:
        return self.number * 7_919 % USERS

    @property
    def issue(self) -> str:
        return f"P{self.number * 104_729 % PROJECTS}-{self.number % 97}"

    @property
    def published(self) -> int:
        return BEGIN + self.number * APART_US

    @property
    def provider(self) -> str:
        return ("social", "thirdparty", "social", "applications")[self.number % 4]

    @property
    def verb(self) -> str:
        return "post" if self.provider == "social" else ("fail", "pass", "resolve")[self.number // 4 % 3]

    @property
    def text(self) -> str:
        return TEXT + ("<p>hoarfrost</p>" if self.number % RARELY < 2 else "")

    @property
    def id(self) -> int:
        return 1_000 + self.number * 4

    def rows(self, owners: list[int]) -> Iterator[dict[str, Any]]:
        """Yield rows of ``objects``: the activity, and of a post the Note that it made."""
        actor, at = f"{BASE}/users/u{self.user}", instants.spell(self.published)
        public = self.provider != "applications"
        said: dict[str, Any] = {
            "id": f"{BASE}/activities/{self.number:08}", "type": "Create", "actor": actor, "published": at,
            **({"to": PUBLIC} if public else {}),
        }  # fmt: skip
        row = {
            "id": self.id, "iri": said["id"], "kind": 2, "type": "Create", "local": 1, "owner": owners[self.user],
            "object": None, "public": int(public), "published": self.published,
        }  # fmt: skip
        if self.provider == "social":
            note = {
                "id": f"{BASE}/objects/{self.number:08}", "type": "Note", "attributedTo": actor, "published": at,
                "content": self.text, "to": PUBLIC,
            }  # fmt: skip
            yield row | {
                "id": self.id + 1,
                "iri": note["id"],
                "kind": 1,
                "type": "Note",
                "document": json.dumps(note),
            }
            yield row | {"object": self.id + 1, "document": json.dumps({**said, "object": note["id"]})}
            return
        thing = {
            "id": f"{BASE}/entities/Ticket/{self.issue}",
            "type": "Object",
            "name": self.issue,
            "content": self.text,
        }
        if self.provider == "applications":
            said |= {"id": f"{BASE}/activities/{_uuid(self.number)}", "hw:verb": self.verb}
        else:
            said |= {
                "hw:verb": [f"http://activitystrea.ms/schema/1.0/{self.verb}"],
                "hw:provider": "thirdparty",
            }
        yield row | {
            "iri": said["id"],
            "type": "Activity",
            "document": json.dumps({**said, "type": "Activity", "object": thing}),
        }


def _uuid(number: int) -> str:
    return f"{number:08x}-0000-11f0-8000-000000000000"


QUESTIONS: tuple[tuple[str, str, tuple[Filter, ...], str], ...] = (
    ("newest", "social", (), "provider = 'social' AND open = 1"),
    ("user", "social", (Filter("user", "IS", ("u8",)),), "provider = 'social' AND open = 1 AND user = 8"),
    (
        "key and activity", "thirdparty",
        (Filter("key", "IS", ("p41",)), Filter("activity", "IS", ("ticket:fail",))),
        "provider = 'thirdparty' AND open = 1 AND project = 'P41' AND verb = 'fail'",
    ),
    ("text", "social", (Filter("text", "CONTAINS", ("HOARFROST",)),),
     "provider = 'social' AND open = 1 AND {position}(lower(text), 'hoarfrost') > 0"),
    ("date", "social", (Filter("update-date", "BEFORE", (str((BEGIN + 1_000 * APART_US) // 1_000),)),),
     f"provider = 'social' AND open = 1 AND published < {BEGIN + 1_000 * APART_US}"),
    ("of a tenant", "applications", (Filter("activity", "IS", ("ticket:fail",)),),
     "provider = 'applications' AND verb = 'fail'"),
)  # fmt: skip
FLOOR_AND_GOAL = {"SQLite": (120.0, 60.0), "PostgreSQL": (60.0, 20.0)}
"""How much more time than plain SQL is acceptable: to that a page is ten rows, and most of ours is telling them."""
CLOCKS = {"SQLite": time.process_time, "PostgreSQL": time.perf_counter}
"""SQLite works in this process: what others do meanwhile does not count."""


def streams(bench: Bench) -> None:
    """Read pages of the stream, filtered and not, and through the door."""
    _through_the_door(bench)
    _measure(bench, "SQLite", f"sqlite:///{bench.directory / 'happenings.db'}", _plain_sqlite(bench))
    with (
        contextlib.suppress(psycopg.OperationalError),
        psycopg.connect(POSTGRES_URL, autocommit=True) as server,
    ):
        server.execute("DROP SCHEMA IF EXISTS benchmark_streams CASCADE")
        server.execute("CREATE SCHEMA benchmark_streams")
        server.execute("SET search_path TO benchmark_streams")
        joint = "&" if "?" in POSTGRES_URL else "?"
        url = f"{POSTGRES_URL}{joint}options=-csearch_path%3Dbenchmark_streams"
        try:
            _measure(bench, "PostgreSQL", url, _plain_postgres(server, bench.count(ACTIVITIES)))
        finally:
            server.execute("DROP SCHEMA benchmark_streams CASCADE")


def _through_the_door(bench: Bench) -> None:
    """Ask the stream's address for a page as a feed reader does: the first time, and when it has the page already."""
    port = sites.free_port()
    environment = sites.settings(bench.directory, port)
    with sites.ours(bench.directory, environment):
        sites.command(bench.directory, environment, "actor", "add", "ada")
        token = sites.command(bench.directory, environment, "token", "issue", "ada")["access_token"]
        host = f"127.0.0.1:{port}"
        headers = {"Content-Type": AS2, "Authorization": f"Bearer {token}"}
        notes = [
            request("POST", host, "/users/ada/outbox", headers,
                    json.dumps({"type": "Note", "content": f"{TEXT}{n}", "to": PUBLIC}).encode())
            for n in range(64)
        ]  # fmt: skip
        expect(drive(port, notes, at_once=8), 201)
        with urllib.request.urlopen(f"http://{host}/activity", timeout=30) as answer:
            size, tag = len(answer.read()), answer.headers["ETag"]
        with sites.limit(bench.directory, size) as plain:
            raw = [request("GET", "127.0.0.1", "/", {})] * bench.count(8_000)
            for name, status, known in (("page", 200, {}), ("304", 304, {"If-None-Match": tag})):
                gets = [request("GET", host, "/activity", known)] * bench.count(8_000)
                bench.compare(
                    f"12 stream, {name}",
                    functools.partial(_asked_for, port, gets, status),
                    functools.partial(_asked_for, plain, raw, 200),
                    "Starlette bytes", 0.35, 0.6,
                )  # fmt: skip


def _asked_for(port: int, gets: list[bytes], status: int) -> Outcome:
    return expect(drive(port, gets), status)


def _measure(bench: Bench, engine: str, url: str, plain: Callable[[str], list[Any]]) -> None:
    asyncio.run(_compare(bench, engine, url, plain))


async def _compare(bench: Bench, engine: str, url: str, plain: Callable[[str], list[Any]]) -> None:
    clock = CLOCKS[engine]
    async with open_store(url, durability="normal", base_url=BASE) as store:
        begun = time.perf_counter()
        onlooker = await _fill(store, bench.count(ACTIVITIES))
        if engine == "PostgreSQL":
            await store.write(_analyse)
        print(f"{engine}: stored in {time.perf_counter() - begun:.0f} s", flush=True)
        begun = time.perf_counter()
        while await indexing.catch_up(store, BASE):
            pass
        print(
            f"{engine}: indexed {bench.count(ACTIVITIES) / (time.perf_counter() - begun):,.0f}/s", flush=True
        )
        if engine == "PostgreSQL":
            await store.write(_analyse)
        for name, key, filters, where in QUESTIONS:
            provider = Local(key, key, store, BASE, lambda: BEGIN)
            wanted = FeedRequest(filters=filters, viewer=onlooker, base_url=BASE)
            mine, theirs = [], []
            for _ in range(bench.rounds * 4):
                begun = clock()
                found = await provider.feed(wanted)
                mine.append(clock() - begun)
                begun = clock()
                expected = plain(where)
                theirs.append(clock() - begun)
                if not expected or [entry.item for entry in found.entries] != [row[0] for row in expected]:
                    raise RuntimeError(f"{name}: {found.entries} is not {expected}")
            ratio = statistics.median(one / other for one, other in zip(mine, theirs, strict=True))
            bench.rows.append(
                Row(
                    f"12 stream, {name}, {engine}", f"{statistics.median(mine) * 1e3:,.1f} ms",
                    f"plain SQL {statistics.median(theirs) * 1e3:,.2f} ms", ratio, *(FLOOR_AND_GOAL[engine]), True,
                )
            )  # fmt: skip
            print(bench.rows[-1], flush=True)


async def _analyse(tx: Transaction) -> None:
    """Do what PostgreSQL does by itself within a minute."""
    for table in ("objects", "happenings", "happening_facets", "happening_values"):
        await tx.run(f"ANALYZE {table}")


async def _fill(store: Store, count: int) -> Onlooker:
    """Store activities as their doors do, and return somebody who owns the tenant."""
    await store.write(tenants.add, TENANT, "default", now=1)
    owners = [
        (await store.write(actors.create, base_url=BASE, name=f"u{n}", now=BEGIN, key_pairs=[])).id
        for n in range(USERS)
    ]
    for start in range(0, count, TOGETHER):
        await store.write(_store, owners, range(start, min(start + TOGETHER, count)))
    return Onlooker(Viewer(owners[1], f"{BASE}/users/u1"), "u1", tenants=frozenset({TENANT}))


async def _store(tx: Transaction, owners: list[int], numbers: range) -> None:
    made = [Made(number) for number in numbers]
    await tx.many(
        "INSERT INTO objects (id, iri, kind, type, local, owner, object, public, document, published)"
        " VALUES (:id, :iri, :kind, :type, :local, :owner, :object, :public, :document, :published)",
        [row for one in made for row in one.rows(owners)],
    )
    await tx.many(
        "INSERT INTO feed_activities (item, tenant, position, tie, actor, foreign_id, targets)"
        " VALUES (:id, :tenant, :id, 0, 0, '', '')",
        [{"id": one.id, "tenant": TENANT} for one in made if one.provider == "applications"],
    )


_TABLE = (
    "CREATE TABLE plain (id BIGINT PRIMARY KEY, published BIGINT, provider TEXT, open SMALLINT, {user} BIGINT,"
    " project TEXT, verb TEXT, text TEXT, document TEXT)"
)
_INDEXES = (
    "CREATE INDEX plain_newest ON plain (provider, open, published, id)",
    "CREATE INDEX plain_user ON plain ({user}, published, id)",
    "CREATE INDEX plain_project ON plain (project, verb, published, id)",
    "CREATE INDEX plain_verb ON plain (provider, verb, published, id)",
)


def _plain_rows(count: int) -> Iterator[tuple[Any, ...]]:
    for one in map(Made, range(count)):
        *_, row = one.rows([0] * USERS)
        yield (
            one.id, one.published, one.provider, row["public"], one.user,
            "" if one.provider == "social" else one.issue.partition("-")[0], one.verb, one.text, row["document"],
        )  # fmt: skip


def _asked(where: str, position: str) -> str:
    where = where.replace("{position}", position).replace("user =", "who =")
    return f"SELECT id, document FROM plain WHERE {where} ORDER BY published DESC, id DESC LIMIT 10"


def _plain_sqlite(bench: Bench) -> Callable[[str], list[Any]]:
    database = sqlite3.connect(Path(bench.directory) / "plain-streams.db")
    database.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _TABLE.format(user="who"))
    database.executemany(
        "INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", _plain_rows(bench.count(ACTIVITIES))
    )
    for index in _INDEXES:
        database.execute(index.format(user="who"))
    database.execute("ANALYZE")
    database.commit()
    return lambda where: database.execute(_asked(where, "instr")).fetchall()


def _plain_postgres(server: psycopg.Connection[Any], count: int) -> Callable[[str], list[Any]]:
    server.execute(_TABLE.format(user="who"))
    with server.cursor().copy("COPY plain FROM STDIN") as rows:
        for row in _plain_rows(count):
            rows.write_row(row)
    for index in _INDEXES:
        server.execute(index.format(user="who"))
    server.execute("ANALYZE plain")
    return lambda where: server.execute(_asked(where, "strpos")).fetchall()
