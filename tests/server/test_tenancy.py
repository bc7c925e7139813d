"""Making tenants."""

from collections.abc import AsyncIterator

import anyio
import pytest

from server import tenancy
from server.tenancy import Credentials
from storage import Store, eventskeys, feedskeys, open_store, tenants
from storage.errors import Conflict
from streams import system_clock

pytestmark = pytest.mark.anyio

HELD = Credentials(42, "key", "secret", "events")


@pytest.fixture
async def store(url: str) -> AsyncIterator[Store]:
    """An empty store, on each engine in turn."""
    async with open_store(url) as opened:
        yield opened


async def test_a_tenant_has_what_programs_need(store: Store) -> None:
    await store.write(tenancy.found, "north", HELD, now=1)
    assert await store.read(tenancy.credentials_of, "north", now=2) == HELD
    found = await store.peek(eventskeys.find, eventskeys.hash_of("events"), now=2)
    assert found is not None
    assert (found.tenant.id, found.type, found.username, found.role) == (
        42,
        "BASIC",
        "admin",
        "ADMINISTRATOR",
    )
    assert await store.read(tenancy.credentials_of, "south", now=2) is None


async def test_a_tenant_is_made_whole_or_not_at_all(store: Store) -> None:
    await store.write(tenancy.found, "north", HELD, now=1)
    with pytest.raises(Conflict):
        await store.write(tenancy.found, "south", Credentials(43, "key", "x", "y"), now=2)
    assert [one.label for one in await store.read(tenants.every)] == ["north"]


async def test_the_default_tenant_is_made_once(store: Store) -> None:
    await tenancy.ensure_default(store)
    made = await store.read(tenancy.credentials_of, "default", now=system_clock())
    await tenancy.ensure_default(store)
    assert made == await store.read(tenancy.credentials_of, "default", now=system_clock())
    assert made is not None
    assert len(made.api_secret) == len(made.events_key) == 64
    assert len({made.api_key, made.api_secret, made.events_key}) == 3


async def test_processes_that_start_together_make_one_default_tenant(store: Store) -> None:
    async with anyio.create_task_group() as group:
        for _ in range(4):
            group.start_soon(tenancy.ensure_default, store)
    assert [one.label for one in await store.read(tenants.every)] == ["default"]


async def test_rotating_the_secret_keeps_the_key(store: Store) -> None:
    """SEC-103: secrets rotate with an overlap."""
    await store.write(tenancy.found, "north", HELD, now=1)
    await store.write(tenancy.rotate, 42, "fresh", overlap_us=10, now=5)
    shown = await store.read(tenancy.credentials_of, "north", now=6)
    assert shown == Credentials(42, "key", "fresh", "events")
    during, after = [await store.peek(feedskeys.find, "key", now=now) for now in (14, 15)]
    assert during is not None
    assert after is not None
    assert (during.secrets, after.secrets) == (("fresh", "secret"), ("fresh",))


async def test_rotating_the_key_as_well(store: Store) -> None:
    await store.write(tenancy.found, "north", HELD, now=1)
    await store.write(tenancy.rotate, 42, "fresh", key="key2", overlap_us=0, now=5)
    assert await store.read(tenancy.credentials_of, "north", now=6) == Credentials(
        42, "key2", "fresh", "events"
    )
    assert await store.peek(feedskeys.find, "key", now=5) is None


async def test_secrets_are_not_shown_by_accident() -> None:
    """SEC-118."""
    assert "secret" not in repr(HELD).replace("api_secret", "")
    assert "events" not in repr(HELD)
