"""Members who are signed in with a browser. Only the SHA-256 of the cookie is kept (SEC-093)."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction
from storage.tokens import hash_of


@dataclass(frozen=True, slots=True)
class SessionRow:
    """Someone who is signed in as an actor, given by its row id."""

    hash: str
    actor: int
    created: int
    expires: int


async def add(tx: Transaction, cookie: str, actor: int, *, now: int, expires: int) -> None:
    """Remember that whoever shows this cookie is signed in."""
    await tx.run(
        "INSERT INTO sessions (hash, actor, created, expires) VALUES (:hash, :actor, :now, :expires)",
        hash=hash_of(cookie),
        actor=actor,
        now=now,
        expires=expires,
    )


async def find(tx: Transaction, cookie: str, *, now: int) -> SessionRow | None:
    """Find who shows a cookie, unless the session is over."""
    row: Any = await tx.one(
        "SELECT hash, actor, created, expires FROM sessions WHERE hash = :hash AND expires > :now",
        hash=hash_of(cookie),
        now=now,
    )
    return None if row is None else SessionRow(*row)


async def end(tx: Transaction, cookie: str) -> bool:
    """Sign a browser out; False when it was not signed in."""
    return await tx.run("DELETE FROM sessions WHERE hash = :hash", hash=hash_of(cookie)) > 0


async def end_all(tx: Transaction, actor: int) -> int:
    """Sign an actor's member out everywhere and return how many browsers that were."""
    return await tx.run("DELETE FROM sessions WHERE actor = :actor", actor=actor)
