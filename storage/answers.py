"""Answers given to requests that carried an Idempotency-Key, so that a repeat gets the same (REL-007).

An answer is kept in the transaction of what it reports: either both are there or neither.
"""

from dataclasses import dataclass
from typing import Any

from storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered, and the SHA-256 of the body it answered."""

    request: str
    status: int
    location: str | None
    body: str


async def find(tx: Transaction, caller: str, key: str) -> Answer | None:
    """Find the answer a caller was given under a key."""
    row: Any = await tx.one(
        "SELECT request, status, location, body FROM answers WHERE caller = :caller AND key = :key",
        caller=caller,
        key=key,
    )
    return None if row is None else Answer(*row)


async def keep(tx: Transaction, caller: str, key: str, answer: Answer, *, now: int) -> None:
    """Keep an answer. Raises Conflict when a parallel request with the same key was first."""
    await tx.run(
        "INSERT INTO answers (caller, key, request, status, location, body, created)"
        " VALUES (:caller, :key, :request, :status, :location, :body, :now)",
        caller=caller,
        key=key,
        request=answer.request,
        status=answer.status,
        location=answer.location,
        body=answer.body,
        now=now,
    )
