"""A world for the tests of streams."""

from collections.abc import AsyncIterator

import pytest
from world import BASE, Others, World

from storage import open_store


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    """A server that knows nobody yet, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield World(store, Others(store))
