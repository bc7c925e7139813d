"""Authorisation codes (RFC 6749 §4.1.2): good for one use, and remembered after it (SEC-089)."""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction
from storage.tokens import hash_of


@dataclass(frozen=True, slots=True)
class Code:
    """A code and what it is bound to; ``used`` is when it was exchanged."""

    hash: str
    consent: int
    redirect_uri: str | None
    challenge: str
    expires: int
    used: int | None


async def add(
    tx: Transaction, code: str, consent: int, *, redirect_uri: str | None, challenge: str, expires: int
) -> None:
    """Make a code valid."""
    await tx.run(
        "INSERT INTO codes (hash, consent, redirect_uri, challenge, expires)"
        " VALUES (:hash, :consent, :redirect_uri, :challenge, :expires)",
        hash=hash_of(code),
        consent=consent,
        redirect_uri=redirect_uri,
        challenge=challenge,
        expires=expires,
    )


async def find(tx: Transaction, code: str) -> Code | None:
    """Find a code, used or not, out of date or not."""
    row: Any = await tx.one(
        "SELECT hash, consent, redirect_uri, challenge, expires, used FROM codes WHERE hash = :hash",
        hash=hash_of(code),
    )
    return None if row is None else Code(*row)


async def use(tx: Transaction, code: Code, *, now: int) -> bool:
    """Use a code up; False when someone was faster."""
    return (
        await tx.run(
            "UPDATE codes SET used = :now WHERE hash = :hash AND used IS NULL", hash=code.hash, now=now
        )
        > 0
    )
