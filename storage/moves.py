"""Moves: where an actor went last, and when (AP-262, AP-376, SEC-035)."""

from typing import cast

from storage.connection import Transaction


async def last(tx: Transaction, actor: int) -> int | None:
    """Return the instant of an actor's last move, or None."""
    row = await tx.one("SELECT moved FROM moves WHERE actor = :actor", actor=actor)
    return None if row is None else cast(int, row[0])


async def note(tx: Transaction, actor: int, target: str, *, now: int) -> None:
    """Remember a move in the place of the one before."""
    await tx.run(
        "INSERT INTO moves (actor, target, moved) VALUES (:actor, :target, :now)"
        " ON CONFLICT (actor) DO UPDATE SET target = excluded.target, moved = excluded.moved",
        actor=actor, target=target, now=now,
    )  # fmt: skip
