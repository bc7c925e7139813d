"""Refresh tokens (RFC 6749 §6): each is good for one use, and remembered after it (RFC 9700 §4.14)."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction
from storage.tokens import hash_of


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """A refresh token; ``used`` is when it was exchanged for its successor, or ended with its consent."""

    hash: str
    consent: int
    created: int
    expires: int
    used: int | None


async def add(tx: Transaction, token: str, consent: int, *, now: int, expires: int) -> None:
    """Make a refresh token valid."""
    await tx.run(
        "INSERT INTO refresh_tokens (hash, consent, created, expires) VALUES (:hash, :consent, :now, :expires)",
        hash=hash_of(token),
        consent=consent,
        now=now,
        expires=expires,
    )


async def find(tx: Transaction, token: str) -> RefreshToken | None:
    """Find a refresh token, used or not, out of date or not."""
    row: Any = await tx.one(
        "SELECT hash, consent, created, expires, used FROM refresh_tokens WHERE hash = :hash",
        hash=hash_of(token),
    )
    return None if row is None else RefreshToken(*row)


async def use(tx: Transaction, token: RefreshToken, *, now: int) -> bool:
    """Use a refresh token up; False when someone was faster."""
    return (
        await tx.run(
            "UPDATE refresh_tokens SET used = :now WHERE hash = :hash AND used IS NULL",
            hash=token.hash,
            now=now,
        )
        > 0
    )
