"""People who sign in with a password. It comes here already hashed, with its parameters."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from storage.connection import Transaction
from storage.sql import each, listed


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who may sign in as an actor, given by its row id."""

    actor: int
    password: str | None = field(repr=False)
    admin: bool
    created: int


async def put(tx: Transaction, actor: int, *, password: str | None, admin: bool, now: int) -> None:
    """Let someone sign in, or change how; where they get mail stays as it was."""
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


async def set_email(tx: Transaction, actor: int, email: str | None) -> bool:
    """Note where a member gets mail, None for nowhere; False for who is no member."""
    return (
        await tx.run("UPDATE members SET email = :email WHERE actor = :actor", email=email, actor=actor) > 0
    )


async def emails(tx: Transaction, iris: Iterable[str]) -> dict[str, str]:
    """Return where members get mail, by the IRIs of their actors, as far as that is known. One statement."""
    rows: Any = await tx.all(
        "SELECT o.iri, m.email FROM objects o JOIN members m ON m.actor = o.id WHERE m.email IS NOT NULL"  # noqa: S608
        f" AND o.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})",
        iris=listed((iri,) for iri in iris),
    )
    return dict(rows)


async def remove(tx: Transaction, actor: int) -> bool:
    """Let someone sign in no more; False when they could not."""
    return await tx.run("DELETE FROM members WHERE actor = :actor", actor=actor) > 0
