"""Feed groups that a tenant has beside those of the configuration; settings are JSON objects (Feeds §5)."""

import json
from typing import Any, cast

from storage.connection import Transaction


async def of(tx: Transaction, tenant: int) -> dict[str, dict[str, Any]]:
    """Return the settings of a tenant's own groups by their slugs. One statement."""
    rows = await tx.all(
        "SELECT slug, settings FROM feed_groups WHERE tenant = :tenant ORDER BY slug", tenant=tenant
    )
    return {cast(str, slug): json.loads(cast(str, settings)) for slug, settings in rows}


async def put(tx: Transaction, tenant: int, slug: str, settings: dict[str, Any], *, now: int) -> None:
    """Give a tenant a group, or other settings to one that it has."""
    await tx.run(
        "INSERT INTO feed_groups (tenant, slug, settings, created) VALUES (:tenant, :slug, :settings, :now)"
        " ON CONFLICT (tenant, slug) DO UPDATE SET settings = excluded.settings",
        tenant=tenant, slug=slug, settings=json.dumps(settings), now=now,
    )  # fmt: skip


async def remove(tx: Transaction, tenant: int, slug: str) -> bool:
    """Take a group from a tenant; False when it has none of its own. What is in its feeds stays."""
    return (
        await tx.run(
            "DELETE FROM feed_groups WHERE tenant = :tenant AND slug = :slug", tenant=tenant, slug=slug
        )
        > 0
    )
