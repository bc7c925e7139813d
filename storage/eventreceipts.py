"""When messages of a broker came first that do not say when they occurred (Events §22)."""

from collections.abc import Iterable, Mapping
from typing import cast

from storage.connection import Transaction
from storage.sql import each, listed


async def note(tx: Transaction, tenant: int, receipts: Mapping[str, int]) -> None:
    """Remember when messages came, each by what stands for it; the latest of those that are alike."""
    await tx.many(
        "INSERT INTO event_receipts (tenant, message, received) VALUES (:tenant, :message, :received)"
        " ON CONFLICT (tenant, message) DO UPDATE SET received = excluded.received",
        [{"tenant": tenant, "message": name, "received": receipts[name]} for name in sorted(receipts)],
    )


async def of(tx: Transaction, tenant: int, names: Iterable[str]) -> dict[str, int]:
    """Return when some messages came, those of them that did. One statement."""
    rows = await tx.all(
        f"SELECT r.message, r.received FROM {each(tx.engine, 'names')} CROSS JOIN event_receipts r"  # noqa: S608
        " WHERE r.tenant = :tenant AND r.message = each.value ->> 0",
        tenant=tenant, names=listed((name,) for name in names),
    )  # fmt: skip
    return dict(cast("list[tuple[str, int]]", rows))
