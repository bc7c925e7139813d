"""Name spaces."""

import pytest

from storage import Store, objects, tenantowners, tenants
from storage.errors import Conflict
from storage.tenants import Tenant

pytestmark = pytest.mark.anyio

NORTH = Tenant(7, "north", 1, None, False, 0)


async def test_a_tenant_is_found_by_its_label(store: Store) -> None:
    await store.write(tenants.add, 7, "north", now=1)
    assert await store.peek(tenants.by_label, "north") == NORTH
    assert await store.peek(tenants.by_label, "nort") is None


@pytest.mark.parametrize(("id", "label"), [(7, "south"), (8, "north")])
async def test_id_and_label_are_taken_once(store: Store, id: int, label: str) -> None:
    await store.write(tenants.add, 7, "north", now=1)
    with pytest.raises(Conflict):
        await store.write(tenants.add, id, label, now=2)
    assert await store.peek(tenants.every) == [NORTH]


async def test_tenants_are_listed_by_name(store: Store) -> None:
    await store.write(tenants.add, 7, "north", now=1)
    await store.write(tenants.add, 8, "east", now=2)
    assert [one.label for one in await store.peek(tenants.every)] == ["east", "north"]


async def test_what_an_operator_changes(store: Store) -> None:
    await store.write(tenants.add, 7, "north", now=1)
    await store.write(tenants.add, 8, "east", now=1)
    await store.write(tenants.suspend, 7, now=5)
    await store.write(tenants.require_expiry, 7, True)
    await store.write(tenants.revoke_tokens, 7, now=6)
    assert await store.peek(tenants.by_label, "north") == Tenant(7, "north", 1, 5, True, 6)
    assert await store.peek(tenants.by_label, "east") == Tenant(8, "east", 1, None, False, 0)
    await store.write(tenants.suspend, 7, now=None)
    await store.write(tenants.require_expiry, 7, False)
    assert await store.peek(tenants.by_label, "north") == Tenant(7, "north", 1, None, False, 6)


async def test_members_own_tenants(store: Store) -> None:
    """Several members may own one, and one member several; asked again it is still so once."""
    await store.write(tenants.add, 7, "north", now=1)
    await store.write(tenants.add, 8, "south", now=1)
    ada = await store.write(objects.name, "https://here.example/users/ada", now=1)
    bob = await store.write(objects.name, "https://here.example/users/bob", now=1)
    for tenant, actor in ((8, ada), (7, ada), (7, ada), (7, bob)):
        await store.write(tenantowners.add, tenant, actor)
    assert [one.label for one in await store.peek(tenantowners.owned_by, ada)] == ["north", "south"]
    assert await store.peek(tenantowners.owns, 7, bob)
    assert await store.write(tenantowners.remove, 7, bob)
    assert not await store.write(tenantowners.remove, 7, bob)
    assert not await store.peek(tenantowners.owns, 7, bob)
