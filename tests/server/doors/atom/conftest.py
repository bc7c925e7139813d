"""A server whose stream is read."""

from collections.abc import Iterator

import pytest
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
