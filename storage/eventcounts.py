"""How many comments and votes things have (Events §16): kept up as they come, never counted."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple, cast

from storage.connection import Transaction, Value
from storage.sql import each, listed


class Counts(NamedTuple):
    """The numbers of one thing, or by how much they change."""

    comments: int = 0
    up: int = 0
    down: int = 0
    neutral: int = 0

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]
        return Counts(*(one + more for one, more in zip(self, other, strict=True)))


NONE = Counts()


async def change(tx: Transaction, changes: Mapping[int, Counts]) -> None:
    """Count what has come, or with negative numbers gone, of several things; in one order."""
    rows: list[dict[str, Value]] = [
        {"item": item, **by._asdict()} for item, by in sorted(changes.items()) if any(by)
    ]
    await tx.many(
        "INSERT INTO event_counts (item, comments, up, down, neutral)"
        " VALUES (:item, :comments, :up, :down, :neutral) ON CONFLICT (item) DO UPDATE SET"
        " comments = event_counts.comments + excluded.comments, up = event_counts.up + excluded.up,"
        " down = event_counts.down + excluded.down, neutral = event_counts.neutral + excluded.neutral",
        rows,
    )


async def of(tx: Transaction, items: Iterable[int]) -> dict[int, Counts]:
    """Return the numbers of several things; those without any are left out. One statement."""
    rows = await tx.all(
        "SELECT c.item, c.comments, c.up, c.down, c.neutral FROM event_counts c"  # noqa: S608
        f" WHERE c.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )
    return {row[0]: Counts(*row[1:]) for row in cast("list[tuple[int, int, int, int, int]]", rows)}
