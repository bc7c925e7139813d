"""A server that is killed while it consumes a queue: nothing is lost, nothing is kept twice (Events §22)."""

import asyncio
from typing import Any

import httpx
from rabbit import Rabbit, numbered, rabbit, until
from town import Server, Town, eventually

MESSAGES = 2_000
LOADED = "as.fleet.cargo.loaded"


def counted(server: Server, key: str) -> int:
    """Return how many events are kept."""
    path = "/api/analytics/events/all/none/count/all/2031"
    rows: Any = httpx.get(f"{server.base_url}{path}", headers={"x-api-key": key}).json()
    return rows[0]["event"]["count"] if rows else 0


def test_a_server_that_is_killed_loses_nothing(town: Town, broker_url: str) -> None:
    """What was not acknowledged comes again, and what was committed before is known by its id."""
    asyncio.run(_kill_and_count(town, broker_url))


async def _kill_and_count(town: Town, url: str) -> None:
    async with rabbit(url) as sender:
        server = await asyncio.to_thread(town.server, HEADWATER_INGEST_AMQP_URL=url)
        key = server.cli("tenant", "show")["events"]["api_key"]
        await until(sender.consumed)
        publishing = asyncio.create_task(_publish(sender))
        for share in (10, 3):
            await asyncio.to_thread(_wait, server, key, MESSAGES // share)
            server.kill()
            await asyncio.to_thread(server.start)
        await publishing
        await asyncio.to_thread(_wait, server, key, MESSAGES)
        assert counted(server, key) == MESSAGES
        assert await asyncio.to_thread(server.stop) == 0
        assert await sender.ready() == 0


async def _publish(sender: Rabbit) -> None:
    """Publish one message after the other, whether anybody consumes them or not."""
    for number in range(MESSAGES):
        await sender.sends(numbered(number), LOADED)


def _wait(server: Server, key: str, count: int) -> None:
    eventually(lambda: counted(server, key) >= count, 60)
