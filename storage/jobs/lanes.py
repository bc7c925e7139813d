"""Which lanes have work, and whose turn it is (REL-018).

A queue's lanes stand in line by the time they are next to be looked at. Claiming takes from the front
and puts what it served to the back, so its cost depends neither on how many jobs wait nor on how many
lanes there are. A lane leaves the line when its last waiting job does.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.connection import Row, Transaction
from storage.sql import each, listed

_OPEN = """
INSERT INTO lanes (queue, lane, ready_at) VALUES (:queue, :lane, :at)
ON CONFLICT (queue, lane) DO UPDATE SET ready_at = excluded.ready_at
WHERE excluded.ready_at < lanes.ready_at
"""
# Whoever adds to a lane holds its row by a lock that is shared: they do not wait for each other.
_HOLD = """
SELECT lane FROM lanes WHERE queue = :queue AND ready_at <= :at
AND lane IN (SELECT each.value ->> 0 FROM {each}) ORDER BY lane FOR KEY SHARE
"""
_READY = """
SELECT lanes.lane, hosts.open_until, hosts.not_before, hosts.opens FROM lanes
LEFT JOIN hosts ON hosts.host = lanes.lane
WHERE lanes.queue = :queue AND lanes.ready_at <= :now
ORDER BY lanes.ready_at, lanes.lane LIMIT :limit{alone}
"""
# This one keeps other claims away, and is not in the way of those who add.
_ALONE = {"sqlite": "", "postgres": " FOR NO KEY UPDATE OF lanes SKIP LOCKED"}
_NEXT_DUE = """
SELECT each.value ->> 0, (
    SELECT min(run_at) FROM jobs WHERE queue = :queue AND state = 0 AND lane = each.value ->> 0
) FROM {each}
"""
_SET = "UPDATE lanes SET ready_at = :at WHERE queue = :queue AND lane = :lane"
_LEAVE = "DELETE FROM lanes WHERE queue = :queue AND lane = :lane"
_UNTOUCHED = """
SELECT lane FROM lanes WHERE queue = :queue AND lane IN (SELECT each.value ->> 0 FROM {each})
ORDER BY lane FOR UPDATE SKIP LOCKED
"""


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane whose time has come, and what is known of the host it is named after."""

    name: str
    closed_until: int
    half_open: bool


async def open_all(tx: Transaction, queue: str, times: Iterable[tuple[str, int]]) -> None:
    """Have each lane looked at from an instant on, if it is not to be sooner anyway."""
    at: dict[str, int] = {}
    for lane, instant in times:
        at[lane] = min(instant, at.get(lane, instant))
    if at and tx.engine == "postgres":
        held = _HOLD.format(each=each(tx.engine, "lanes"))
        for row in await tx.all(held, queue=queue, at=min(at.values()), lanes=_listed(at)):
            del at[str(row[0])]
    await tx.many(_OPEN, [{"queue": queue, "lane": lane, "at": at[lane]} for lane in sorted(at)])


async def ready(
    tx: Transaction, queue: str, *, now: int, limit: int, passed: Iterable[str] = (), circuits: bool
) -> list[Lane]:
    """Return the next lanes in line, apart from those passed over already."""
    skipped = set(passed)
    sql = _READY.format(alone=_ALONE[tx.engine])
    rows = await tx.all(sql, queue=queue, now=now, limit=limit + len(skipped))
    return [_lane(row, circuits) for row in rows if row[0] not in skipped][:limit]


async def put_back(tx: Transaction, queue: str, lanes: Iterable[str], *, now: int) -> None:
    """Put lanes that were served to the back of the line, or out of it when nothing waits there."""
    due = await _next_due(tx, queue, lanes)
    idle = [lane for lane, instant in due.items() if instant is None or instant > now]
    if idle and tx.engine == "postgres":
        # Someone may be adding to one of these just now: then it stays in line and is looked at again.
        sql = _UNTOUCHED.format(each=each(tx.engine, "lanes"))
        idle = [str(row[0]) for row in await tx.all(sql, queue=queue, lanes=_listed(idle))]
        due.update(dict.fromkeys(due, now))
        due.update(await _next_due(tx, queue, idle))
    await tx.many(
        _LEAVE, [{"queue": queue, "lane": lane} for lane, instant in due.items() if instant is None]
    )
    await hold(tx, queue, {lane: max(now, instant) for lane, instant in due.items() if instant is not None})


async def hold(tx: Transaction, queue: str, until: dict[str, int]) -> None:
    """Do not look at lanes before an instant."""
    await tx.many(_SET, [{"queue": queue, "lane": lane, "at": at} for lane, at in sorted(until.items())])


async def reopen(tx: Transaction, lane: str, *, now: int) -> None:
    """Have a lane looked at at once in every queue: its host answers again."""
    await tx.run(
        "UPDATE lanes SET ready_at = :now WHERE lane = :lane AND ready_at > :now", lane=lane, now=now
    )


def _lane(row: Row, circuits: bool) -> Lane:
    if not circuits:
        return Lane(str(row[0]), 0, False)
    return Lane(str(row[0]), max(int(row[1] or 0), int(row[2] or 0)), bool(row[3]))


async def _next_due(tx: Transaction, queue: str, lanes: Iterable[str]) -> dict[str, int | None]:
    rows = await tx.all(_NEXT_DUE.format(each=each(tx.engine, "lanes")), queue=queue, lanes=_listed(lanes))
    return {str(lane): None if instant is None else int(instant) for lane, instant in rows}


def _listed(lanes: Iterable[str]) -> str:
    return listed((lane,) for lane in lanes)
