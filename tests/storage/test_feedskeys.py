"""Credentials of the Feeds API."""

import pytest

from storage import Store, feedskeys, tenants
from storage.errors import Conflict

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tenant(store: Store) -> int:
    """The id of a tenant with one key."""
    await store.write(tenants.add, 7, "north", now=1)
    await store.write(feedskeys.add, 7, "key1", "old", now=1)
    return 7


async def secrets_of(store: Store, key: str, *, now: int) -> tuple[str, ...]:
    found = await store.peek(feedskeys.find, key, now=now)
    return () if found is None else found.secrets


async def test_a_key_names_its_tenant(store: Store, tenant: int) -> None:
    found = await store.peek(feedskeys.find, "key1", now=2)
    assert found is not None
    assert (found.key, found.tenant.id, found.tenant.label, found.secrets) == ("key1", 7, "north", ("old",))
    assert "old" not in repr(found)
    assert await store.peek(feedskeys.find, "key", now=2) is None


async def test_a_key_belongs_to_one_tenant(store: Store, tenant: int) -> None:
    """SEC-102: no other tenant can come by it."""
    await store.write(tenants.add, 8, "east", now=1)
    with pytest.raises(Conflict):
        await store.write(feedskeys.add, 8, "key1", "mine", now=2)
    assert await secrets_of(store, "key1", now=3) == ("old",)


async def test_a_new_secret_takes_over(store: Store, tenant: int) -> None:
    """SEC-103: both hold for the overlap, the newest stands first."""
    assert await store.write(feedskeys.retire, tenant, at=20) == 1
    await store.write(feedskeys.add_secret, "key1", "new", now=10)
    assert await secrets_of(store, "key1", now=19) == ("new", "old")
    assert await secrets_of(store, "key1", now=20) == ("new",)


async def test_an_end_never_comes_later(store: Store, tenant: int) -> None:
    await store.write(feedskeys.retire, tenant, at=20)
    assert await store.write(feedskeys.retire, tenant, at=30) == 0
    assert await secrets_of(store, "key1", now=25) == ()


async def test_a_key_without_a_secret_is_unknown(store: Store, tenant: int) -> None:
    await store.write(feedskeys.retire, tenant, at=5)
    assert await store.peek(feedskeys.find, "key1", now=5) is None
    assert await store.peek(feedskeys.current, tenant, now=5) is None


async def test_the_current_key_is_the_newest(store: Store, tenant: int) -> None:
    await store.write(tenants.add, 8, "east", now=1)
    await store.write(feedskeys.add, 8, "key9", "other", now=9)
    await store.write(feedskeys.add, tenant, "key2", "second", now=5)
    found = await store.peek(feedskeys.current, tenant, now=6)
    assert found is not None
    assert (found.key, found.secrets) == ("key2", ("second",))


async def test_one_tenant_s_secrets_retire_alone(store: Store, tenant: int) -> None:
    await store.write(tenants.add, 8, "east", now=1)
    await store.write(feedskeys.add, 8, "key9", "other", now=1)
    await store.write(feedskeys.retire, tenant, at=5)
    assert await secrets_of(store, "key9", now=9) == ("other",)
