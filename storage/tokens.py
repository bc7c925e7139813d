"""What programs may do in an actor's name. Only the SHA-256 of a token is kept (SEC-093)."""

import hashlib
from dataclasses import dataclass
from typing import Any

from storage import actors
from storage.actors import ActorRow
from storage.connection import Transaction

REVOKED = "tokens revoked"
"""The topic that is rung when any token has become invalid: who holds a connection open looks again."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token that is valid. ``actor`` is a row id, ``scope`` its words in one string; it came of ``consent``."""

    hash: str
    actor: int
    scope: str
    client: str
    created: int
    expires: int | None
    consent: int | None = None


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
    consent: int | None = None,
) -> None:
    """Make a token valid."""
    await tx.run(
        "INSERT INTO tokens (hash, actor, scope, client, created, expires, consent)"
        " VALUES (:hash, :actor, :scope, :client, :now, :expires, :consent)",
        hash=hash_of(token),
        actor=actor,
        scope=scope,
        client=client,
        now=now,
        expires=expires,
        consent=consent,
    )


async def find(tx: Transaction, hashed: str, *, now: int) -> Token | None:
    """Find a token that is neither revoked nor out of date."""
    row: Any = await tx.one(
        "SELECT hash, actor, scope, client, created, expires, consent FROM tokens"
        " WHERE hash = :hash AND revoked IS NULL AND (expires IS NULL OR expires > :now)",
        hash=hashed,
        now=now,
    )
    return None if row is None else Token(*row)


async def holder(tx: Transaction, hashed: str, *, now: int) -> tuple[Token, ActorRow] | None:
    """Find the same token together with the actor it was given for. One statement."""
    row: Any = await tx.one(
        f"SELECT t.hash, t.actor, t.scope, t.client, t.created, t.expires, t.consent, {actors.COLUMNS}"  # noqa: S608
        f" FROM {actors.JOINED} JOIN tokens t ON t.actor = a.id"
        " WHERE t.hash = :hash AND t.revoked IS NULL AND (t.expires IS NULL OR t.expires > :now)",
        hash=hashed,
        now=now,
    )
    return None if row is None else (Token(*row[:7]), ActorRow(*row[7:]))


async def revoke(tx: Transaction, hashed: str, *, now: int) -> bool:
    """Make a token invalid for ever; False when it was not valid."""
    tx.wake(REVOKED)
    return (
        await tx.run(
            "UPDATE tokens SET revoked = :now WHERE hash = :hash AND revoked IS NULL", hash=hashed, now=now
        )
        > 0
    )


async def revoke_all(tx: Transaction, actor: int, *, now: int) -> int:
    """Make every token of an actor invalid and return how many there were."""
    tx.wake(REVOKED)
    return await tx.run(
        "UPDATE tokens SET revoked = :now WHERE actor = :actor AND revoked IS NULL", actor=actor, now=now
    )
