"""Claiming work: a lease for a while, to one worker, committed before the work begins (REL-013, REL-019)."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from itertools import islice

from storage.connection import Row, Transaction, Value
from storage.jobs import keys, lanes
from storage.jobs.job import Job, State, topic
from storage.jobs.lanes import Lane
from storage.jobs.pausing import paused
from storage.sql import each, listed

LOST_MAX = 3
LOST_ERROR = "its worker ended or fell silent"

_LEASE = """
UPDATE jobs SET state = 1, lease_owner = :owner, lease_until = :until, attempts = attempts + 1
WHERE id IN ({due}) RETURNING id, lane, key, payload, letter, attempts, created
"""
_DUE_IN_LANE = """
SELECT id FROM jobs WHERE queue = :queue AND state = 0 AND lane = :lane AND run_at <= :now
ORDER BY run_at, id LIMIT :limit
"""
_DUE_IN_LANES = """
SELECT due.id FROM {each} CROSS JOIN LATERAL (
    SELECT id FROM jobs
    WHERE queue = :queue AND state = 0 AND lane = each.value ->> 0 AND run_at <= :now
    ORDER BY run_at, id LIMIT CAST(each.value ->> 1 AS integer) FOR UPDATE SKIP LOCKED
) AS due
"""
_LEASED = """
SELECT lane, count(*) FROM jobs
WHERE queue = :queue AND state = 1 AND lane IN (SELECT each.value ->> 0 FROM {each}) GROUP BY lane
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
    rooms = await _rooms(tx, queue, now, limit, per_lane, closed_lanes, circuits)
    lease = _Lease(queue, now, owner, now + lease_us)
    served = list(rooms)
    rows: list[Row] = []
    while rooms and len(rows) < limit:
        shares = _shares(rooms, limit - len(rows))
        taken = await lease.take(tx, shares)
        rows += taken
        leased = Counter(str(row[1]) for row in taken)
        # Who had less than its share has no more; who has no room gets no more.
        rooms = {
            lane: rooms[lane] - share
            for lane, share in shares.items()
            if leased[lane] == share and rooms[lane] > share
        }
    await lanes.put_back(tx, queue, served, now=now)
    return await _jobs(tx, queue, rows, now + lease_us)


@dataclass(frozen=True, slots=True)
class _Lease:
    queue: str
    now: int
    owner: str
    until: int

    async def take(self, tx: Transaction, shares: dict[str, int]) -> list[Row]:
        """Lease each lane's first due jobs, so many of each."""
        parameters: dict[str, Value] = {
            "queue": self.queue,
            "now": self.now,
            "owner": self.owner,
            "until": self.until,
        }
        if tx.engine == "postgres":
            due = _DUE_IN_LANES.format(each=each(tx.engine, "shares"))
            rows = await tx.all(_LEASE.format(due=due), shares=listed(shares.items()), **parameters)
        else:
            rows = []
            for lane, share in shares.items():
                rows += await tx.all(_LEASE.format(due=_DUE_IN_LANE), lane=lane, limit=share, **parameters)
        return sorted(rows, key=lambda row: int(row[0] or 0))


def _shares(rooms: dict[str, int], wanted: int) -> dict[str, int]:
    """Divide what is wanted evenly among the lanes, in their order, as far as each has room."""
    share = max(1, wanted // len(rooms))
    return {lane: min(share, room) for lane, room in islice(rooms.items(), wanted)}


async def _rooms(
    tx: Transaction,
    queue: str,
    now: int,
    limit: int,
    per_lane: int | None,
    closed_lanes: Collection[str],
    circuits: bool,
) -> dict[str, int]:
    """Return the lanes to take from, in their order, and how many jobs each has room for."""
    rooms: dict[str, int] = {}
    passed = set(closed_lanes)
    while len(rooms) < limit:
        found = await lanes.ready(tx, queue, now=now, limit=limit, passed=passed, circuits=circuits)
        passed.update(lane.name for lane in found)
        open_lanes = [lane for lane in found if lane.closed_until <= now]
        leased = await _leased(tx, queue, open_lanes, per_lane)
        for lane in open_lanes:
            # A host that failed is tried with a single job before the others follow (REL-016).
            rooms[lane.name] = (1 if lane.half_open else per_lane or limit) - leased.get(lane.name, 0)
        await lanes.hold(
            tx,
            queue,
            {lane.name: lane.closed_until for lane in found if lane.closed_until > now}
            | {lane.name: now for lane in open_lanes if rooms[lane.name] <= 0},
        )
        rooms = {lane: room for lane, room in rooms.items() if room > 0}
        if len(found) < limit:
            break
    return dict(islice(rooms.items(), limit))


async def _leased(
    tx: Transaction, queue: str, found: Collection[Lane], per_lane: int | None
) -> dict[str, int]:
    """Count what is leased already in the lanes where it matters."""
    limited = [(lane.name,) for lane in found if per_lane is not None or lane.half_open]
    if not limited:
        return {}
    rows = await tx.all(_LEASED.format(each=each(tx.engine, "lanes")), queue=queue, lanes=listed(limited))
    return {str(lane): int(number or 0) for lane, number in rows}


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
    await lanes.open_all(tx, queue, [(str(lane), now) for lane, _, state in rows if state == State.WAITING])
    buried = [str(key) for _, key, state in rows if state == State.DEAD]
    await keys.lock(tx, queue, buried)
    await keys.move_up(tx, queue, buried)
    tx.wake(topic(queue))
