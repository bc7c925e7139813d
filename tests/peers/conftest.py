"""One of our people and her neighbours, on each engine in turn."""

from collections.abc import AsyncIterator, Callable

import pytest
from neighbour import Neighbour
from world import BASE, START, Others, World

from storage import open_store
from storage.actors import ActorRow
from streams import actors as making


@pytest.fixture
async def world(ready_url: str) -> AsyncIterator[World]:
    """A server that knows nobody yet."""
    async with open_store(ready_url, base_url=BASE) as store:
        await store.write(making.create_instance_actor, base_url=BASE, key_pairs=[], now=START)
        yield World(store, Others(store))


@pytest.fixture
async def ada(world: World) -> ActorRow:
    """The one whom the fixtures speak to."""
    return await world.local("ada")


@pytest.fixture
def neighbour(world: World) -> Callable[[str], Neighbour]:
    """Make the server of a software."""
    return lambda software: Neighbour(world, software)
