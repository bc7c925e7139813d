"""Passwords that were tried: after a few failures each further try must wait twice as long (SEC-094).

A try is counted before the password is looked at, so that many at once gain nothing.
"""

from typing import Any

from storage.connection import Transaction

SECOND_US = 1_000_000
WAIT_SECONDS_MAX = 900
QUIET_US = 3_600 * SECOND_US
"""After so long without a try, earlier failures are forgotten."""


def wait_us(failures: int, free: int) -> int:
    """Return how long after a failure the next try must wait: the first ``free`` not at all, then 1, 2, 4 seconds."""
    return 0 if failures < free else min(2 ** min(failures - free, 30), WAIT_SECONDS_MAX) * SECOND_US


async def begin(tx: Transaction, key: str, *, free: int, now: int) -> int:
    """Count a try and return 0, or count nothing and return how many microseconds it must wait."""
    row: Any = await tx.one("SELECT failures, last FROM attempts WHERE key = :key", key=key)
    failures, last = row if row is not None and now - row[1] <= QUIET_US else (0, now)
    wait = last + wait_us(failures, free) - now
    if wait > 0:
        return wait
    await tx.run(
        "INSERT INTO attempts (key, failures, last) VALUES (:key, 1, :now)"
        " ON CONFLICT (key) DO UPDATE SET failures = :failures, last = excluded.last",
        key=key,
        failures=failures + 1,
        now=now,
    )
    return 0


async def forgive(tx: Transaction, key: str) -> None:
    """Take one try back: it was no failure."""
    await tx.run("UPDATE attempts SET failures = failures - 1 WHERE key = :key AND failures > 0", key=key)


async def forget(tx: Transaction, key: str) -> None:
    """Forget the failures of a key."""
    await tx.run("DELETE FROM attempts WHERE key = :key", key=key)
