"""Where we went to complete threads and profiles, and how often: the memory that keeps us polite (SEC-046)."""

from typing import cast

from storage.connection import Transaction

HOUR_US = 3_600 * 1_000_000
DOUBLINGS_MAX = 7
"""What keeps failing is tried again after an hour, then two, four … up to five days."""


async def due(tx: Transaction, iri: str, *, now: int) -> bool:
    """Tell whether something may be asked for (again): an hour after the last time, later after failures."""
    row = await tx.one("SELECT visited, failures FROM visits WHERE iri = :iri", iri=iri)
    if row is None:
        return True
    visited, failures = cast("tuple[int, int]", row)
    return now - visited >= HOUR_US << min(failures, DOUBLINGS_MAX)


async def note(tx: Transaction, iri: str, *, now: int, failed: bool = False) -> None:
    """Remember that something was asked for, and whether it brought nothing usable."""
    await tx.run(
        "INSERT INTO visits (iri, visited, failures) VALUES (:iri, :now, :failed) ON CONFLICT (iri) DO UPDATE"
        " SET visited = excluded.visited,"
        " failures = CASE WHEN excluded.failures = 0 THEN 0 ELSE visits.failures + 1 END",
        iri=iri, now=now, failed=int(failed),
    )  # fmt: skip


async def bring(tx: Transaction, thread: str, posts: int, *, now: int) -> None:
    """Add to the number of posts that were fetched for a thread."""
    await tx.run(
        "INSERT INTO visits (iri, visited, brought) VALUES (:iri, :now, :posts) ON CONFLICT (iri) DO UPDATE"
        " SET visited = excluded.visited, brought = visits.brought + excluded.brought",
        iri=thread, now=now, posts=posts,
    )  # fmt: skip


async def brought(tx: Transaction, thread: str) -> int:
    """Return how many posts were fetched for a thread so far."""
    row = await tx.one("SELECT brought FROM visits WHERE iri = :iri", iri=thread)
    return 0 if row is None else cast(int, row[0])


async def charge(tx: Transaction, host: str, *, now: int, limit: int) -> bool:
    """Count one request to a host; False, counting nothing, when it had its share of this hour."""
    counted = await tx.run(
        "INSERT INTO errands (host, hour, requests) SELECT :host, :hour, 1 WHERE :limit > 0"
        " ON CONFLICT (host, hour) DO UPDATE SET requests = errands.requests + 1"
        " WHERE errands.requests < :limit",
        host=host, hour=now // HOUR_US, limit=limit,
    )  # fmt: skip
    return bool(counted)
