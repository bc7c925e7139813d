"""Consuming a real queue (Events §22)."""

import asyncio
import json
from typing import Any

import pytest
from eventsapi import Api, opened
from rabbit import Rabbit, numbered, rabbit, until

from server.amqp.consumer import PREFETCH
from server.config import Config
from storage.errors import Busy
from storage.sqlite import SqliteStore

pytestmark = pytest.mark.anyio

LOADED = "as.fleet.cargo.loaded"


async def counted(api: Api) -> int:
    """Return how many events are kept."""
    rows = await api.admin.does("GET", "/api/analytics/events/all/none/count/all/2031")
    return rows[0]["event"]["count"] if rows else 0


async def keeps(api: Api, sender: Rabbit, count: int) -> None:
    """Wait until so many events are kept and nothing is left in the queue."""

    async def done() -> bool:
        return await counted(api) == count and await sender.ready() == 0

    await until(done)


async def test_what_is_published_is_kept(ready_url: str, broker_url: str) -> None:
    """Events §22: through either exchange, with the routing key as the type."""
    async with opened(ready_url, work=True, ingest_amqp_url=broker_url) as api, rabbit(broker_url) as sender:
        await until(sender.consumed)
        await sender.sends(numbered(1), LOADED)
        await sender.sends(numbered(2), LOADED, exchange="to-activitystream", content_type="application/json")
        await sender.sends(numbered(2), LOADED)
        await sender.sends({"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}, "as.api.entity")
        await keeps(api, sender, 2)
        [event, _] = await api.admin.does("GET", "events", types="as.fleet")
        assert (event["type"], event["origin"]) == (LOADED, "depot.north")


async def test_what_is_invalid_waits_with_the_reason(ready_url: str, broker_url: str) -> None:
    """Events §22: in a queue of its own, as it came; what is valid is kept all the same."""
    async with opened(ready_url, work=True, ingest_amqp_url=broker_url) as api, rabbit(broker_url) as sender:
        await until(sender.consumed)
        wrong = numbered(2, importance=9)
        await sender.sends(numbered(1), LOADED)
        await sender.sends(wrong, LOADED, exchange="to-activitystream")
        await sender.sends(numbered(3), LOADED)
        await keeps(api, sender, 2)
        body, [error] = await sender.takes()
        assert body == wrong
        assert (error["severity"], error["field"]) == ("error", "importance")


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # aiormq leaves its socket to be found
async def test_a_connection_that_is_closed_costs_nothing(sqlite_url: str, broker_url: str) -> None:
    """Events §22: it is made anew; nothing is lost, nothing is kept twice."""
    async with opened(sqlite_url, work=True, ingest_amqp_url=broker_url) as api, rabbit(broker_url) as sender:
        await until(sender.consumed)
        for number in range(500):
            await sender.sends(numbered(number), LOADED)
            if number % 200 == 100:
                await sender.cuts_the_others_off()
        await keeps(api, sender, 500)


async def test_what_is_held_is_bounded(
    sqlite_url: str, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Events §22: while storage takes nothing the broker keeps what comes; then all of it is kept."""
    write, full = SqliteStore.write, asyncio.Event()

    async def busy(self: SqliteStore, work: Any, *args: Any, **kwargs: Any) -> Any:
        if work.__name__ == "_record" and not full.is_set():
            raise Busy("not now")
        return await write(self, work, *args, **kwargs)

    monkeypatch.setattr(SqliteStore, "write", busy)
    async with opened(sqlite_url, work=True, ingest_amqp_url=broker_url) as api, rabbit(broker_url) as sender:
        await until(sender.consumed)
        for number in range(PREFETCH + 150):
            await sender.sends(numbered(number), LOADED)
        assert await sender.ready() == 150
        full.set()
        await keeps(api, sender, PREFETCH + 150)


async def test_whoever_stops_gives_back_what_is_not_kept(
    sqlite_url: str, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """REL-026."""

    async def busy(*_: object, **__: object) -> None:
        raise Busy("not now")

    async with rabbit(broker_url) as sender:
        async with opened(sqlite_url, work=True, ingest_amqp_url=broker_url):
            await until(sender.consumed)
            monkeypatch.setattr("server.amqp.keeper.Keeper.keep", busy)
            for number in range(10):
                await sender.sends(numbered(number), LOADED)
        assert await sender.ready() == 10
        monkeypatch.undo()
        async with opened(sqlite_url, work=True, ingest_amqp_url=broker_url) as api:
            await keeps(api, sender, 10)


async def test_nothing_is_consumed_unless_it_is_asked_for(sqlite_url: str) -> None:
    """Events §22: off by default; the collector needs no broker."""
    async with opened(sqlite_url, work=True) as api:
        assert api.house.config.amqp_urls == {}
        assert await counted(api) == 0


def test_other_tenants_have_brokers_of_their_own() -> None:
    """Events §22: that of the default tenant is told in a place of its own."""
    config = Config(
        ingest={"amqp_url": "amqp://a"},  # type: ignore[arg-type]
        tenants={"north": {"amqp_url": "amqp://b"}, "east": {}},  # type: ignore[dict-item]
    )
    assert config.amqp_urls == {"default": "amqp://a", "north": "amqp://b"}


async def test_a_tenant_that_is_not_there_is_waited_for(sqlite_url: str, broker_url: str) -> None:
    """Its queue is consumed from when it is founded."""
    urls = json.dumps({"north": {"amqp_url": broker_url}})
    async with opened(sqlite_url, work=True, tenants=urls) as api, rabbit(broker_url, "north") as sender:
        north = await api.tenant("north")
        await until(sender.consumed)
        await sender.sends(numbered(1), LOADED, exchange="from-north")
        await keeps(north, sender, 1)
        assert await counted(api) == 0


async def test_a_queue_is_taken_as_its_operator_made_it(sqlite_url: str, broker_url: str) -> None:
    """A quorum queue that is there already stays one."""
    async with rabbit(broker_url) as sender:
        await sender.makes_quorum_queue()
        async with opened(sqlite_url, work=True, ingest_amqp_url=broker_url) as api:
            await until(sender.consumed)
            await sender.sends(numbered(1), LOADED)
            await keeps(api, sender, 1)
