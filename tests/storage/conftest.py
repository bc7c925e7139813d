"""What the tests of storage share: an empty store on each engine, and an actor to own things."""

from collections.abc import AsyncIterator

import pytest

from storage import Store, Transaction, open_store


@pytest.fixture
async def store(ready_url: str) -> AsyncIterator[Store]:
    """An empty store, on each engine in turn."""
    async with open_store(ready_url) as opened:
        yield opened


@pytest.fixture
async def actor(store: Store) -> int:
    """The row id of an actor of ours."""

    async def insert(tx: Transaction) -> int:
        await tx.run(
            "INSERT INTO objects (id, iri, kind, type, local, owner, public, published)"
            " VALUES (5, 'https://here.example/users/ada', 3, 'Person', 1, 5, 1, 1)"
        )
        return 5

    return await store.write(insert)
