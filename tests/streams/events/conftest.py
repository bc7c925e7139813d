"""A logbook for the tests of events."""

from collections.abc import AsyncIterator

import pytest
from logbook import BASE, Logbook
from pier import Pier
from world import Others, World

from storage import Transaction, open_store


@pytest.fixture
async def logbook(ready_url: str) -> AsyncIterator[Logbook]:
    """The events of the default tenant, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Logbook.made(store)


@pytest.fixture
async def pier(ready_url: str) -> AsyncIterator[Pier]:
    """Events and channels of the default tenant on a server with others around it, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield Pier(World(store, Others(store)), await Logbook.made(store))


@pytest.fixture
async def account(logbook: Logbook) -> int:
    """The row of an account called ada."""

    async def insert(tx: Transaction) -> int:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, published)"
            f" VALUES (5, '{BASE}/users/ada', 3, 'Person', 1, 5, 1, 1)"
        )
        return 5

    return await logbook.store.write(insert)
