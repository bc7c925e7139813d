"""Which lanes have work, and whose turn it is (REL-018).

A queue's lanes stand in line by the time they are next to be looked at. Claiming takes from the front
and puts what it served to the back, so its cost depends neither on how many jobs wait nor on how many
lanes there are. A lane leaves the line when its last waiting job does.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from storage.connection import Row, Transaction

_UPSERT = (
    "INSERT INTO lanes (queue, lane, ready_at) VALUES (:queue, :lane, :at)"
    " ON CONFLICT (queue, lane) DO UPDATE SET ready_at = excluded.ready_at"
    " WHERE excluded.ready_at < lanes.ready_at"
)
_READY = """
SELECT lanes.lane, hosts.open_until, hosts.not_before, hosts.opens FROM lanes
LEFT JOIN hosts ON hosts.host = lanes.lane
WHERE lanes.queue = :queue AND lanes.ready_at <= :now
ORDER BY lanes.ready_at, lanes.lane LIMIT :limit{alone}
"""
# Those who add to a lane hold its row with a weaker lock and are not in the way.
_ALONE = {"sqlite": "", "postgres": " FOR NO KEY UPDATE OF lanes SKIP LOCKED"}


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane whose time has come, and what is known of the host it is named after."""

    name: str
    closed_until: int
    half_open: bool


async def open_all(tx: Transaction, queue: str, at: Mapping[str, int]) -> None:
    """Have each lane looked at from an instant on, if it is not to be sooner anyway."""
    found = await _held(tx, queue, at) if tx.engine == "postgres" else set()
    await tx.many(
        _UPSERT, [{"queue": queue, "lane": lane, "at": at[lane]} for lane in sorted(at) if lane not in found]
    )


async def ready(
    tx: Transaction, queue: str, *, now: int, limit: int, passed: Iterable[str] = (), circuits: bool
) -> list[Lane]:
    """Return the next lanes in line, apart from those passed over already."""
    skipped = set(passed)
    rows = await tx.all(
        _READY.format(alone=_ALONE[tx.engine]), queue=queue, now=now, limit=limit + len(skipped)
    )
    return [_lane(row, circuits) for row in rows if row[0] not in skipped][:limit]


async def put_back(tx: Transaction, queue: str, lane: str, *, now: int) -> None:
    """Put a lane that was served to the back of the line, or out of it when nothing waits there."""
    due = await _next_due(tx, queue, lane)
    if due is not None and due <= now:
        await tx.run(_SET, queue=queue, lane=lane, at=now)
        return
    if tx.engine == "postgres":
        # Someone may be adding to this lane just now: then it stays in line and is looked at again.
        if await tx.one(f"{_SELECT} FOR UPDATE SKIP LOCKED", queue=queue, lane=lane) is None:
            return
        due = await _next_due(tx, queue, lane)
    if due is None:
        await tx.run("DELETE FROM lanes WHERE queue = :queue AND lane = :lane", queue=queue, lane=lane)
    else:
        await tx.run(_SET, queue=queue, lane=lane, at=max(due, now))


async def hold(tx: Transaction, queue: str, lane: str, *, until: int) -> None:
    """Do not look at a lane before an instant."""
    await tx.run(_SET, queue=queue, lane=lane, at=until)


async def reopen(tx: Transaction, lane: str, *, now: int) -> None:
    """Have a lane looked at at once in every queue: its host answers again."""
    await tx.run(
        "UPDATE lanes SET ready_at = :now WHERE lane = :lane AND ready_at > :now", lane=lane, now=now
    )


_SET = "UPDATE lanes SET ready_at = :at WHERE queue = :queue AND lane = :lane"
_SELECT = "SELECT 1 FROM lanes WHERE queue = :queue AND lane = :lane"


def _lane(row: Row, circuits: bool) -> Lane:
    if not circuits:
        return Lane(str(row[0]), 0, False)
    return Lane(str(row[0]), max(int(row[1] or 0), int(row[2] or 0)), bool(row[3]))


async def _next_due(tx: Transaction, queue: str, lane: str) -> int | None:
    row = await tx.one(
        "SELECT min(run_at) FROM jobs WHERE queue = :queue AND state = 0 AND lane = :lane",
        queue=queue,
        lane=lane,
    )
    return None if row is None or row[0] is None else int(row[0])


async def _held(tx: Transaction, queue: str, at: Mapping[str, int]) -> set[str]:
    """Return the lanes that are in line soon enough, held there until the commit of this transaction.

    The lock is shared: those who add to one lane do not wait for each other, as they would if each of
    them updated its row.
    """
    if not at:
        return set()
    rows = await tx.all(
        "SELECT lane FROM lanes WHERE queue = :queue AND ready_at <= :at"
        " AND lane IN (SELECT json_array_elements_text(CAST(:lanes AS json))) ORDER BY lane FOR KEY SHARE",
        queue=queue,
        at=min(at.values()),
        lanes=json.dumps(list(at)),
    )
    return {str(row[0]) for row in rows}
