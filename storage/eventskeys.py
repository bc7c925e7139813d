"""Keys of the Events API (Events §1.2): each belongs to a tenant and may belong to one of its users.

They are found by their SHA-256 (SEC-093). The text of a key is kept only where the operator may ask for it again.
"""

import hashlib
from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction

BASIC, INGESTION_ONLY, QUERY_ONLY = "BASIC", "INGESTION_ONLY", "QUERY_ONLY"
"""Types of keys: may do what its user may, may only submit, may only read."""

ADMINISTRATOR = "ADMINISTRATOR"
"""The role that manages everything of its tenant."""


@dataclass(frozen=True, slots=True)
class EventsKey:
    """What a key stands for: a tenant's row id, and the user it acts as with the role that user has today."""

    tenant: int
    type: str
    username: str | None
    role: str | None


def hash_of(key: str) -> str:
    """Return under which hash a key is kept."""
    return hashlib.sha256(key.encode()).hexdigest()


async def add(
    tx: Transaction, tenant: int, key: str, *, type: str, username: str | None, shown: bool = False, now: int
) -> None:
    """Make a key valid from now on; with ``shown`` the operator may see it again."""
    await tx.run(
        "INSERT INTO events_keys (hash, key, tenant, type, username, active_from, created)"
        " VALUES (:hash, :key, :tenant, :type, :username, :now, :now)",
        hash=hash_of(key),
        key=key if shown else None,
        tenant=tenant,
        type=type,
        username=username,
        now=now,
    )


async def grant(tx: Transaction, tenant: int, username: str, role: str, *, now: int) -> None:
    """Give a user of a tenant a role, in the place of the one they had."""
    await tx.run(
        "INSERT INTO privileges (tenant, username, role, active_from) VALUES (:tenant, :username, :role, :now)"
        " ON CONFLICT (tenant, username)"
        " DO UPDATE SET role = excluded.role, active_from = excluded.active_from, active_until = NULL",
        tenant=tenant,
        username=username,
        role=role,
        now=now,
    )


async def find(tx: Transaction, hashed: str, *, now: int) -> EventsKey | None:
    """Find what a key stands for; None outside its time and while its tenant is suspended. One statement."""
    row: Any = await tx.one(
        "SELECT k.tenant, k.type, k.username, p.role FROM events_keys k JOIN tenants t ON t.id = k.tenant"
        " LEFT JOIN privileges p ON p.tenant = k.tenant AND p.username = k.username"
        " AND p.active_from <= :now AND (p.active_until IS NULL OR p.active_until > :now)"
        " WHERE k.hash = :hash AND t.suspended IS NULL"
        " AND k.active_from <= :now AND (k.active_until IS NULL OR k.active_until > :now)",
        hash=hashed,
        now=now,
    )
    return None if row is None else EventsKey(*row)


async def shown(tx: Transaction, tenant: int, *, now: int) -> str | None:
    """Return the newest key of a tenant that its operator may see again."""
    row = await tx.one(
        "SELECT key FROM events_keys WHERE tenant = :tenant AND key IS NOT NULL"
        " AND active_from <= :now AND (active_until IS NULL OR active_until > :now)"
        " ORDER BY created DESC, hash LIMIT 1",
        tenant=tenant,
        now=now,
    )
    return None if row is None else str(row[0])
