"""A server with the Feeds API for each test, on each engine in turn."""

from collections.abc import AsyncIterator

import pytest
from feedsapi import Api, opened


@pytest.fixture
async def api(ready_url: str) -> AsyncIterator[Api]:
    """The default tenant of an empty server."""
    async with opened(ready_url) as made:
        yield made
