"""What programs may do in an actor's name. Only the SHA-256 of a token is kept (SEC-093)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is valid; ``actor`` is a row id, ``scope`` its words in one string."""

    hash: str
    actor: int
    scope: str
    client: str
    created: int
    expires: int | None


def hash_of(token: str) -> str:
    """Return under which hash a token is kept."""
    return hashlib.sha256(token.encode()).hexdigest()


async def issue(
    tx: Transaction,
    token: str,
    actor: int,
    scope: str,
    *,
    now: int,
    client: str = "",
    expires: int | None = None,
) -> None:
    """Make a token valid."""
    await tx.run(
        "INSERT INTO tokens (hash, actor, scope, client, created, expires)"
        " VALUES (:hash, :actor, :scope, :client, :now, :expires)",
        hash=hash_of(token),
        actor=actor,
        scope=scope,
        client=client,
        now=now,
        expires=expires,
    )


async def find(tx: Transaction, hashed: str, *, now: int) -> Token | None:
    """Find a token that is neither revoked nor out of date."""
    row: Any = await tx.one(
        "SELECT hash, actor, scope, client, created, expires FROM tokens"
        " WHERE hash = :hash AND revoked IS NULL AND (expires IS NULL OR expires > :now)",
        hash=hashed,
        now=now,
    )
    return None if row is None else Token(*row)


async def revoke(tx: Transaction, hashed: str, *, now: int) -> bool:
    """Make a token invalid for ever; False when it was not valid."""
    return (
        await tx.run(
            "UPDATE tokens SET revoked = :now WHERE hash = :hash AND revoked IS NULL", hash=hashed, now=now
        )
        > 0
    )


async def revoke_all(tx: Transaction, actor: int, *, now: int) -> int:
    """Make every token of an actor invalid and return how many there were."""
    return await tx.run(
        "UPDATE tokens SET revoked = :now WHERE actor = :actor AND revoked IS NULL", actor=actor, now=now
    )
