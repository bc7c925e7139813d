"""Where tenants are told by HTTP what happens, and what waits to be told."""

import pytest

from storage import Store, tenants, webhooks

pytestmark = pytest.mark.anyio

URL = "https://app.example/hook"


async def test_an_address_is_set_changed_and_taken_away(store: Store) -> None:
    await store.write(tenants.add, 7, "north", now=1)
    assert await store.peek(webhooks.url, 7) is None
    await store.write(webhooks.set_url, 7, "https://old.example/", now=1)
    await store.write(webhooks.set_url, 7, URL, now=2)
    assert await store.peek(webhooks.url, 7) == URL
    await store.write(webhooks.set_url, 7, None, now=3)
    assert await store.peek(webhooks.url, 7) is None


async def test_what_happened_waits_in_its_order_until_it_is_forgotten(store: Store) -> None:
    for id, label in ((7, "north"), (8, "south")):
        await store.write(tenants.add, id, label, now=1)
    for tenant, event in ((7, {"placed": [[1, 2]]}), (8, {"n": "ß"}), (7, {"n": 2}), (7, {"n": 3})):
        await store.write(webhooks.note, tenant, event)
    assert await store.peek(webhooks.waiting) == [7, 8]
    found = await store.peek(webhooks.oldest, 7, limit=2)
    assert [one.event for one in found] == [{"placed": [[1, 2]]}, {"n": 2}]
    await store.write(webhooks.forget, 7, [one.id for one in found])
    assert [one.event for one in await store.peek(webhooks.oldest, 7, limit=2)] == [{"n": 3}]
    assert [one.event for one in await store.peek(webhooks.oldest, 8, limit=2)] == [{"n": "ß"}]
