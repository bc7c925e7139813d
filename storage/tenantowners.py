"""Which members own which tenants: they may look into what these have."""

from typing import cast

from storage.connection import Transaction
from storage.tenants import COLUMNS, Tenant, from_row


async def add(tx: Transaction, tenant: int, actor: int) -> None:
    """Let a member, given by the row of their actor, own a tenant."""
    await tx.run(
        "INSERT INTO tenant_owners (tenant, actor) VALUES (:tenant, :actor) ON CONFLICT DO NOTHING",
        tenant=tenant, actor=actor,
    )  # fmt: skip


async def remove(tx: Transaction, tenant: int, actor: int) -> bool:
    """Let a member own a tenant no more; False when they did not."""
    removed = await tx.run(
        "DELETE FROM tenant_owners WHERE tenant = :tenant AND actor = :actor", tenant=tenant, actor=actor
    )
    return removed > 0


async def owns(tx: Transaction, tenant: int, actor: int) -> bool:
    """Tell whether a member owns a tenant. One statement."""
    row = await tx.one(
        "SELECT 1 FROM tenant_owners WHERE tenant = :tenant AND actor = :actor", tenant=tenant, actor=actor
    )
    return row is not None


async def names(tx: Transaction) -> dict[int, list[str]]:
    """Return the names of those who own tenants, by the tenants' numbers. One statement."""
    rows = await tx.all(
        "SELECT w.tenant, a.name FROM tenant_owners w JOIN actors a ON a.id = w.actor ORDER BY w.tenant, a.name"
    )
    found: dict[int, list[str]] = {}
    for tenant, name in cast("list[tuple[int, str]]", rows):
        found.setdefault(tenant, []).append(name)
    return found


async def owned_by(tx: Transaction, actor: int) -> list[Tenant]:
    """List the tenants that a member owns, by their names. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM tenant_owners w JOIN tenants t ON t.id = w.tenant"  # noqa: S608
        " WHERE w.actor = :actor ORDER BY t.label",
        actor=actor,
    )
    return [from_row(row) for row in rows]
