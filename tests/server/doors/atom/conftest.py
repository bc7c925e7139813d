"""A server with the Atom door for each test, on each engine in turn."""

from collections.abc import AsyncIterator

import pytest
from atomhall import Hall, opened


@pytest.fixture
async def hall(ready_url: str) -> AsyncIterator[Hall]:
    """An empty server."""
    async with opened(ready_url) as made:
        yield made
