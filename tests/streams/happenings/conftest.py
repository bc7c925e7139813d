"""A square for the tests of what happened."""

from collections.abc import AsyncIterator

import pytest
from square import Square
from world import BASE

from storage import open_store


@pytest.fixture
async def square(ready_url: str) -> AsyncIterator[Square]:
    """A server with actors, feeds and events, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Square.made(store)
