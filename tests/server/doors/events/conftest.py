"""A server with the Events API for each test, on each engine in turn."""

from collections.abc import AsyncIterator

import pytest
from eventsapi import Api, opened


@pytest.fixture
async def events_api(ready_url: str) -> AsyncIterator[Api]:
    """The default tenant of an empty server."""
    async with opened(ready_url) as made:
        yield made
