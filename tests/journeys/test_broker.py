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
        await asyncio.to_thread(eventually, lambda: "consuming" in server.log())
        await asyncio.gather(*(sender.sends(numbered(number), LOADED) for number in range(MESSAGES)))
        for part in (1, 2):
            await asyncio.to_thread(
                eventually, lambda share=part: counted(server, key) >= MESSAGES * share // 4
            )
            server.kill()
            assert await _left(sender) > 0
            await asyncio.to_thread(server.start)
        await asyncio.to_thread(eventually, lambda: counted(server, key) >= MESSAGES, 60)
        assert counted(server, key) == MESSAGES
        assert await asyncio.to_thread(server.stop) == 0
        assert await sender.ready() == 0


async def _left(sender: Rabbit) -> int:
    """Return how many messages wait again, once the broker has noticed that nobody holds them."""

    async def given_back() -> bool:
        return not await sender.consumed()

    await until(given_back)
    return await sender.ready()
