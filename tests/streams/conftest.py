"""A world for the tests of streams."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from world import BASE, Others, World

from storage import open_store


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A server that knows nobody yet."""
    async with open_store(f"sqlite:///{tmp_path}/headwater.db", base_url=BASE) as store:
        yield World(store, Others(store))
