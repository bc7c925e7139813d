"""Reactions: at most one of a kind per actor and object, held by the schema and not by checking (SEC-122)."""

from typing import cast

from storage.connection import Transaction


async def add(tx: Transaction, object: int, actor: int, kind: str, activity: int) -> bool:
    """Note a reaction; False when this actor has reacted so before."""
    added = await tx.run(
        "INSERT INTO reactions (object, actor, kind, activity) VALUES (:object, :actor, :kind, :activity)"
        " ON CONFLICT (object, kind, actor) DO NOTHING",
        object=object, actor=actor, kind=kind, activity=activity,
    )  # fmt: skip
    return bool(added)


async def find(tx: Transaction, object: int, actor: int, kind: str) -> int | None:
    """Return the activity by which an actor reacted to an object, or None."""
    row = await tx.one(
        "SELECT activity FROM reactions WHERE object = :object AND kind = :kind AND actor = :actor",
        object=object, kind=kind, actor=actor,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def remove(tx: Transaction, object: int, actor: int, kind: str) -> int | None:
    """Take a reaction back and return the activity that had made it; None when there was none."""
    row = await tx.one(
        "DELETE FROM reactions WHERE object = :object AND kind = :kind AND actor = :actor RETURNING activity",
        object=object, kind=kind, actor=actor,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def actors(tx: Transaction, object: int) -> list[str]:
    """Return the IRIs of everyone who reacted to an object."""
    rows = await tx.all(
        "SELECT DISTINCT o.iri FROM reactions r JOIN objects o ON o.id = r.actor WHERE r.object = :object",
        object=object,
    )
    return [cast(str, row[0]) for row in rows]


async def of_activity(tx: Transaction, activity: int) -> list[tuple[int, int, str]]:
    """Return which reactions an activity has made: (actor, object, kind)."""
    rows = await tx.all(
        "SELECT actor, object, kind FROM reactions WHERE activity = :activity", activity=activity
    )
    return cast("list[tuple[int, int, str]]", rows)


async def of_actor(tx: Transaction, actor: int) -> list[tuple[int, str, int]]:
    """Return what an actor reacted to: (object, kind, activity)."""
    rows = await tx.all("SELECT object, kind, activity FROM reactions WHERE actor = :actor", actor=actor)
    return cast("list[tuple[int, str, int]]", rows)
