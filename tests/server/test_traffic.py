"""Giving way: while the front is busy, and never for ever."""

import asyncio
import time

import pytest

from server.traffic import BUSY, Traffic

pytestmark = pytest.mark.anyio


async def test_nobody_waits_for_an_idle_front() -> None:
    begun = time.monotonic()
    await Traffic().give_way(5)
    assert time.monotonic() - begun < 1


async def test_it_ends_when_the_front_is_idle_again() -> None:
    traffic = Traffic()
    traffic.running = BUSY
    waiting = asyncio.create_task(traffic.give_way(30))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    traffic.running = 0
    await asyncio.wait_for(waiting, 5)


async def test_it_ends_all_the_same() -> None:
    traffic = Traffic()
    traffic.running = BUSY
    await asyncio.wait_for(traffic.give_way(0.05), 5)
