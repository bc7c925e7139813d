"""Claiming work: a lease for a while, to one worker, committed before the work begins (REL-013, REL-019)."""

import json
from collections.abc import Collection

from storage.connection import Row, Transaction
from storage.jobs import keys, lanes
from storage.jobs.job import Job, topic
from storage.jobs.lanes import Lane
from storage.jobs.pausing import paused

LOST_MAX = 3
LOST_ERROR = "its worker ended or fell silent"

_LEASE = """
UPDATE jobs SET state = 1, lease_owner = :owner, lease_until = :until, attempts = attempts + 1
WHERE id IN (
    SELECT id FROM jobs WHERE queue = :queue AND state = 0 AND lane = :lane AND run_at <= :now
    ORDER BY run_at, id LIMIT :limit{skip}
)
RETURNING id, lane, key, payload, letter, attempts, created
"""
_EXPIRE = """
UPDATE jobs SET state = CASE WHEN lost + 1 >= :lost_max THEN 2 ELSE 0 END, lost = lost + 1,
    lease_owner = NULL, lease_until = NULL, error = :error, failed_last = :now,
    failed_first = coalesce(failed_first, :now)
WHERE id IN (SELECT id FROM jobs WHERE queue = :queue AND state = 1 AND lease_until <= :now{skip})
RETURNING lane, key, state
"""
_SKIP = {"sqlite": "", "postgres": " FOR UPDATE SKIP LOCKED"}


async def claim(
    tx: Transaction,
    queue: str,
    *,
    now: int,
    owner: str,
    lease_us: int,
    limit: int,
    per_lane: int | None = None,
    closed_lanes: Collection[str] = (),
    circuits: bool = True,
) -> list[Job]:
    """Lease up to ``limit`` due jobs to a worker, the lanes taking turns.

    At most ``per_lane`` jobs of a lane are leased at a time. With ``circuits`` a lane named after a host
    waits while that host is known to be down (REL-016). The number of attempts is counted here.
    """
    await _take_back(tx, queue, now=now)
    if await paused(tx, queue):
        return []
    turns = await _turns(tx, queue, now, limit, per_lane, closed_lanes, circuits)
    rows: list[Row] = []
    served = list(turns)
    while turns and len(rows) < limit:
        share = max(1, (limit - len(rows)) // len(turns))
        for lane, room in list(turns.items()):
            wanted = min(share, room, limit - len(rows))
            taken = await _lease(tx, queue, lane, now=now, owner=owner, until=now + lease_us, limit=wanted)
            rows += taken
            turns[lane] = room - len(taken)
            if len(taken) < share or turns[lane] == 0:
                del turns[lane]
            if len(rows) == limit:
                break
    for lane in served:
        await lanes.put_back(tx, queue, lane, now=now)
    return await _jobs(tx, queue, rows, now + lease_us)


async def _turns(
    tx: Transaction,
    queue: str,
    now: int,
    limit: int,
    per_lane: int | None,
    closed_lanes: Collection[str],
    circuits: bool,
) -> dict[str, int]:
    """Return the lanes to take from, in their order, and how many jobs each has room for."""
    turns: dict[str, int] = {}
    passed = set(closed_lanes)
    while len(turns) < limit:
        found = await lanes.ready(tx, queue, now=now, limit=limit, passed=passed, circuits=circuits)
        for lane in found[: limit - len(turns)]:
            passed.add(lane.name)
            if lane.closed_until > now:
                await lanes.hold(tx, queue, lane.name, until=lane.closed_until)
                continue
            room = await _room(tx, queue, lane, limit, per_lane)
            if room > 0:
                turns[lane.name] = room
            else:
                await lanes.hold(tx, queue, lane.name, until=now)
        if len(found) < limit:
            break
    return turns


async def _room(tx: Transaction, queue: str, lane: Lane, limit: int, per_lane: int | None) -> int:
    if per_lane is None and not lane.half_open:
        return limit
    row = await tx.one(
        "SELECT count(*) FROM jobs WHERE queue = :queue AND state = 1 AND lane = :lane",
        queue=queue,
        lane=lane.name,
    )
    leased = 0 if row is None else int(row[0] or 0)
    # A host that failed is tried with a single job before the others follow (REL-016).
    return (1 if lane.half_open else per_lane or limit) - leased


async def _lease(
    tx: Transaction, queue: str, lane: str, *, now: int, owner: str, until: int, limit: int
) -> list[Row]:
    rows = await tx.all(
        _LEASE.format(skip=_SKIP[tx.engine]),
        queue=queue,
        lane=lane,
        now=now,
        owner=owner,
        until=until,
        limit=limit,
    )
    return sorted(rows, key=lambda row: int(row[0] or 0))


async def _jobs(tx: Transaction, queue: str, rows: list[Row], until: int) -> list[Job]:
    bodies: dict[int, str] = {}
    for letter in {int(row[4]) for row in rows if row[4] is not None}:
        body = await tx.one("SELECT body FROM letters WHERE id = :letter", letter=letter)
        if body is not None:
            bodies[letter] = str(body[0])
    return [_job(queue, row, bodies, until) for row in rows]


def _job(queue: str, row: Row, bodies: dict[int, str], until: int) -> Job:
    letter = None if row[4] is None else int(row[4])
    return Job(
        id=int(row[0] or 0),
        queue=queue,
        lane=str(row[1]),
        key=str(row[2]),
        payload=json.loads(str(row[3])),
        letter=letter,
        letter_body=None if letter is None else bodies[letter],
        attempts=int(row[5] or 0),
        created=int(row[6] or 0),
        lease_until=until,
    )


async def _take_back(tx: Transaction, queue: str, *, now: int) -> None:
    """Let jobs whose lease ran out wait again; one that lost three workers is dead (REL-019)."""
    rows = await tx.all(
        _EXPIRE.format(skip=_SKIP[tx.engine]), queue=queue, now=now, lost_max=LOST_MAX, error=LOST_ERROR
    )
    if not rows:
        return
    await lanes.open_all(tx, queue, {str(lane): now for lane, _, state in rows if state == 0})
    buried = [str(key) for _, key, state in rows if state == 2]
    await keys.lock(tx, queue, buried)
    for key in buried:
        await keys.move_up(tx, queue, key)
    tx.wake(topic(queue))
