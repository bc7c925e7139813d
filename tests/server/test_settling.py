"""What was accepted takes effect before the next question is answered, and nobody waits for long."""

import asyncio
import time

import pytest

from server.settling import PENDING_MAX, WAIT_SECONDS_MAX, Settling
from server.traffic import Traffic

pytestmark = pytest.mark.anyio


async def took(settling: Settling) -> float:
    begun = time.monotonic()
    await settling.settled()
    return time.monotonic() - begun


async def test_what_came_before_is_waited_for() -> None:
    """AP-318: all of it, and nothing that came after."""
    settling = Settling()
    assert await took(settling) < 0.05
    settling.begin(("a", 1))
    settling.begin(("b", 1))
    asking = asyncio.create_task(settling.settled())
    await asyncio.sleep(0.01)
    assert settling.awaited == 1
    settling.begin(("c", 1))
    settling.end(("a", 1))
    await asyncio.sleep(0.01)
    assert not asking.done()
    settling.end(("b", 1))
    settling.end(("b", 1))
    await asyncio.wait_for(asking, 0.1)
    assert settling.awaited == 0


async def test_nobody_waits_for_long() -> None:
    """AP-318: what never ends here holds one question a moment, and the next not at all."""
    settling = Settling()
    settling.begin(("a", 1))
    assert WAIT_SECONDS_MAX / 2 < await took(settling) < WAIT_SECONDS_MAX * 4
    assert await took(settling) < 0.05


async def test_nobody_waits_while_much_comes_in() -> None:
    """REL-018: reading does not slow down with the inbox."""
    settling = Settling()
    for number in range(PENDING_MAX + 1):
        settling.begin(("a", number))
    assert await took(settling) < 0.05


async def test_work_that_is_waited_for_does_not_give_way() -> None:
    """AP-318."""
    traffic, settling = Traffic(), Settling()
    traffic.last = time.monotonic() + 60
    settling.begin(("a", 1))
    asking = asyncio.create_task(settling.settled())
    await asyncio.sleep(0)
    begun = time.monotonic()
    await traffic.give_way(5, unless=lambda: settling.awaited)
    assert time.monotonic() - begun < 1
    await asking


async def test_what_comes_again_does_not_keep_what_came_in_between() -> None:
    """AP-318: each is forgotten in its time, also behind one that was begun anew."""
    settling = Settling()
    settling.begin(("a", 1))
    settling.begin(("b", 1))
    await asyncio.sleep(WAIT_SECONDS_MAX / 2)
    settling.begin(("a", 1))
    await asyncio.sleep(WAIT_SECONDS_MAX * 0.75)
    settling.begin(("c", 1))
    assert set(settling._begun) == {("a", 1), ("c", 1)}
