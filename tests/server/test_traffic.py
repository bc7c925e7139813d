"""Giving way: until a quiet moment, and never for ever."""

import asyncio
import time

import pytest

from server.traffic import QUIET_SECONDS, Traffic

pytestmark = pytest.mark.anyio


async def test_nobody_waits_for_an_idle_front() -> None:
    begun = time.monotonic()
    await Traffic().give_way(5)
    assert time.monotonic() - begun < 1


async def test_it_ends_in_a_quiet_moment() -> None:
    """Requests that came are over for this, also those whose answer has no end."""
    traffic = Traffic()
    traffic.running, traffic.last = 1, time.monotonic()
    await asyncio.wait_for(traffic.give_way(30), 5)
    assert time.monotonic() - traffic.last >= QUIET_SECONDS


async def test_it_ends_all_the_same() -> None:
    traffic = Traffic()
    traffic.last = time.monotonic() + 60
    waiting = asyncio.create_task(traffic.give_way(0.05))
    await asyncio.sleep(0.02)
    assert not waiting.done()
    traffic.last = time.monotonic()
    await asyncio.wait_for(waiting, 5)
