"""Entries of collections."""

import pytest

from storage import Store, Transaction, feedcollections, tenants
from storage.feedcollections import FeedEntry

pytestmark = pytest.mark.anyio


@pytest.fixture(autouse=True)
async def two_tenants(store: Store) -> None:
    """Tenants 1 and 2."""

    async def make(tx: Transaction) -> None:
        await tenants.add(tx, 1, "one", now=1)
        await tenants.add(tx, 2, "two", now=1)

    await store.write(make)


async def test_the_first_stays(store: Store) -> None:
    assert await store.write(feedcollections.add, 1, "food", "1", author="bob", data='{"a":1}', now=5)
    assert not await store.write(feedcollections.add, 1, "food", "1", author="eve", data="{}", now=6)
    assert await store.write(feedcollections.add, 1, "drink", "1", author="eve", data="{}", now=6)
    found = FeedEntry("food", "1", "bob", '{"a":1}', 5, 5)
    assert await store.peek(feedcollections.find, 1, "food", "1") == found
    assert await store.peek(feedcollections.find, 2, "food", "1") is None


async def test_data_is_replaced(store: Store) -> None:
    await store.write(feedcollections.add, 1, "food", "1", author="bob", data="{}", now=5)
    await store.write(feedcollections.add, 1, "drink", "1", author="", data="{}", now=5)
    changed = FeedEntry("food", "1", "bob", '{"b":2}', 5, 7)
    assert await store.write(feedcollections.replace, 1, "food", "1", '{"b":2}', now=7) == changed
    assert await store.peek(feedcollections.find, 1, "food", "1") == changed
    assert (await store.peek(feedcollections.find, 1, "drink", "1")) == FeedEntry(
        "drink", "1", "", "{}", 5, 5
    )
    assert await store.write(feedcollections.replace, 2, "food", "1", "{}", now=7) is None


async def test_several_are_put_and_found(store: Store) -> None:
    """Whose an entry is does not change with what it says."""
    await store.write(feedcollections.add, 1, "food", "1", author="bob", data="{}", now=5)
    await store.write(feedcollections.put, 1, [(("food", "1"), '{"a":1}'), (("food", "2"), "{}")], now=6)
    found = await store.peek(
        feedcollections.some, 1, [("food", "2"), ("food", "3"), ("food", "1"), ("drink", "1")]
    )
    assert found == {
        ("food", "1"): FeedEntry("food", "1", "bob", '{"a":1}', 5, 6),
        ("food", "2"): FeedEntry("food", "2", "", "{}", 6, 6),
    }
    assert await store.peek(feedcollections.some, 2, [("food", "1")]) == {}


async def test_those_that_are_there_are_removed(store: Store) -> None:
    pairs = [(("food", "1"), "{}"), (("food", "2"), "{}"), (("drink", "1"), "{}")]
    await store.write(feedcollections.put, 1, pairs, now=6)
    await store.write(feedcollections.put, 2, pairs, now=6)
    assert await store.write(feedcollections.remove, 1, "food", ["1", "9"]) == ["1"]
    assert len(await store.peek(feedcollections.some, 1, [pair for pair, _ in pairs])) == 2
    assert len(await store.peek(feedcollections.some, 2, [pair for pair, _ in pairs])) == 3
