"""A server for the tests of what tenants have recorded, on each engine in turn."""

from collections.abc import AsyncIterator

import pytest
from archive import Archive
from eventsapi import opened


@pytest.fixture
async def archive(ready_url: str) -> AsyncIterator[Archive]:
    """The default tenant of an empty server."""
    async with opened(ready_url) as api:
        yield await Archive.of(api)
