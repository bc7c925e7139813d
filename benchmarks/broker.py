"""Events that come through RabbitMQ: kept and acknowledged, beside a consumer that only acknowledges."""

import asyncio
import contextlib
import json
import os
import secrets
import socket
import sqlite3
import statistics
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import aio_pika
import psycopg
from aio_pika import DeliveryMode, ExchangeType, Message
from aio_pika.exceptions import ChannelNotFoundEntity

from benchmarks import sites
from benchmarks.bench import Bench, Row
from benchmarks.ingest import message

AMQP_URL = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672/")
EXCHANGE, QUEUE = "from-default", "events-api.default"
PREFETCH = 200


def broker(bench: Bench) -> None:
    """Row 10 by way of a queue, on each engine."""
    with _vhost() as url:
        if not url:
            return
        _compare(bench, "SQLite", url, "")
    with _vhost() as url, sites.schema("benchmark_broker") as database:
        if database:
            _compare(bench, "PostgreSQL", url, database)


@contextlib.contextmanager
def _vhost() -> Iterator[str]:
    """Lend a virtual host with nothing in it; the empty text where no broker answers."""
    address = urlsplit(AMQP_URL)
    try:
        socket.create_connection((address.hostname or "", address.port or 5672), 2).close()
    except OSError:
        print(f"no RabbitMQ at {address.hostname}", flush=True)
        yield ""
        return
    name = f"bench_{secrets.token_hex(4)}"
    _control("add_vhost", name)
    _control("set_permissions", "-p", name, address.username or "guest", ".*", ".*", ".*")
    try:
        yield f"{AMQP_URL.rstrip('/')}/{name}"
    finally:
        _control("delete_vhost", name)


def _control(*arguments: str) -> None:
    subprocess.run(["rabbitmqctl", "-q", *arguments], check=True, capture_output=True, timeout=60)


def _compare(bench: Bench, engine: str, url: str, database: str) -> None:
    port = sites.free_port()
    settings = {"HEADWATER_QUOTAS_EVENTS": "100000000", "HEADWATER_INGEST_AMQP_URL": url}
    environment = sites.settings(bench.directory, port, url=database) | settings
    with sites.ours(bench.directory, environment), _events(environment["HEADWATER_STORAGE_URL"]) as kept:
        mine, bare = asyncio.run(_rounds(bench, url, kept))
    ratio = statistics.median(one / other for one, other in zip(mine, bare, strict=True))
    bench.rows.append(
        Row(f"10 events by a queue, {engine}", f"{statistics.median(mine):,.0f}/s",
            f"only acknowledged {statistics.median(bare):,.0f}/s", ratio, 0.1, 0.35)
    )  # fmt: skip
    print(bench.rows[-1], flush=True)


@contextlib.contextmanager
def _events(url: str) -> Iterator[Callable[[], int]]:
    """Lend what counts the events that a database has."""
    if url.startswith("sqlite:///"):
        opened: Any = sqlite3.connect(f"file:{url.removeprefix('sqlite:///')}?mode=ro", uri=True)
    else:
        opened = psycopg.connect(url, autocommit=True)
    with contextlib.closing(opened) as connection:
        yield lambda: int(connection.execute("SELECT count(*) FROM events").fetchone()[0])


async def _rounds(bench: Bench, url: str, kept: Callable[[], int]) -> tuple[list[float], list[float]]:
    """Publish and wait until all is kept by ours, and acknowledged by one that does nothing else, in turn."""
    count = bench.count(4_000)
    first = time.time_ns() // 1_000_000 % 1_000_000_000
    mine: list[float] = []
    bare: list[float] = []
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        theirs = await channel.declare_exchange("bench", ExchangeType.TOPIC)
        queue = await channel.declare_queue("bench", durable=True)
        await queue.bind(theirs, "#")
        await _consumed(connection)
        ours = await channel.get_exchange(EXCHANGE)
        async with _acknowledging(connection, "bench") as acknowledged:
            for number in range(bench.rounds + 1):
                told = [message(first + number * count + n) for n in range(count)]
                mine.append(await _rate(ours, told, kept))
                bare.append(await _rate(theirs, told, lambda: len(acknowledged)))
    return mine[1:], bare[1:]


async def _consumed(connection: Any) -> None:
    """Wait until our server consumes its queue."""
    for _ in range(100):
        channel = await connection.channel()
        with contextlib.suppress(ChannelNotFoundEntity):
            queue = await channel.declare_queue(QUEUE, passive=True)
            if queue.declaration_result.consumer_count:
                return
        await asyncio.sleep(0.2)
    raise RuntimeError(f"nobody consumes {QUEUE}")


@contextlib.asynccontextmanager
async def _acknowledging(connection: Any, name: str) -> AsyncIterator[list[Any]]:
    """Consume a queue as ours is consumed, and acknowledge what comes; lend the list of that."""
    acknowledged: list[Any] = []

    async def take(one: Any) -> None:
        await one.ack()
        acknowledged.append(one.delivery_tag)

    channel = await connection.channel()
    await channel.set_qos(prefetch_count=PREFETCH)
    queue = await channel.get_queue(name)
    tag = await queue.consume(take)
    yield acknowledged
    await queue.cancel(tag)


async def _rate(exchange: Any, told: list[dict[str, Any]], done: Callable[[], int]) -> float:
    """Return how many messages a second are done with, from the first that is published to the last."""
    letters = [
        Message(json.dumps(one).encode(), content_type="application/json", delivery_mode=DeliveryMode.PERSISTENT)
        for one in told
    ]  # fmt: skip
    before, begun = done(), time.perf_counter()
    for start in range(0, len(letters), PREFETCH):
        await asyncio.gather(
            *(exchange.publish(one, told[0]["type"]) for one in letters[start : start + PREFETCH])
        )
    while done() < before + len(letters):
        await asyncio.sleep(0.01)
    return len(letters) / (time.perf_counter() - begun)
