"""How many comments and votes things have (Events §16): kept up as they come, never counted."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple, cast

from storage import eventaudience
from storage.connection import Transaction, Value
from storage.eventaudience import Parties
from storage.sql import each, listed


class Counts(NamedTuple):
    """The numbers of one thing, or by how much they change.

    Of its comments so many are ``guarded``: some who may know of the thing may not know of them.
    """

    comments: int = 0
    up: int = 0
    down: int = 0
    neutral: int = 0
    guarded: int = 0

    def __add__(self, other: "Counts") -> "Counts":  # type: ignore[override]
        return Counts(*(one + more for one, more in zip(self, other, strict=True)))


NONE = Counts()
ON: Final = "COMMENT:COMMENTED_ON"
"""The role of what a comment is on."""


async def change(tx: Transaction, changes: Mapping[int, Counts]) -> None:
    """Count what has come, or with negative numbers gone, of several things; in one order."""
    rows: list[dict[str, Value]] = [
        {"item": item, **by._asdict()} for item, by in sorted(changes.items()) if any(by)
    ]
    await tx.many(
        "INSERT INTO event_counts (item, comments, up, down, neutral, guarded)"
        " VALUES (:item, :comments, :up, :down, :neutral, :guarded) ON CONFLICT (item) DO UPDATE SET"
        " comments = event_counts.comments + excluded.comments, up = event_counts.up + excluded.up,"
        " down = event_counts.down + excluded.down, neutral = event_counts.neutral + excluded.neutral,"
        " guarded = event_counts.guarded + excluded.guarded",
        rows,
    )


async def of(tx: Transaction, items: Iterable[int]) -> dict[int, Counts]:
    """Return the numbers of several things; those without any are left out. One statement."""
    rows = await tx.all(
        "SELECT c.item, c.comments, c.up, c.down, c.neutral, c.guarded FROM event_counts c"  # noqa: S608
        f" WHERE c.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )
    return {row[0]: Counts(*row[1:]) for row in cast("list[tuple[int, int, int, int, int, int]]", rows)}


async def kept_back(tx: Transaction, items: Iterable[int], parties: Parties) -> dict[int, int]:
    """Return how many of the guarded comments on some things a reader may not know of (Events §3.6). One statement."""
    known = eventaudience.item(tx.engine, "e", parties)
    rows = await tx.all(
        "SELECT r.named, count(*) FROM event_roles r CROSS JOIN events e WHERE r.named IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        f" AND r.path = '{ON}' AND e.id = r.item AND e.kind = 1 AND e.hidden = 0 AND (e.restricted = 1 OR EXISTS"
        " (SELECT 1 FROM event_roles o WHERE o.item = r.item AND o.path = r.path AND o.named <> r.named))"
        f" AND NOT ({known}) GROUP BY r.named",
        items=listed((item,) for item in items), **eventaudience.named(parties),
    )  # fmt: skip
    return dict(cast("list[tuple[int, int]]", rows))
