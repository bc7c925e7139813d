"""Servers for the journeys."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from town import Server, Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """An empty town; whatever it starts ends with the test."""
    made = Town(tmp_path)
    yield made
    for server in made.servers:
        server.kill()


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """Two servers shared by the tests of a module, each of which brings its own people."""
    made = Town(tmp_path_factory.mktemp("two"))
    yield made.server(), made.server()
    for server in made.servers:
        server.kill()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server shared by the tests of a module, each of which brings its own people."""
    made = Town(tmp_path_factory.mktemp("here"))
    yield made.server()
    for server in made.servers:
        server.kill()
