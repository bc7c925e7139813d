"""Keys of the Events API."""

import pytest

from storage import Store, Transaction, eventskeys, privileges, tenants
from storage.eventskeys import ADMINISTRATOR, BASIC, INGESTION_ONLY, hash_of

pytestmark = pytest.mark.anyio


@pytest.fixture
async def tenant(store: Store) -> int:
    """The id of a tenant with an administrator's key."""
    await store.write(tenants.add, 7, "north", now=1)
    await store.write(privileges.grant, 7, "admin", ADMINISTRATOR, now=1)
    await store.write(eventskeys.add, 7, "sesame", type=BASIC, username="admin", shown=True, now=1)
    return 7


async def _find(store: Store, key: str, *, now: int) -> tuple[int, str, str | None, str | None] | None:
    found = await store.peek(eventskeys.find, hash_of(key), now=now)
    return None if found is None else (found.tenant.id, found.type, found.username, found.role)


async def test_a_key_stands_for_tenant_user_and_role(store: Store, tenant: int) -> None:
    assert await _find(store, "sesame", now=2) == (7, BASIC, "admin", ADMINISTRATOR)
    assert await store.peek(eventskeys.find, hash_of("guess"), now=2) is None
    assert await store.peek(eventskeys.find, "sesame", now=2) is None


async def test_a_key_may_act_as_nobody(store: Store, tenant: int) -> None:
    await store.write(eventskeys.add, 7, "submit", type=INGESTION_ONLY, username=None, now=2)
    assert await _find(store, "submit", now=2) == (7, INGESTION_ONLY, None, None)


async def test_a_role_is_replaced(store: Store, tenant: int) -> None:
    await store.write(privileges.grant, 7, "admin", "USER", now=3)
    found = await store.peek(eventskeys.find, hash_of("sesame"), now=4)
    assert found is not None
    assert found.role == "USER"


async def test_a_role_is_one_tenant_s(store: Store, tenant: int) -> None:
    """SEC-102: who is an administrator there is nobody here."""
    await store.write(tenants.add, 8, "east", now=1)
    await store.write(eventskeys.add, 8, "east key", type=BASIC, username="admin", now=1)
    assert await _find(store, "east key", now=2) == (8, BASIC, "admin", None)


async def test_a_key_has_its_time(store: Store, tenant: int) -> None:
    async def until(tx: Transaction) -> None:
        await tx.run("UPDATE events_keys SET active_from = 5, active_until = 9")

    await store.write(until)
    held = [now for now in range(4, 11) if await store.peek(eventskeys.find, hash_of("sesame"), now=now)]
    shown = [now for now in range(4, 11) if await store.peek(eventskeys.shown, tenant, now=now)]
    assert held == shown == [5, 6, 7, 8]


async def test_a_suspended_tenant_lets_nobody_in(store: Store, tenant: int) -> None:
    await store.write(tenants.suspend, tenant, now=3)
    assert await store.peek(eventskeys.find, hash_of("sesame"), now=4) is None


async def test_only_the_operator_s_key_is_kept_as_it_is(store: Store, tenant: int) -> None:
    """SEC-093."""
    await store.write(eventskeys.add, 7, "private", type=BASIC, username="bo", now=2)

    async def everything(tx: Transaction) -> str:
        return repr(await tx.all("SELECT * FROM events_keys"))

    assert "private" not in await store.read(everything)
    assert await store.peek(eventskeys.shown, tenant, now=3) == "sesame"
