"""Tenants: name spaces with their own keys. One of them, the default, is there from the first start."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Tenant:
    """A tenant; ``id`` is its ``app_id`` at the Feeds API.

    Instants are microseconds. With ``tokens_expire`` user tokens must carry an ``exp``; those issued before
    ``tokens_since`` are refused (SEC-103). ``object`` is the row that owns its feeds, None before the first.
    """

    id: int
    label: str
    created: int
    suspended: int | None
    tokens_expire: bool
    tokens_since: int
    object: int | None = None


COLUMNS = "t.id, t.label, t.created, t.suspended, t.tokens_expire, t.tokens_since, t.object"
"""What ``from_row`` reads of ``tenants t``."""


async def add(tx: Transaction, id: int, label: str, *, now: int) -> None:
    """Make a tenant without keys. Raises Conflict when the id or the label is taken."""
    await tx.run(
        "INSERT INTO tenants (id, label, created) VALUES (:id, :label, :now)", id=id, label=label, now=now
    )


async def by_label(tx: Transaction, label: str) -> Tenant | None:
    """Find a tenant by its name. One statement."""
    row = await tx.one(f"SELECT {COLUMNS} FROM tenants t WHERE t.label = :label", label=label)  # noqa: S608
    return None if row is None else from_row(row)


async def by_id(tx: Transaction, id: int) -> Tenant | None:
    """Find a tenant by its number. One statement."""
    row = await tx.one(f"SELECT {COLUMNS} FROM tenants t WHERE t.id = :id", id=id)  # noqa: S608
    return None if row is None else from_row(row)


async def every(tx: Transaction) -> list[Tenant]:
    """List the tenants by their names."""
    return [from_row(row) for row in await tx.all(f"SELECT {COLUMNS} FROM tenants t ORDER BY t.label")]  # noqa: S608


async def suspend(tx: Transaction, id: int, *, now: int | None) -> None:
    """Let nobody in with a tenant's keys; with ``now=None`` let them in again."""
    await tx.run("UPDATE tenants SET suspended = :now WHERE id = :id", id=id, now=now)


async def require_expiry(tx: Transaction, id: int, required: bool) -> None:
    """Say whether the Feeds API takes user tokens that hold for ever."""
    await tx.run("UPDATE tenants SET tokens_expire = :required WHERE id = :id", id=id, required=int(required))


async def revoke_tokens(tx: Transaction, id: int, *, now: int) -> None:
    """Refuse every user token of the Feeds API that was issued until now."""
    await tx.run("UPDATE tenants SET tokens_since = :now WHERE id = :id", id=id, now=now)


def from_row(row: Any) -> Tenant:
    """Read the columns of ``COLUMNS``."""
    id, label, created, suspended, tokens_expire, tokens_since, object = row
    return Tenant(id, label, created, suspended, bool(tokens_expire), tokens_since, object)


async def about(tx: Transaction, id: int) -> str:
    """Return what a tenant says of itself, a JSON object as text."""
    row = await tx.one("SELECT about FROM tenants WHERE id = :id", id=id)
    return "{}" if row is None else str(row[0])


async def describe(tx: Transaction, id: int, about: str) -> None:
    """Keep what a tenant says of itself, a JSON object as text."""
    await tx.run("UPDATE tenants SET about = :about WHERE id = :id", id=id, about=about)


async def own(tx: Transaction, id: int, object: int) -> None:
    """Note the row that owns a tenant's feeds."""
    await tx.run("UPDATE tenants SET object = :object WHERE id = :id", id=id, object=object)
