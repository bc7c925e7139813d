"""Users of applications."""

import pytest

from storage import Store, Transaction, feedusers, tenants
from storage.feedusers import FeedUser

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def two_tenants(store: Store) -> None:
    """Tenants 1 and 2."""

    async def make(tx: Transaction) -> None:
        await tenants.add(tx, 1, "one", now=1)
        await tenants.add(tx, 2, "two", now=1)

    await store.write(make)


async def test_the_first_stays(store: Store) -> None:
    assert await store.write(feedusers.add, 1, "bob", '{"a":1}', now=5)
    assert not await store.write(feedusers.add, 1, "bob", '{"a":2}', now=6)
    assert await store.peek(feedusers.find, 1, "bob") == FeedUser("bob", '{"a":1}', 5, 5)
    assert await store.peek(feedusers.find, 2, "bob") is None
    assert await store.peek(feedusers.find, 1, "Bob") is None


async def test_data_is_replaced(store: Store) -> None:
    await store.write(feedusers.add, 1, "bob", "{}", now=5)
    await store.write(feedusers.add, 2, "bob", "{}", now=5)
    replaced = FeedUser("bob", '{"a":"ö"}', 5, 7)
    assert await store.write(feedusers.replace, 1, "bob", '{"a":"ö"}', now=7) == replaced
    assert await store.peek(feedusers.find, 1, "bob") == replaced
    assert await store.peek(feedusers.find, 2, "bob") == FeedUser("bob", "{}", 5, 5)
    assert await store.write(feedusers.replace, 1, "eve", "{}", now=7) is None


async def test_several_are_put_and_found(store: Store) -> None:
    await store.write(feedusers.add, 1, "bob", "{}", now=5)
    await store.write(feedusers.put, 1, [("eve", "{}"), ("bob", '{"a":1}')], now=6)
    await store.write(feedusers.put, 2, [("ada", "{}")], now=6)
    assert await store.peek(feedusers.some, 1, ["eve", "ada", "bob", "eve"]) == {
        "bob": FeedUser("bob", '{"a":1}', 5, 6), "eve": FeedUser("eve", "{}", 6, 6),
    }  # fmt: skip
    assert await store.peek(feedusers.some, 1, []) == {}


async def test_those_that_are_there_are_removed(store: Store) -> None:
    await store.write(feedusers.put, 1, [("ada", "{}"), ("bob", "{}"), ("eve", "{}")], now=6)
    await store.write(feedusers.put, 2, [("ada", "{}")], now=6)
    assert sorted(await store.write(feedusers.remove, 1, ["bob", "ada", "nobody"])) == ["ada", "bob"]
    assert list(await store.peek(feedusers.some, 1, ["ada", "bob", "eve"])) == ["eve"]
    assert list(await store.peek(feedusers.some, 2, ["ada"])) == ["ada"]
