"""Claiming work: the lanes take turns, and the lease is committed before the work begins (REL-013, REL-018)."""

import json
from collections import Counter
from collections.abc import Collection
from itertools import islice

from storage.connection import Row, Transaction
from storage.jobs import lanes
from storage.jobs.job import Job
from storage.jobs.lanes import Lane
from storage.jobs.leasing import Lease, take_back
from storage.jobs.pausing import paused
from storage.sql import each, listed

TOGETHER = 4
"""So many jobs of a lane are taken together when many lanes have as many: they cost little more than one."""
LANES_MIN = 16
"""Of so many lanes all that have work get some of it, before any gets more."""

_LEASED = """
SELECT lane, count(*) FROM jobs
WHERE queue = :queue AND state = 1 AND lane IN (SELECT each.value ->> 0 FROM {each}) GROUP BY lane
"""


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
    in_order: bool = False,
) -> list[Job]:
    """Lease up to ``limit`` due jobs to a worker, the lanes taking turns; attempts are counted here.

    At most ``per_lane`` jobs of a lane are leased at a time. With ``circuits`` a lane named after a host
    waits while that host is known to be down (REL-016). With ``in_order`` the caller is also handed the
    jobs behind those it got and promises to do jobs with one key in the order given; otherwise there is
    only ever one of a key.
    """
    await take_back(tx, queue, now=now)
    if await paused(tx, queue):
        return []
    lease = Lease(queue, owner, now, now + lease_us)
    rows: list[Row] = []
    served: list[str] = []
    passed = set(closed_lanes)
    look = max(LANES_MIN, limit // TOGETHER)
    while (wanted := limit - len(rows)) > 0:
        look = min(look, wanted)
        found = await lanes.ready(tx, queue, now=now, limit=look, passed=passed, circuits=circuits)
        passed.update(lane.name for lane in found)
        rooms = await _rooms(tx, queue, now, found, limit, per_lane)
        rows += await _share_out(tx, lease, rooms, wanted)
        served += rooms
        if len(found) < look:
            break
        look = limit  # they had little: now one of each will do
    if in_order and rows:
        rows += await _followers(tx, lease, rows, limit - len(rows))
    await lanes.put_back(tx, queue, served, now=now)
    return await _jobs(tx, lease, rows)


async def _rooms(
    tx: Transaction, queue: str, now: int, found: Collection[Lane], limit: int, per_lane: int | None
) -> dict[str, int]:
    """Return the lanes to take from, in their order, and how many jobs each has room for."""
    open_lanes = [lane for lane in found if lane.closed_until <= now]
    leased = await _leased(tx, queue, [lane for lane in open_lanes if per_lane is not None or lane.half_open])
    # A host that failed is tried with a single job before the others follow (REL-016).
    rooms = {
        lane.name: (1 if lane.half_open else per_lane or limit) - leased.get(lane.name, 0)
        for lane in open_lanes
    }
    closed = {lane.name: lane.closed_until for lane in found if lane.closed_until > now}
    await lanes.hold(tx, queue, closed | {lane: now for lane, room in rooms.items() if room <= 0})
    return {lane: room for lane, room in rooms.items() if room > 0}


async def _leased(tx: Transaction, queue: str, found: Collection[Lane]) -> dict[str, int]:
    if not found:
        return {}
    names = listed((lane.name,) for lane in found)
    rows = await tx.all(_LEASED.format(each=each(tx.engine, "lanes")), queue=queue, lanes=names)
    return {str(lane): int(number or 0) for lane, number in rows}


async def _share_out(tx: Transaction, lease: Lease, rooms: dict[str, int], wanted: int) -> list[Row]:
    """Lease so many jobs, divided evenly among the lanes as far as each has some."""
    rows: list[Row] = []
    while rooms and len(rows) < wanted:
        left = wanted - len(rows)
        share = max(1, left // len(rooms))
        shares = {lane: min(share, room) for lane, room in islice(rooms.items(), left)}
        taken = await lease.due(tx, shares.items())
        counted = Counter(str(row[1]) for row in taken)
        rows += taken
        # Who had less than its share has no more; who has no room gets no more.
        rooms = {
            lane: rooms[lane] - number
            for lane, number in shares.items()
            if counted[lane] == number and rooms[lane] > number
        }
    return rows


async def _followers(tx: Transaction, lease: Lease, rows: list[Row], wanted: int) -> list[Row]:
    """Lease what is behind these jobs, divided evenly among their keys."""
    keys = sorted({str(row[2]) for row in rows if row[2]})[: max(0, wanted)]
    return await lease.behind(tx, [(key, wanted // len(keys)) for key in keys]) if keys else []


async def _jobs(tx: Transaction, lease: Lease, rows: list[Row]) -> list[Job]:
    bodies: dict[int, str] = {}
    for letter in {int(row[4]) for row in rows if row[4] is not None}:
        body = await tx.one("SELECT body FROM letters WHERE id = :letter", letter=letter)
        if body is not None:
            bodies[letter] = str(body[0])
    return [_job(lease, row, bodies) for row in rows]


def _job(lease: Lease, row: Row, bodies: dict[int, str]) -> Job:
    letter = None if row[4] is None else int(row[4])
    return Job(
        id=int(row[0] or 0),
        queue=lease.queue,
        lane=str(row[1]),
        key=str(row[2]),
        payload=json.loads(str(row[3])),
        letter=letter,
        letter_body=None if letter is None else bodies[letter],
        attempts=int(row[5] or 0),
        created=int(row[6] or 0),
        lease_until=lease.until,
    )
