"""Visits: what was asked for, when, and how much one host was asked."""

import pytest

from storage import open_store, visits

pytestmark = pytest.mark.anyio

HOUR_US = 3_600 * 1_000_000


async def test_again_after_an_hour_and_later_after_failures(url: str) -> None:
    """SEC-046: one hour after success, then two, four, eight after failures; success makes it one again."""
    async with open_store(url, base_url="https://here.example") as store:
        assert await store.read(visits.due, "x", now=0)
        now = 1_000 * HOUR_US
        for failed, hours in ((False, 1), (True, 2), (True, 4), (True, 8), (False, 1)):
            await store.write(visits.note, "x", now=now, failed=failed)
            assert not await store.read(visits.due, "x", now=now + hours * HOUR_US - 1)
            now += hours * HOUR_US
            assert await store.read(visits.due, "x", now=now)


async def test_a_host_has_a_share_of_each_hour(url: str) -> None:
    """SEC-046: counted by host and hour; none when the share is nothing."""
    async with open_store(url, base_url="https://here.example") as store:
        charged = [await store.write(visits.charge, "a", now=5, limit=2) for _ in range(3)]
        assert charged == [True, True, False]
        assert await store.write(visits.charge, "b", now=5, limit=2)
        assert await store.write(visits.charge, "a", now=5 + HOUR_US, limit=2)
        assert not await store.write(visits.charge, "c", now=5, limit=0)


async def test_posts_are_counted_by_thread(url: str) -> None:
    async with open_store(url, base_url="https://here.example") as store:
        assert await store.read(visits.brought, "t") == 0
        for _ in range(2):
            await store.write(visits.bring, "t", 3, now=1)
        assert await store.read(visits.brought, "t") == 6
