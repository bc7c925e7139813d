"""What happened lately in tenants where somebody listens (Events §14): written with what it tells of.

When nobody listens in a tenant, all of this costs one look at an empty table (``interest``).
"""

from typing import Any, Final, NamedTuple, cast

from storage.connection import Transaction
from storage.ids import next_id

EVENT: Final = "event"
COMMENT: Final = "comment"
BUMP: Final = "bump"
NOTIFICATION: Final = "notification"


def topic(tenant: int) -> str:
    """Return the signal that is rung when something was noted in a tenant."""
    return f"events:{tenant}"


class News(NamedTuple):
    """One thing that happened. ``item`` is a row of events; of a bump its target, of a notification the notice.

    ``actor`` is whose vote it is, or whom a notification is for.
    """

    position: int
    kind: str
    item: int
    actor: int | None
    stream_id: str


async def listen(tx: Transaction, tenant: int, *, until: int) -> None:
    """Have it noted until an instant what happens in a tenant; said again, the later instant holds."""
    await tx.run(
        "INSERT INTO event_listeners (tenant, until) VALUES (:tenant, :until) ON CONFLICT (tenant)"
        " DO UPDATE SET until = excluded.until WHERE event_listeners.until < excluded.until",
        tenant=tenant, until=until,
    )  # fmt: skip


class Interest(NamedTuple):
    """Whether somebody listens to what happens in a tenant, and whether anybody follows anything there."""

    listened: bool
    followed: bool


async def interest(tx: Transaction, tenant: int, *, now: int) -> Interest:
    """Tell who wants to know what happens in a tenant. One statement."""
    row = await tx.one(
        "SELECT (SELECT count(*) FROM event_listeners WHERE tenant = :tenant AND until > :now),"
        " (SELECT count(*) FROM (SELECT 1 FROM event_follows WHERE tenant = :tenant LIMIT 1) AS found)",
        tenant=tenant, now=now,
    )  # fmt: skip
    listened, followed = cast("tuple[int, int]", row)
    return Interest(bool(listened), bool(followed))


async def note(
    tx: Transaction, tenant: int, kind: str, item: int, stream_id: str, *, actor: int | None = None
) -> None:
    """Note that something happened. ``actor`` is whose vote it is, or whom a notification is for."""
    await tx.run(
        "INSERT INTO event_news (tenant, position, kind, item, actor, stream_id)"
        " VALUES (:tenant, :position, :kind, :item, :actor, :stream_id)",
        tenant=tenant, position=next_id(), kind=kind, item=item, actor=actor, stream_id=stream_id,
    )  # fmt: skip
    tx.wake(topic(tenant))


async def position_of(tx: Transaction, tenant: int, stream_id: str) -> int | None:
    """Return the newest position of what has an id, None when it is not at hand."""
    row = await tx.one(
        "SELECT max(position) FROM event_news WHERE tenant = :tenant AND stream_id = :stream_id",
        tenant=tenant, stream_id=stream_id,
    )  # fmt: skip
    return None if row is None else cast("int | None", row[0])


async def since(tx: Transaction, tenant: int, position: int, *, limit: int) -> list[News]:
    """Return what happened after a position, in that order. One statement."""
    rows: list[Any] = await tx.all(
        "SELECT position, kind, item, actor, stream_id FROM event_news"
        " WHERE tenant = :tenant AND position > :position ORDER BY position LIMIT :limit",
        tenant=tenant, position=position, limit=limit,
    )  # fmt: skip
    return [News(*row) for row in rows]
