"""What users did about things, and what came of it (Events §9)."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Transaction
from storage.ids import next_id
from storage.sql import each, listed


class Step(NamedTuple):
    """One act of a user about a thing. References are ``type/name`` as they are shown, the assignee's empty if none."""

    id: int
    action: str
    by: int
    by_ref: str
    assignee: int | None
    assignee_ref: str
    occurred: int


class Progress(NamedTuple):
    """What came of all acts about a thing."""

    status: str
    assignee_ref: str


async def steps(tx: Transaction, item: int, *, limit: int) -> list[Step]:
    """Return what was done about a thing, the oldest first."""
    rows = await tx.all(
        "SELECT s.id, s.action, s.done_by, a.type || '/' || a.name, s.assignee, coalesce(b.type || '/' || b.name, ''),"
        " s.occurred FROM event_steps s JOIN event_entities a ON a.id = s.done_by"
        " LEFT JOIN event_entities b ON b.id = s.assignee WHERE s.item = :item ORDER BY s.id LIMIT :limit",
        item=item, limit=limit,
    )  # fmt: skip
    return [Step(*row) for row in rows]  # type: ignore[arg-type]


async def add(
    tx: Transaction, item: int, action: str, *, by: int, assignee: int | None, occurred: int
) -> None:
    """Remember an act."""
    await tx.run(
        "INSERT INTO event_steps (item, id, action, done_by, assignee, occurred)"
        " VALUES (:item, :id, :action, :by, :assignee, :occurred)",
        item=item, id=next_id(), action=action, by=by, assignee=assignee, occurred=occurred,
    )  # fmt: skip


async def remove(tx: Transaction, item: int, step: int) -> None:
    """Take an act back."""
    await tx.run("DELETE FROM event_steps WHERE item = :item AND id = :step", item=item, step=step)


_SEIZED = {"sqlite": "", "postgres": " FOR UPDATE"}


async def seize(tx: Transaction, item: int, status: str) -> bool:
    """Let nobody else act on a thing before this unit of work ends; False when nobody has done so before.

    Then it has a status from now on.
    """
    begun = await tx.run(
        "INSERT INTO event_progress (item, status) VALUES (:item, :status) ON CONFLICT (item) DO NOTHING",
        item=item, status=status,
    )  # fmt: skip
    await tx.one(f"SELECT 1 FROM event_progress WHERE item = :item{_SEIZED[tx.engine]}", item=item)  # noqa: S608
    return not begun


async def conclude(tx: Transaction, item: int, status: str, assignee: int | None) -> None:
    """Remember what came of all acts about a thing."""
    await tx.run(
        "UPDATE event_progress SET status = :status, assignee = :assignee WHERE item = :item",
        item=item, status=status, assignee=assignee,
    )  # fmt: skip


async def forget(tx: Transaction, item: int) -> None:
    """Forget that anything was ever done about a thing."""
    await tx.run("DELETE FROM event_progress WHERE item = :item", item=item)


async def has(tx: Transaction, item: int) -> bool:
    """Tell whether anything was done about a thing. One statement."""
    return await tx.one("SELECT 1 FROM event_progress WHERE item = :item", item=item) is not None


async def progress(tx: Transaction, items: Iterable[int]) -> dict[int, Progress]:
    """Return what came of the acts about some things, for those that have any. One statement."""
    rows = await tx.all(
        "SELECT p.item, p.status, coalesce(a.type || '/' || a.name, '') FROM event_progress p"  # noqa: S608
        " LEFT JOIN event_entities a ON a.id = p.assignee WHERE p.item IN"
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )  # fmt: skip
    return {item: Progress(status, ref) for item, status, ref in cast("list[tuple[int, str, str]]", rows)}
