"""What is set for types of events and entities and for origins (Events §17.8); ``event_kinds`` holds it."""

from typing import Any

from storage.connection import Transaction


async def put(tx: Transaction, tenant: int, space: str, name: str, settings: str, *, now: int) -> None:
    """Set something for a name, in the place of what was set; it need not have occurred."""
    await tx.run(
        "INSERT INTO event_kinds (tenant, space, name, settings, first)"
        " VALUES (:tenant, :space, :name, :settings, :now) ON CONFLICT (tenant, space, name)"
        " DO UPDATE SET settings = excluded.settings",
        tenant=tenant, space=space, name=name, settings=settings, now=now,
    )  # fmt: skip


async def find(tx: Transaction, tenant: int, space: str, name: str) -> str | None:
    """Return what is set for a name, a JSON object as text; None for one that never occurred. One statement."""
    row = await tx.one(
        "SELECT settings FROM event_kinds WHERE tenant = :tenant AND space = :space AND name = :name",
        tenant=tenant,
        space=space,
        name=name,
    )
    return None if row is None else str(row[0])


async def every(
    tx: Transaction, tenant: int, space: str, *, offset: int, limit: int
) -> tuple[list[tuple[str, str]], int]:
    """List names with what is set for them, and count them all."""
    rows: Any = await tx.all(
        "SELECT name, settings FROM event_kinds WHERE tenant = :tenant AND space = :space"
        " ORDER BY name LIMIT :limit OFFSET :offset",
        tenant=tenant, space=space, limit=limit, offset=offset,
    )  # fmt: skip
    total = await tx.one(
        "SELECT count(*) FROM event_kinds WHERE tenant = :tenant AND space = :space",
        tenant=tenant,
        space=space,
    )
    return [(name, settings) for name, settings in rows], 0 if total is None else int(total[0] or 0)
