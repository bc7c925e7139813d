"""Servers whose streams are read: processes of their own, and one in this process on each engine in turn."""

from collections.abc import AsyncIterator, Iterator

import pytest
from atomhall import Hall, opened
from reading import reader
from town import Person, Server, Town


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server of its own for each module."""
    town = Town(tmp_path_factory.mktemp("hub"))
    yield town.server()
    for server in town.servers:
        server.kill()


@pytest.fixture(scope="module")
def ada(hub: Server) -> Person:
    """Somebody who has said something in public, and something to herself."""
    made = reader(hub, "ada")
    made.note("the frost sensor drifts")
    made.note("a secret of hers", to=made.id)
    return made


@pytest.fixture
async def hall(ready_url: str) -> AsyncIterator[Hall]:
    """An empty server in this process."""
    async with opened(ready_url) as made:
        yield made
