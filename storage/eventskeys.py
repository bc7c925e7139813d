"""Keys of the Events API (Events §1.2): each belongs to a tenant and may belong to one of its users.

They are found by their SHA-256 (SEC-093). The text of a key is kept only where the operator may ask for it again; all
others know it by ``mask``. A scoped key was minted from a full one, and ends with it.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Any, Final

from storage.connection import Transaction
from storage.tenants import COLUMNS, Tenant, from_row

BASIC, INGESTION_ONLY, QUERY_ONLY = "BASIC", "INGESTION_ONLY", "QUERY_ONLY"
"""Types of keys: may do what its user may, may only submit, may only read."""
TYPES: Final = (BASIC, INGESTION_ONLY, QUERY_ONLY)

USER, TEAM_LEADER, MANAGEMENT = "USER", "TEAM_LEADER", "MANAGEMENT"
ADMINISTRATOR, INTERNAL_AUDITING = "ADMINISTRATOR", "INTERNAL_AUDITING"
ROLES: Final = (USER, TEAM_LEADER, MANAGEMENT, ADMINISTRATOR, INTERNAL_AUDITING)
"""What users may be: an administrator manages everything of the tenant, an auditor sees everything."""

MASK: Final = "****"
SHOWN_CHARS: Final = 16


@dataclass(frozen=True, slots=True)
class EventsKey:
    """What a key stands for: a tenant, and the user it acts as with the role that user has today.

    Instants are microseconds. ``minted_by`` is the hash of the key that a scoped key was minted from, ``defaults`` what
    it merges into messages, as JSON.
    """

    tenant: Tenant
    type: str
    username: str | None
    role: str | None = None
    label: str = ""
    active_from: int = 0
    active_until: int | None = None
    created: int = 0
    minted_by: str | None = field(default=None, repr=False)
    defaults: str | None = None
    hash: str = field(default="", repr=False, compare=False)

    @property
    def scoped(self) -> bool:
        """Whether it is a scoped key."""
        return self.minted_by is not None

    @property
    def mask(self) -> str:
        """How the key is called where it is not told."""
        return mask(self.hash)

    def holds(self, now: int) -> bool:
        """Tell whether an instant lies within its time."""
        return self.active_from <= now and (self.active_until is None or self.active_until > now)


_HOLDS = "k.active_from <= :now AND (k.active_until IS NULL OR k.active_until > :now)"
_GRANTED = "p.active_from <= :now AND (p.active_until IS NULL OR p.active_until > :now)"
_SELECT = (
    f"SELECT {COLUMNS}, k.type, k.username, p.role, k.label, k.active_from, k.active_until, k.created,"  # noqa: S608
    " k.minted_by, k.defaults, k.hash FROM events_keys k JOIN tenants t ON t.id = k.tenant"
    f" LEFT JOIN privileges p ON p.tenant = k.tenant AND p.username = k.username AND {_GRANTED}"
)


def hash_of(key: str) -> str:
    """Return under which hash a key is kept."""
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def mask(hashed: str) -> str:
    """Return how a key of a hash is called where it is not told."""
    return MASK + hashed[:SHOWN_CHARS]


async def add(
    tx: Transaction,
    tenant: int,
    key: str,
    *,
    type: str,
    username: str | None,
    shown: bool = False,
    label: str = "",
    active_from: int | None = None,
    active_until: int | None = None,
    minted_by: str | None = None,
    defaults: str | None = None,
    now: int,
) -> None:
    """Make a key valid, from now on unless it is said otherwise; with ``shown`` the operator may see it again."""
    await tx.run(
        "INSERT INTO events_keys (hash, key, tenant, type, username, active_from, active_until, created,"
        " label, minted_by, defaults) VALUES (:hash, :key, :tenant, :type, :username, :active_from, :active_until,"
        " :now, :label, :minted_by, :defaults)",
        hash=hash_of(key), key=key if shown else None, tenant=tenant, type=type, username=username,
        active_from=now if active_from is None else active_from, active_until=active_until, now=now,
        label=label, minted_by=minted_by, defaults=defaults,
    )  # fmt: skip


async def find(tx: Transaction, hashed: str, *, now: int) -> EventsKey | None:
    """Find what a key stands for; None outside its time and while its tenant is suspended. One statement."""
    row = await tx.one(
        f"{_SELECT} WHERE k.hash = :hash AND t.suspended IS NULL AND {_HOLDS}", hash=hashed, now=now
    )
    return None if row is None else _key(row)


async def called(tx: Transaction, tenant: int, token: str, *, now: int) -> EventsKey | None:
    """Find a key of a tenant, in its time or not, by its text or by its mask. One statement."""
    masked = token.removeprefix(MASK) if token.startswith(MASK) else None
    if masked is not None and len(masked) != SHOWN_CHARS:
        return None
    condition = "k.hash = :hash" if masked is None else "substr(k.hash, 1, length(:hash)) = :hash"
    row = await tx.one(
        f"{_SELECT} WHERE k.tenant = :tenant AND {condition}",
        tenant=tenant,
        hash=hash_of(token) if masked is None else masked,
        now=now,
    )
    return None if row is None else _key(row)


async def listed(
    tx: Transaction, tenant: int, *, username: str | None = None, of_users: bool | None = None, now: int
) -> list[EventsKey]:
    """List full keys of a tenant, the newest first: one user's, those of all users, or those of none. One statement."""
    condition = {None: "", True: " AND k.username IS NOT NULL", False: " AND k.username IS NULL"}[of_users]
    if username is not None:
        condition += " AND k.username = :username"
    rows = await tx.all(
        f"{_SELECT} WHERE k.tenant = :tenant AND k.minted_by IS NULL{condition} ORDER BY k.created DESC, k.hash",
        tenant=tenant, now=now, **({} if username is None else {"username": username}),
    )  # fmt: skip
    return [_key(row) for row in rows]


async def minted(tx: Transaction, hashed: str, *, now: int) -> int:
    """Count the scoped keys that were minted from a key and hold. One statement."""
    row = await tx.one(
        f"SELECT count(*) FROM events_keys k WHERE k.minted_by = :hash AND {_HOLDS}",  # noqa: S608
        hash=hashed,
        now=now,
    )
    return 0 if row is None else int(row[0] or 0)


async def change(
    tx: Transaction, hashed: str, *, type: str, active_from: int, active_until: int | None
) -> None:
    """Change what a key may be used for, and when. What was minted from it ends no later."""
    await tx.run(
        "UPDATE events_keys SET type = :type, active_from = :active_from, active_until = :active_until"
        " WHERE hash = :hash",
        hash=hashed, type=type, active_from=active_from, active_until=active_until,
    )  # fmt: skip
    if active_until is not None:
        await tx.run(
            "UPDATE events_keys SET active_until = :until WHERE minted_by = :hash AND active_until > :until",
            hash=hashed,
            until=active_until,
        )


async def remove(tx: Transaction, hashed: str) -> None:
    """Forget a key and all that was minted from it."""
    await tx.run("DELETE FROM events_keys WHERE hash = :hash OR minted_by = :hash", hash=hashed)


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


def _key(row: Any) -> EventsKey:
    return EventsKey(from_row(row[:7]), *row[7:])
