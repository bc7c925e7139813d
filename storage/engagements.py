"""What people did with what they were shown, as programs tell it (Feeds §7.6).

Every event is kept for a while as it was told; what rankings need of them, how often, is counted.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from storage.connection import Transaction
from storage.ids import next_id
from storage.sql import each, listed

SHOWN = "impression"
"""The label under which it counts that something was shown."""


class Engagement(NamedTuple):
    """One event: what was done (``SHOWN`` when nothing was) with which contents, and all that was said of it."""

    label: str
    contents: tuple[str, ...]
    event: dict[str, Any]


async def note(tx: Transaction, tenant: int, told: Sequence[Engagement], *, now: int) -> None:
    """Keep and count what was told."""
    await tx.many(
        "INSERT INTO engagements (id, tenant, label, event) VALUES (:id, :tenant, :label, :event)",
        [
            {"id": next_id(), "tenant": tenant, "label": one.label,
             "event": json.dumps(one.event, ensure_ascii=False, separators=(",", ":"))}
            for one in told
        ],
    )  # fmt: skip
    times: dict[tuple[str, str], int] = {}
    for one in told:
        for content in one.contents:
            times[content, one.label] = times.get((content, one.label), 0) + 1
    await tx.many(
        "INSERT INTO engagement_counts (tenant, content, label, times, latest)"
        " VALUES (:tenant, :content, :label, :times, :now) ON CONFLICT (tenant, content, label)"
        " DO UPDATE SET times = engagement_counts.times + excluded.times, latest = excluded.latest",
        [  # in one order everywhere, so that two who count the same wait for each other in turn
            {"tenant": tenant, "content": content, "label": label, "times": times[content, label], "now": now}
            for content, label in sorted(times)
        ],
    )  # fmt: skip


async def counts(tx: Transaction, tenant: int, contents: Iterable[str]) -> dict[str, dict[str, int]]:
    """Return how often what was done with each of some contents, by label; one statement.

    What nothing was ever done with is left out.
    """
    names = listed((content,) for content in contents)
    rows = await tx.all(
        "SELECT content, label, times FROM engagement_counts WHERE tenant = :tenant"  # noqa: S608
        f" AND content IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')})",
        tenant=tenant, names=names,
    )  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for content, label, times in cast("list[tuple[str, str, int]]", rows):
        found.setdefault(content, {})[label] = times
    return found


async def page(tx: Transaction, tenant: int, *, before: int, limit: int) -> list[tuple[int, Engagement]]:
    """Return what was told with its numbers, the newest first, below a number."""
    rows = await tx.all(
        "SELECT id, label, event FROM engagements WHERE tenant = :tenant AND id < :before"
        " ORDER BY id DESC LIMIT :limit",
        tenant=tenant, before=before, limit=limit,
    )  # fmt: skip
    return [(id, Engagement(label, (), json.loads(event))) for id, label, event in cast("list[Any]", rows)]
