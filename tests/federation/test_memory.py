"""Bounded memories."""

import asyncio

import pytest

from federation.memory import Allowance, Flights, Recent


def test_recent_is_bounded():
    """SEC-117: the least recently used entry makes room."""
    recent = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    assert recent.get("a") == 1
    recent.put("c", 3)
    assert (recent.get("a"), recent.get("b"), recent.get("c")) == (1, None, 3)
    recent.forget("a")
    recent.forget("never there")
    assert recent.get("a") is None


def test_allowance():
    """SEC-011: so many times in a span, each key for itself."""
    allowance = Allowance(2, 100)
    assert [allowance.take("a", now) for now in (0, 1, 2)] == [True, True, False]
    assert allowance.take("b", 2)
    assert allowance.take("a", 100)


@pytest.mark.anyio
async def test_flights_are_shared():
    """SEC-011: many who ask at once cause one piece of work; the next one causes another."""
    flights, started, gate = Flights(), [], asyncio.Event()

    async def work():
        started.append(1)
        await gate.wait()
        return len(started)

    waiting = [asyncio.create_task(flights.join("a", work)) for _ in range(10)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    gate.set()
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert results[1:] == [1] * 9
    assert isinstance(results[0], asyncio.CancelledError)
    assert await flights.join("a", work) == 2


@pytest.mark.anyio
async def test_flights_that_fail():
    """Everyone hears of the failure, and the next one tries again."""
    flights = Flights()

    async def fail():
        raise LookupError

    results = await asyncio.gather(*(flights.join("a", fail) for _ in range(3)), return_exceptions=True)
    assert [type(result) for result in results] == [LookupError] * 3
    with pytest.raises(LookupError):
        await flights.join("a", fail)
