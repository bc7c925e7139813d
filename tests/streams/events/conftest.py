"""A chronicle for the tests of events."""

from collections.abc import AsyncIterator

import pytest
from chronicle import BASE, Chronicle

from storage import Transaction, open_store


@pytest.fixture
async def chronicle(ready_url: str) -> AsyncIterator[Chronicle]:
    """The events of the default tenant, on each engine in turn."""
    async with open_store(ready_url, base_url=BASE) as store:
        yield await Chronicle.made(store)


@pytest.fixture
async def account(chronicle: Chronicle) -> int:
    """The row of an account called ada."""

    async def insert(tx: Transaction) -> int:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, published)"
            f" VALUES (5, '{BASE}/users/ada', 3, 'Person', 1, 5, 1, 1)"
        )
        return 5

    return await chronicle.store.write(insert)
