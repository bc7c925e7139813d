"""People who sign in with a password. It comes here already hashed, with its parameters."""

from dataclasses import dataclass, field
from typing import Any

from storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who may sign in as an actor, given by its row id."""

    actor: int
    password: str | None = field(repr=False)
    admin: bool
    created: int


async def put(tx: Transaction, actor: int, *, password: str | None, admin: bool, now: int) -> None:
    """Let someone sign in, or change how."""
    await tx.run(
        "INSERT INTO members (actor, password, admin, created) VALUES (:actor, :password, :admin, :now)"
        " ON CONFLICT (actor) DO UPDATE SET password = excluded.password, admin = excluded.admin",
        actor=actor,
        password=password,
        admin=int(admin),
        now=now,
    )


async def find(tx: Transaction, actor: int) -> Member | None:
    """Find who signs in as an actor."""
    row: Any = await tx.one(
        "SELECT actor, password, admin, created FROM members WHERE actor = :actor", actor=actor
    )
    return None if row is None else Member(row[0], row[1], bool(row[2]), row[3])


async def remove(tx: Transaction, actor: int) -> bool:
    """Let someone sign in no more; False when they could not."""
    return await tx.run("DELETE FROM members WHERE actor = :actor", actor=actor) > 0
