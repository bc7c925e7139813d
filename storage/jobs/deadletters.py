"""The dead letters and what waits: looking at them, reviving, discarding (REL-020)."""

import json

from storage import letters
from storage.connection import Row, Transaction, Value
from storage.jobs import keys, lanes, tallies
from storage.jobs.job import Report, State, topic

CHUNK = 1_000

_REPORT = (
    "SELECT id, queue, lane, payload, state, run_at, attempts, created, failed_first, failed_last, error, status"
    " FROM jobs WHERE queue = :queue"
)


async def dead(
    tx: Transaction, queue: str, *, host: str | None = None, before: int | None = None, limit: int = 100
) -> list[Report]:
    """List dead jobs, the newest first, those with an id below ``before``."""
    return await _list(tx, queue, "state = 2", host, before, limit)


async def waiting(
    tx: Transaction, queue: str, *, host: str | None = None, before: int | None = None, limit: int = 100
) -> list[Report]:
    """List jobs that are not dead, the newest first, those with an id below ``before``."""
    return await _list(tx, queue, "state <> 2", host, before, limit)


async def revive(
    tx: Transaction, queue: str, *, now: int, ids: list[int] | None = None, host: str | None = None
) -> int:
    """Let dead jobs be tried again: those named, those for a host, or all; at most a thousand at a time."""
    rows = await _chosen(tx, queue, "state = 2", ids, host)
    await keys.lock(tx, queue, (str(row[2]) for row in rows))
    for id_, _, key, _ in rows:
        await tx.run(
            "UPDATE jobs SET run_at = :now, attempts = 0, lost = 0, failed_first = NULL, created = :now,"
            " state = CASE WHEN EXISTS (SELECT 1 FROM jobs WHERE queue = :queue AND key = :key"
            " AND key <> '' AND state IN (0, 1, 3)) THEN 3 ELSE 0 END WHERE id = :id",
            id=id_,
            queue=queue,
            key=key,
            now=now,
        )
    await lanes.open_all(tx, queue, [(str(row[1]), now) for row in rows])
    tx.wake(topic(queue))
    return len(rows)


async def discard(
    tx: Transaction,
    queue: str,
    *,
    ids: list[int] | None = None,
    host: str | None = None,
    created_before: int | None = None,
    failed_before: int | None = None,
    key_start: str = "",
    waiting: bool = False,
) -> int:
    """Remove dead jobs, and with ``waiting`` also those not begun; at most a thousand at a time."""
    states = "state <> 1" if waiting else "state = 2"
    rows = await _chosen(
        tx, queue, states, ids, host, key_start, created=created_before, failed_last=failed_before
    )
    await keys.lock(tx, queue, (str(row[2]) for row in rows))
    discarded = await tx.many(
        "DELETE FROM jobs WHERE id = :id AND state <> 1", [{"id": row[0]} for row in rows]
    )
    await keys.move_up(tx, queue, (str(row[2]) for row in rows))
    await tallies.count(tx, queue, "discarded", discarded)
    await letters.forget(tx, (int(row[3]) for row in rows if row[3] is not None))
    return discarded


async def _list(
    tx: Transaction, queue: str, states: str, host: str | None, before: int | None, limit: int
) -> list[Report]:
    parameters: dict[str, Value] = {"queue": queue, "limit": limit}
    condition = f"{_REPORT} AND {states}"
    if host is not None:
        condition += " AND lane = :host"
        parameters["host"] = host
    if before is not None:
        condition += " AND id < :before"
        parameters["before"] = before
    return [_report(row) for row in await tx.all(f"{condition} ORDER BY id DESC LIMIT :limit", **parameters)]


async def _chosen(
    tx: Transaction,
    queue: str,
    states: str,
    ids: list[int] | None,
    host: str | None,
    key_start: str = "",
    **before: int | None,
) -> list[Row]:
    select = f"SELECT id, lane, key, letter FROM jobs WHERE queue = :queue AND {states}"  # noqa: S608
    parameters: dict[str, Value] = {"queue": queue}
    if host is not None:
        select += " AND lane = :host"
        parameters["host"] = host
    if key_start:
        select += " AND substr(key, 1, length(:key_start)) = :key_start"
        parameters["key_start"] = key_start
    for column, instant in before.items():
        if instant is not None:
            select += f" AND {column} < :{column}"
            parameters[column] = instant
    if ids is None:
        return await tx.all(f"{select} ORDER BY id LIMIT {CHUNK}", **parameters)
    found = [await tx.one(f"{select} AND id = :id", id=id_, **parameters) for id_ in ids[:CHUNK]]
    return [row for row in found if row is not None]


def _report(row: Row) -> Report:
    id_, queue, lane, payload, state, run_at, attempts, created, first, last, error, status = row
    return Report(
        id=int(id_ or 0),
        queue=str(queue),
        lane=str(lane),
        payload=json.loads(str(payload)),
        state=State(int(state or 0)),
        run_at=int(run_at or 0),
        attempts=int(attempts or 0),
        created=int(created or 0),
        failed_first=None if first is None else int(first),
        failed_last=None if last is None else int(last),
        error=None if error is None else str(error),
        status=None if status is None else int(status),
    )
