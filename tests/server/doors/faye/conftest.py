"""A server with the Feeds API for each test, on each engine in turn, and someone who listens."""

from collections.abc import AsyncIterator

import pytest
from feedsapi import Api, opened
from talker import Talker


@pytest.fixture
async def api(ready_url: str) -> AsyncIterator[Api]:
    """The default tenant of an empty server."""
    async with opened(ready_url) as made:
        yield made


@pytest.fixture
async def talker(api: Api) -> Talker:
    """A client that has shaken hands."""
    return await Talker(api).shake_hands()
