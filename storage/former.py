"""Former ids: what an actor brought along from another server, and where it is now (AP-756)."""

from typing import cast

from storage.connection import Transaction


async def find(tx: Transaction, actor: int, former: str) -> int | None:
    """Return the row id of what had an id over there, None when the actor has not brought it."""
    row = await tx.one(
        "SELECT item FROM former_ids WHERE actor = :actor AND former = :former", actor=actor, former=former
    )
    return None if row is None else cast(int, row[0])


async def put(tx: Transaction, actor: int, former: str, item: int, *, waits_for: str | None = None) -> None:
    """Remember where something is now; ``waits_for`` is the former id of a parent that may still come."""
    await tx.run(
        "INSERT INTO former_ids (actor, former, item, waits_for) VALUES (:actor, :former, :item, :waits_for)"
        " ON CONFLICT (actor, former) DO NOTHING",
        actor=actor, former=former, item=item, waits_for=waits_for,
    )  # fmt: skip


async def starting_with(tx: Transaction, actor: int, start: str) -> list[tuple[str, int]]:
    """Return what an actor brought under ids that start alike, and the row ids; few, such as its lists."""
    rows = await tx.all(
        "SELECT former, item FROM former_ids WHERE actor = :actor AND former >= :start AND former < :end"
        " ORDER BY former",
        actor=actor, start=start, end=start + "\U0010ffff",
    )  # fmt: skip
    return cast("list[tuple[str, int]]", rows)


async def claim_waiting(tx: Transaction, actor: int, parent: str) -> list[int]:
    """Return the replies that have waited for a parent, and let them wait no longer."""
    rows = await tx.all(
        "UPDATE former_ids SET waits_for = NULL WHERE actor = :actor AND waits_for = :parent RETURNING item",
        actor=actor, parent=parent,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]
