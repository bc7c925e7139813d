"""Who did what."""

import time

import pytest

from storage import Store, Transaction, feedaudit, prune, tenants
from storage.entries import NEWEST
from storage.feedaudit import Asked
from storage.prune import AUDIT_DAYS, DAY_US

pytestmark = pytest.mark.anyio

BOB = Asked(author="bob")
ENTRY = Asked("collection", "food:1")


@pytest.fixture(autouse=True)
async def deeds(store: Store) -> None:
    """Some deeds in tenant 1, one in tenant 2."""

    async def make(tx: Transaction) -> None:
        await tenants.add(tx, 1, "one", now=1)
        await tenants.add(tx, 2, "two", now=1)
        await feedaudit.note(tx, 1, "collection", "food:1", "create", "bob")
        await feedaudit.note(tx, 2, "collection", "food:1", "create", "bob")
        await feedaudit.note_all(tx, 1, "collection", ["food:1", "food:2"], "update", "")
        await feedaudit.note_all(tx, 1, "collection", [], "update", "")
        await feedaudit.note(tx, 1, "user", "food:1", "delete", "bob")

    await store.write(make)


async def actions(store: Store, asked: Asked, **how: int) -> list[tuple[str, str, str]]:
    found = await store.peek(feedaudit.before, 1, asked, NEWEST, limit=how.get("limit", 9))
    return [(one.type, one.name, one.action) for one in found]


async def test_the_newest_come_first(store: Store) -> None:
    assert await actions(store, ENTRY) == [
        ("collection", "food:1", "update"),
        ("collection", "food:1", "create"),
    ]
    assert await actions(store, BOB) == [("user", "food:1", "delete"), ("collection", "food:1", "create")]
    assert await actions(store, Asked("collection", "food:1", "bob")) == [("collection", "food:1", "create")]
    assert await actions(store, BOB, limit=1) == [("user", "food:1", "delete")]


async def test_it_says_when(store: Store) -> None:
    (deed,) = await store.peek(feedaudit.before, 2, BOB, NEWEST, limit=9)
    assert abs(deed.done - time.time_ns() // 1000) < 60_000_000


async def test_onwards_and_back(store: Store) -> None:
    newest, oldest = await store.peek(feedaudit.before, 1, BOB, NEWEST, limit=9)
    assert await store.peek(feedaudit.before, 1, BOB, newest.id, limit=9) == [oldest]
    assert await store.peek(feedaudit.after, 1, BOB, oldest.id, limit=9) == [newest]
    assert await store.peek(feedaudit.after, 1, BOB, 0, limit=1) == [oldest]
    assert await store.peek(feedaudit.after, 1, BOB, 0, limit=2) == [newest, oldest]


async def test_it_is_forgotten_in_time(store: Store) -> None:
    """SEC-117."""
    now = time.time_ns() // 1000
    assert "feed_audit" not in await prune.prune(store, now=now + (AUDIT_DAYS - 1) * DAY_US)
    assert (await prune.prune(store, now=now + (AUDIT_DAYS + 1) * DAY_US))["feed_audit"] == 5
