"""Whom an actor does not want to hear of: blocks of actors, mutes, and blocks of whole hosts."""

from collections.abc import Collection
from typing import cast

from storage.connection import Transaction


async def add(tx: Transaction, actor: int, target: str, kind: str, activity: int | None, *, now: int) -> bool:
    """Note a block (kind ``block``, ``mute`` or ``domain``); False when it was there."""
    added = await tx.run(
        "INSERT INTO blocks (actor, target, kind, activity, created)"
        " VALUES (:actor, :target, :kind, :activity, :now) ON CONFLICT (actor, target, kind) DO NOTHING",
        actor=actor, target=target, kind=kind, activity=activity, now=now,
    )  # fmt: skip
    return bool(added)


async def remove(tx: Transaction, actor: int, target: str, kind: str) -> bool:
    """Lift a block; False when there was none."""
    removed = await tx.run(
        "DELETE FROM blocks WHERE actor = :actor AND target = :target AND kind = :kind",
        actor=actor, target=target, kind=kind,
    )  # fmt: skip
    return bool(removed)


async def by_activity(tx: Transaction, actor: int, activity: int) -> list[tuple[str, str]]:
    """Return what an actor's activity blocked, as pairs of target and kind."""
    rows = await tx.all(
        "SELECT target, kind FROM blocks WHERE actor = :actor AND activity = :activity",
        actor=actor, activity=activity,
    )  # fmt: skip
    return [(cast(str, row[0]), cast(str, row[1])) for row in rows]


async def activities(
    tx: Transaction, actor: int, targets: Collection[str], kinds: Collection[str]
) -> list[int]:
    """Return the activities by which an actor has blocked any of these targets, in any of these ways."""
    found = []
    for target in targets:
        rows = await tx.all(
            "SELECT kind, activity FROM blocks WHERE actor = :actor AND target = :target AND activity IS NOT NULL",
            actor=actor, target=target,
        )  # fmt: skip
        found += [cast(int, row[1]) for row in rows if row[0] in kinds]
    return found


async def blocks(tx: Transaction, actor: int, other: str, host: str) -> bool:
    """Tell whether an actor has blocked another one or its host."""
    row = await tx.one(
        "SELECT 1 FROM blocks WHERE actor = :actor"
        " AND (target = :other AND kind = 'block' OR target = :host AND kind = 'domain')",
        actor=actor, other=other, host=host,
    )  # fmt: skip
    return row is not None


async def mutes(tx: Transaction, actor: int, other: str) -> bool:
    """Tell whether an actor has muted another one."""
    row = await tx.one(
        "SELECT 1 FROM blocks WHERE actor = :actor AND target = :other AND kind = 'mute'",
        actor=actor, other=other,
    )  # fmt: skip
    return row is not None


async def targets(tx: Transaction, actor: int, kind: str) -> list[str]:
    """Return whom or what an actor has blocked, newest first."""
    rows = await tx.all(
        "SELECT target FROM blocks WHERE actor = :actor AND kind = :kind ORDER BY created DESC",
        actor=actor, kind=kind,
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]
