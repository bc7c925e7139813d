"""What every test may use."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Town


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, like the server."""
    return "asyncio"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An empty town; whatever it starts ends with the test."""
    made = Town(tmp_path)
    yield made
    for server in made.servers:
        server.kill()
