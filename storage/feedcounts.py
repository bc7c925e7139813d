"""How many reactions of each kind show below a thing (Feeds §7.3, §9.2): kept up as they come and go, never counted."""

from collections.abc import Iterable
from typing import cast

from storage.connection import Transaction
from storage.sql import each, listed


async def change(tx: Transaction, subject: int, kind: str, by: int) -> None:
    """Note that reactions of a kind have come, or with a negative number gone; a kind that was there stays."""
    await tx.run(
        "INSERT INTO feed_reaction_counts (subject, kind, total) VALUES (:subject, :kind, :by)"
        " ON CONFLICT (subject, kind) DO UPDATE SET total = feed_reaction_counts.total + excluded.total",
        subject=subject, kind=kind, by=by,
    )  # fmt: skip


async def of(tx: Transaction, subjects: Iterable[int]) -> dict[int, dict[str, int]]:
    """Return the counts of several things, kind by kind in the order of their names. One statement.

    What was never reacted to is left out.
    """
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    rows = await tx.all(
        "SELECT c.subject, c.kind, c.total FROM feed_reaction_counts c"  # noqa: S608
        f" WHERE c.subject IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'subjects')})"
        " ORDER BY c.subject, c.kind",
        subjects=listed((subject,) for subject in wanted),
    )  # fmt: skip
    found: dict[int, dict[str, int]] = {}
    for subject, kind, total in cast("list[tuple[int, str, int]]", rows):
        found.setdefault(subject, {})[kind] = total
    return found


async def forget(tx: Transaction, subject: int) -> None:
    """Forget how many reactions a thing had that is no more."""
    await tx.run("DELETE FROM feed_reaction_counts WHERE subject = :subject", subject=subject)
