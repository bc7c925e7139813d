"""Reading a feed of a thousand entries: fetched, read, kept and told, beside a library that only reads it.

Plain rows are what it costs to keep the entries as they came: one table, a row and a commit for each. Seconds are those
of the processor, for reading and keeping are nothing else.
"""

import asyncio
import contextlib
import itertools
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import feedparser

from benchmarks.bench import TEXT, Bench
from benchmarks.driver import Outcome
from federation import Client, OutboundPolicy
from server.pulling import Poller
from storage import open_store
from streams import actors, pulling
from streams.pulling import Options

ENTRIES = 1_000
BASE = "https://bench.example"
NOW = 1_795_176_000_000_000
ITEM = (
    "<item><guid>urn:{0}</guid><title>Entry {0}</title><link>https://news.example/{0}</link>"
    "<dc:creator>Mirela</dc:creator><category>frost</category><pubDate>Thu, 01 Oct 2026 {1:02}:{2:02}:00 GMT</pubDate>"
    "<description>{3}</description></item>"
)


def document() -> bytes:
    text = TEXT.replace("&", "&amp;").replace("<", "&lt;")
    items = "".join(ITEM.format(number, number // 60, number % 60, text) for number in range(ENTRIES))
    head = '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>News</title>'
    return f"{head}{items}</channel></rss>".encode()


@contextlib.contextmanager
def served(body: bytes) -> Iterator[str]:
    """Serve a feed on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        server.server_close()


def timed(work: Callable[[], None]) -> Outcome:
    begun = time.process_time()
    work()
    return Outcome(Counter({200: ENTRIES}), time.process_time() - begun)


async def read(url: str, path: Path, again: Callable[[float], None]) -> None:
    """Read the feed for the first time, and once more; ``again`` is told how many seconds that took."""
    async with (
        open_store(f"sqlite:///{path}", base_url=BASE) as store,
        Client(OutboundPolicy("bench", test_mode=True)) as client,
    ):
        owner = await store.write(actors.create, base_url=BASE, name="ada", key_pairs=[], now=NOW)
        one = await store.write(pulling.subscribe, owner, url, Options(), base_url=BASE, pairs=[], now=NOW)
        poller = Poller(store, client, base_url=BASE, clock=lambda: NOW)
        outcome = await poller.poll(one)
        assert outcome.taken.new == ENTRIES, outcome
        begun = time.process_time()
        outcome = await poller.poll(outcome.subscription)
        again(time.process_time() - begun)
        assert outcome.taken.known == ENTRIES, outcome


def rows(body: bytes, path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("CREATE TABLE t (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID")
        for number, item in enumerate(body.decode().split("<item>")[1:]):
            connection.execute("INSERT INTO t VALUES (?, ?)", (str(number), item))


def pull(bench: Bench) -> None:
    """Compare reading a feed, for the first time and again, with a library that reads it and with plain rows."""
    body, numbers = document(), itertools.count(1)
    agains: list[float] = []

    def fresh() -> Path:
        return bench.directory / f"pull{next(numbers)}.db"

    def first(url: str) -> Outcome:
        before = len(agains)
        path = fresh()
        asyncio.run(_opened(path))
        outcome = timed(lambda: asyncio.run(read(url, path, agains.append)))
        outcome.seconds -= sum(agains[before:])
        return outcome

    def again(url: str) -> Outcome:
        first(url)
        return Outcome(Counter({200: ENTRIES}), agains[-1])

    def library() -> Outcome:
        return timed(lambda: feedparser.parse(body))

    with served(body) as url:
        bench.compare("pull, new entries", partial(first, url), library, "feedparser alone", 0.5, 1.0)
        bench.compare("pull, nothing new", partial(again, url), library, "feedparser alone", 1.0, 3.0)
        bench.compare(
            "pull, new entries, rows", partial(first, url), lambda: timed(lambda: rows(body, fresh())),
            "plain rows", 0.1, 0.25,
        )  # fmt: skip


async def _opened(path: Path) -> None:
    """Make the tables, which is no part of what is measured."""
    async with open_store(f"sqlite:///{path}", base_url=BASE):
        pass
