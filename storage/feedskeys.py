"""Credentials of the Feeds API: a public key names the tenant, secrets sign for it (Feeds §2.1).

A key may have several secrets, so that a new one can take over while the old one still holds (SEC-103).
"""

from dataclasses import dataclass, field
from typing import Any

from storage import tenants
from storage.connection import Transaction
from storage.tenants import Tenant


@dataclass(frozen=True, slots=True)
class FeedsKey:
    """A key, its tenant, and the secrets that hold today, the newest first."""

    key: str
    tenant: Tenant
    secrets: tuple[str, ...] = field(repr=False)


_HOLDS = "(s.expires IS NULL OR s.expires > :now)"
_SELECT = (
    f"SELECT {tenants.COLUMNS}, k.key, s.secret FROM feeds_keys k"  # noqa: S608
    " JOIN tenants t ON t.id = k.tenant JOIN feeds_secrets s ON s.key = k.key"
)


async def add(tx: Transaction, tenant: int, key: str, secret: str, *, now: int) -> None:
    """Give a tenant a key with its first secret. Raises Conflict when anyone has that key."""
    await tx.run(
        "INSERT INTO feeds_keys (key, tenant, created) VALUES (:key, :tenant, :now)",
        key=key,
        tenant=tenant,
        now=now,
    )
    await add_secret(tx, key, secret, now=now)


async def add_secret(tx: Transaction, key: str, secret: str, *, now: int) -> None:
    """Give a key one more secret."""
    await tx.run(
        "INSERT INTO feeds_secrets (key, secret, created) VALUES (:key, :secret, :now)",
        key=key,
        secret=secret,
        now=now,
    )


async def retire(tx: Transaction, tenant: int, *, at: int) -> int:
    """Let all secrets that a tenant has end at an instant, if not before; return how many that changed."""
    return await tx.run(
        "UPDATE feeds_secrets SET expires = :at WHERE (expires IS NULL OR expires > :at)"
        " AND key IN (SELECT key FROM feeds_keys WHERE tenant = :tenant)",
        tenant=tenant,
        at=at,
    )


async def find(tx: Transaction, key: str, *, now: int) -> FeedsKey | None:
    """Find what a key stands for; None for one that is unknown or has no secret left. One statement."""
    rows: Any = await tx.all(
        f"{_SELECT} WHERE k.key = :key AND {_HOLDS} ORDER BY s.created DESC, s.secret", key=key, now=now
    )
    return _key(rows)


async def current(tx: Transaction, tenant: int, *, now: int) -> FeedsKey | None:
    """Return the newest key of a tenant that holds, with its secrets. One statement."""
    rows: Any = await tx.all(
        f"{_SELECT} WHERE k.tenant = :tenant AND {_HOLDS}"
        " ORDER BY k.created DESC, k.key, s.created DESC, s.secret",
        tenant=tenant,
        now=now,
    )
    return _key([row for row in rows if row[-2] == rows[0][-2]])


def _key(rows: Any) -> FeedsKey | None:
    if not rows:
        return None
    *tenant, key, _ = rows[0]
    return FeedsKey(key, tenants.from_row(tenant), tuple(row[-1] for row in rows))
