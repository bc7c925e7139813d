"""A plaza for the tests of feeds."""

from collections.abc import AsyncIterator

import pytest
from plaza import BASE, Plaza

from storage import open_store
from streams.feeds import Limits


@pytest.fixture
async def plaza(ready_url: str) -> AsyncIterator[Plaza]:
    """The feeds of the default tenant, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Plaza.made(store)


@pytest.fixture
async def crowded(ready_url: str) -> AsyncIterator[Plaza]:
    """The same where three followers are many, and six make a feed popular; its clock shows the time of day."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Plaza.made(store, limits=Limits(inline=2, popular=6, chunk=2), telling_time=True)
