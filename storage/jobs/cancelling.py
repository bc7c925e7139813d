"""Taking back work that has not begun, because something later makes it pointless (AP-298, AP-300)."""

import json
from collections.abc import Iterable, Sequence

from storage import letters
from storage.connection import Row, Transaction
from storage.jobs import keys, tallies
from storage.sql import each, listed

CHUNK = 10_000

_OF_KEYS = """
SELECT id, key, letter, payload FROM jobs WHERE queue = :queue AND state IN (0, 3)
AND key IN (SELECT each.value ->> 0 FROM {each})
"""
_OF_LANE = """
SELECT id, key, letter FROM jobs WHERE queue = :queue AND lane = :lane AND state IN (0, 3)
ORDER BY id DESC LIMIT :limit
"""


async def cancel(tx: Transaction, queue: str, wanted: Iterable[str], *, actor: str) -> int:
    """Remove the waiting jobs with these keys that an actor has caused; return how many there were."""
    names = sorted(set(wanted))
    await keys.lock(tx, queue, names)
    rows = await tx.all(
        _OF_KEYS.format(each=each(tx.engine, "keys")), queue=queue, keys=listed((name,) for name in names)
    )
    return await _remove(tx, queue, [row for row in rows if json.loads(str(row[3])).get("actor") == actor])


async def thin(tx: Transaction, queue: str, lane: str, *, most: int) -> int:
    """Leave of a lane's waiting jobs the newest of each key, and no more than ``most``; return how many went."""
    rows = await tx.all(_OF_LANE, queue=queue, lane=lane, limit=CHUNK)
    await keys.lock(tx, queue, (str(row[1]) for row in rows))
    kept: set[str] = set()
    superseded: list[Row] = []
    for row in rows:
        name = str(row[1] or row[0])
        if name in kept or len(kept) >= most:
            superseded.append(row)
        kept.add(name)
    return await _remove(tx, queue, superseded)


async def _remove(tx: Transaction, queue: str, rows: Sequence[Row]) -> int:
    removed = await tx.many(
        "DELETE FROM jobs WHERE id = :id AND state IN (0, 3)", [{"id": row[0]} for row in rows]
    )
    if removed:
        await keys.move_up(tx, queue, (str(row[1]) for row in rows))
        await tallies.count(tx, queue, "discarded", removed)
        await letters.forget(tx, (int(row[2]) for row in rows if row[2] is not None))
    return removed
