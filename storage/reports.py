"""What people report. For moderators alone: nothing here is ever part of a stream (SEC-075)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction
from storage.ids import next_id

PAGE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """One report: ``reporter`` is the IRI of one of ours, None for someone elsewhere, of whom only ``host`` is kept.

    ``subject`` is the IRI of the actor reported and ``objects`` those of what they said. Instants are
    microseconds; ``resolved`` is None while the report waits.
    """

    id: int
    reporter: str | None
    host: str
    activity: str
    subject: str
    objects: tuple[str, ...]
    content: str
    created: int
    forwarded: int | None
    resolved: int | None
    resolver: str | None
    note: str


_REPORT = (
    "SELECT r.id, who.iri, r.host, r.activity, r.subject, r.objects, r.content, r.created, r.forwarded,"
    " r.resolved, moderator.iri, r.note FROM reports r"
    " LEFT JOIN objects who ON who.id = r.reporter LEFT JOIN objects moderator ON moderator.id = r.resolver"
)


def _report(row: Any) -> Report:
    id, reporter, host, activity, subject, objects, *rest = row
    return Report(id, reporter, host, activity, subject, tuple(json.loads(objects)), *rest)


async def add(
    tx: Transaction,
    *,
    reporter: int | None,
    host: str,
    activity: str,
    subject: str,
    objects: Sequence[str],
    content: str,
    now: int,
) -> int:
    """Note a report and return its number."""
    id = next_id()
    await tx.run(
        "INSERT INTO reports (id, reporter, host, activity, subject, objects, content, created)"
        " VALUES (:id, :reporter, :host, :activity, :subject, :objects, :content, :now)",
        id=id, reporter=reporter, host=host, activity=activity, subject=subject,
        objects=json.dumps(list(objects)), content=content, now=now,
    )  # fmt: skip
    return id


async def find(tx: Transaction, id: int) -> Report | None:
    """Find a report by its number."""
    row = await tx.one(f"{_REPORT} WHERE r.id = :id", id=id)
    return None if row is None else _report(row)


async def made_by(tx: Transaction, activity: str) -> bool:
    """Tell whether a report was made by an activity."""
    return await tx.one("SELECT 1 FROM reports WHERE activity = :activity", activity=activity) is not None


async def page(tx: Transaction, *, resolved: bool, before: int, limit: int = PAGE) -> list[Report]:
    """Return reports that wait or that are resolved, newest first, below a number."""
    wanted = "IS NOT NULL" if resolved else "IS NULL"
    rows = await tx.all(
        f"{_REPORT} WHERE r.resolved {wanted} AND r.id < :before ORDER BY r.id DESC LIMIT :limit",
        before=before, limit=limit,
    )  # fmt: skip
    return [_report(row) for row in rows]


async def recent(tx: Transaction, *, reporter: int | None, host: str, since: int) -> int:
    """Return how many reports one of ours, or else a whole host, has made since an instant."""
    who = "host = :host AND reporter IS NULL" if reporter is None else "reporter = :reporter"
    named = {"host": host} if reporter is None else {"reporter": reporter}
    row: Any = await tx.one(
        f"SELECT count(*) FROM reports WHERE {who} AND created > :since",  # noqa: S608
        since=since, **named,
    )  # fmt: skip
    return int(row[0])


async def resolve(tx: Transaction, id: int, *, resolver: int | None, note: str, now: int) -> bool:
    """Note that a report has been dealt with; False when it had been, or is unknown."""
    changed = await tx.run(
        "UPDATE reports SET resolved = :now, resolver = :resolver, note = :note"
        " WHERE id = :id AND resolved IS NULL",
        id=id, resolver=resolver, note=note, now=now,
    )  # fmt: skip
    return changed > 0


async def forward(tx: Transaction, id: int, *, now: int) -> bool:
    """Note that the subject's server was told; False when it had been."""
    return (
        await tx.run(
            "UPDATE reports SET forwarded = :now WHERE id = :id AND forwarded IS NULL", id=id, now=now
        )
    ) > 0
