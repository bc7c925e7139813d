"""Labels of roles and links that tenants made, each reserved for one place (Events §4.3)."""

from collections.abc import Mapping
from typing import cast

from storage.connection import Transaction, Value

Labels = Mapping[tuple[str, str], str]
"""(``role`` or ``link``, label) → path."""


async def of(tx: Transaction, tenant: int) -> dict[tuple[str, str], str]:
    """Return all labels that a tenant made. One statement."""
    rows = await tx.all("SELECT space, label, path FROM event_labels WHERE tenant = :tenant", tenant=tenant)
    return {(space, label): path for space, label, path in cast("list[tuple[str, str, str]]", rows)}


async def reserve(tx: Transaction, tenant: int, labels: Labels) -> dict[tuple[str, str], str]:
    """Reserve labels that are free, and return where each of them has its place now."""
    rows: list[dict[str, Value]] = [
        {"tenant": tenant, "space": space, "label": label, "path": path}
        for (space, label), path in sorted(labels.items())
    ]
    await tx.many(
        "INSERT INTO event_labels (tenant, space, label, path) VALUES (:tenant, :space, :label, :path)"
        " ON CONFLICT DO NOTHING",
        rows,
    )
    reserved = await of(tx, tenant)
    return {label: reserved[label] for label in labels}
