"""Handing jobs to a worker for a while, and taking back what was not done in time (REL-013, REL-019)."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage.connection import Row, Transaction, Value
from storage.jobs import keys, lanes
from storage.jobs.job import State, topic
from storage.sql import each, listed

LOST_MAX = 3
LOST_ERROR = "its worker ended or fell silent"

_LEASE = """
UPDATE jobs SET state = 1, lease_owner = :owner, lease_until = :until, attempts = attempts + 1
WHERE id IN ({chosen}) RETURNING id, lane, key, payload, letter, attempts, created
"""
_DUE = """
SELECT id FROM jobs WHERE queue = :queue AND state = 0 AND lane = {name} AND run_at <= :now
ORDER BY run_at, id LIMIT {number}
"""
_BEHIND = """
SELECT id FROM jobs WHERE queue = :queue AND key = {name} AND key <> '' AND state = 3 AND run_at <= :now
ORDER BY id LIMIT {number}
"""
# PostgreSQL takes all in one statement; SQLite, which has no LATERAL, needs no round trip for one of each.
_EACH = """
SELECT chosen.id FROM {each} CROSS JOIN LATERAL ({chosen} FOR UPDATE SKIP LOCKED) AS chosen
"""
# A job with a key goes behind, from where the first of its key moves up again.
_EXPIRE = """
UPDATE jobs SET state = CASE WHEN lost + 1 >= :lost_max THEN 2 WHEN key <> '' THEN 3 ELSE 0 END,
    lost = lost + 1, lease_owner = NULL, lease_until = NULL, error = :error, failed_last = :now,
    failed_first = coalesce(failed_first, :now)
WHERE id IN (SELECT id FROM jobs WHERE queue = :queue AND state = 1 AND lease_until <= :now{skip})
RETURNING lane, key, state
"""
_SKIP = {"sqlite": "", "postgres": " FOR UPDATE SKIP LOCKED"}


@dataclass(frozen=True, slots=True)
class Lease:
    """To whom the jobs of a queue are handed, and until when."""

    queue: str
    owner: str
    now: int
    until: int

    async def due(self, tx: Transaction, shares: Iterable[tuple[str, int]]) -> list[Row]:
        """Lease the first due jobs of lanes, so many of each."""
        return await self._take(tx, _DUE, shares)

    async def behind(self, tx: Transaction, shares: Iterable[tuple[str, int]]) -> list[Row]:
        """Lease the jobs that are next in the rows of keys, so many of each."""
        return await self._take(tx, _BEHIND, shares)

    async def _take(self, tx: Transaction, choose: str, shares: Iterable[tuple[str, int]]) -> list[Row]:
        given: dict[str, Value] = {
            "queue": self.queue,
            "owner": self.owner,
            "now": self.now,
            "until": self.until,
        }
        if tx.engine == "postgres":
            chosen = choose.format(name="each.value ->> 0", number="CAST(each.value ->> 1 AS integer)")
            sql = _LEASE.format(chosen=_EACH.format(each=each(tx.engine, "shares"), chosen=chosen))
            rows = await tx.all(sql, shares=listed(shares), **given)
        else:
            sql = _LEASE.format(chosen=choose.format(name=":name", number=":number"))
            rows = [row for name, n in shares for row in await tx.all(sql, name=name, number=n, **given)]
        return sorted(rows, key=lambda row: int(row[0] or 0))


async def take_back(tx: Transaction, queue: str, *, now: int) -> None:
    """Let jobs whose lease ran out wait again; one that lost three workers is dead (REL-019)."""
    rows = await tx.all(
        _EXPIRE.format(skip=_SKIP[tx.engine]), queue=queue, now=now, lost_max=LOST_MAX, error=LOST_ERROR
    )
    if rows:
        await lanes.open_all(
            tx, queue, [(str(lane), now) for lane, _, state in rows if state == State.WAITING]
        )
        row_keys = [str(key) for _, key, _ in rows]
        await keys.lock(tx, queue, row_keys)
        await keys.move_up(tx, queue, row_keys)
        tx.wake(topic(queue))
