"""Where tenants are told by HTTP what happens in their feeds, and what they have not been told yet (Feeds §11.3)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from storage.connection import Transaction
from storage.ids import next_id
from storage.jobs import keys

TOPIC: Final = "webhook-news"
"""The signal that is rung when there is something to tell."""
QUEUE: Final = "webhooks"
"""The jobs that send letters to web hooks; each names its ``tenant`` and its ``url``."""


@dataclass(frozen=True, slots=True)
class HookNews:
    """Something that happened in a tenant's feeds. ``id`` grows with time."""

    id: int
    event: dict[str, Any]


async def url(tx: Transaction, tenant: int) -> str | None:
    """Return where a tenant wants to be told of all its feeds. One statement."""
    row = await tx.one("SELECT url FROM webhooks WHERE tenant = :tenant", tenant=tenant)
    return None if row is None else cast(str, row[0])


async def set_url(tx: Transaction, tenant: int, url: str | None, *, now: int) -> None:
    """Let a tenant be told at an address, or with None not at all."""
    if url is None:
        await tx.run("DELETE FROM webhooks WHERE tenant = :tenant", tenant=tenant)
        return
    await tx.run(
        "INSERT INTO webhooks (tenant, url, created) VALUES (:tenant, :url, :now)"
        " ON CONFLICT (tenant) DO UPDATE SET url = excluded.url",
        tenant=tenant, url=url, now=now,
    )  # fmt: skip


async def note(tx: Transaction, tenant: int, event: Mapping[str, Any]) -> None:
    """Remember what happened until it is told; it is committed with what it tells of."""
    await tx.run(
        "INSERT INTO webhook_news (tenant, id, event) VALUES (:tenant, :id, :event)",
        tenant=tenant, id=next_id(), event=_text(event),
    )  # fmt: skip
    tx.wake(TOPIC)


def _text(event: Mapping[str, Any]) -> str:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"))


async def waiting(tx: Transaction) -> list[int]:
    """Return the tenants that have something to be told. One statement."""
    rows = await tx.all(
        "SELECT t.id FROM tenants t WHERE EXISTS (SELECT 1 FROM webhook_news WHERE tenant = t.id) ORDER BY t.id"
    )
    return [cast(int, row[0]) for row in rows]


async def oldest(tx: Transaction, tenant: int, *, limit: int) -> list[HookNews]:
    """Return what a tenant is to be told next, in the order it happened.

    Until this unit of work ends, others who ask for the same tenant wait, so that nothing is told in disorder.
    """
    await keys.lock(tx, QUEUE, [str(tenant)])
    rows = await tx.all(
        "SELECT id, event FROM webhook_news WHERE tenant = :tenant ORDER BY id LIMIT :limit",
        tenant=tenant, limit=limit,
    )  # fmt: skip
    return [HookNews(cast(int, row[0]), json.loads(cast(str, row[1]))) for row in rows]


async def shorten(tx: Transaction, tenant: int, rest: HookNews) -> None:
    """Leave of something that happened what is still to be told."""
    await tx.run(
        "UPDATE webhook_news SET event = :event WHERE tenant = :tenant AND id = :id",
        tenant=tenant, id=rest.id, event=_text(rest.event),
    )  # fmt: skip


async def forget(tx: Transaction, tenant: int, ids: list[int]) -> None:
    """Forget what has been made into letters."""
    await tx.many(
        "DELETE FROM webhook_news WHERE tenant = :tenant AND id = :id",
        [{"tenant": tenant, "id": id} for id in ids],
    )


async def copied_to(
    tx: Transaction, item: int, source: int, *, after: int, last: int, limit: int
) -> list[int]:
    """Return feeds within a range that hold a copy of an activity which came through ``source``. One statement."""
    rows = await tx.all(
        "SELECT stream FROM placements WHERE item = :item AND stream > :after AND stream <= :last"
        " AND origin = :source AND way = 2 ORDER BY stream LIMIT :limit",
        item=item, source=source, after=after, last=last, limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def following(tx: Transaction, source: int, *, after: int, limit: int) -> list[tuple[int, str]]:
    """Return followers of a feed from some row on, with their names. One statement."""
    rows = await tx.all(
        "SELECT f.target, s.name FROM follows f JOIN streams s ON s.id = f.target"
        " WHERE f.source = :source AND f.target > :after AND s.kind = 'feed' ORDER BY f.target LIMIT :limit",
        source=source, after=after, limit=limit,
    )  # fmt: skip
    return cast("list[tuple[int, str]]", rows)
