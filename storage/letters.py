"""What is sent to many: kept once, sent byte for byte on every attempt (REL-009)."""

from collections.abc import Iterable

from storage.connection import Transaction
from storage.ids import next_id


async def write(tx: Transaction, body: str, *, now: int) -> int:
    """Keep a letter for the jobs that will be added in this transaction; return its id."""
    letter = next_id()
    await tx.run(
        "INSERT INTO letters (id, body, created) VALUES (:letter, :body, :now)",
        letter=letter,
        body=body,
        now=now,
    )
    return letter


async def read(tx: Transaction, letter: int) -> str | None:
    """Return what a letter says."""
    row = await tx.one("SELECT body FROM letters WHERE id = :letter", letter=letter)
    return None if row is None else str(row[0])


async def forget(tx: Transaction, letters: Iterable[int]) -> None:
    """Remove those letters that no job refers to any more."""
    for letter in sorted(letters):
        await tx.run(
            "DELETE FROM letters WHERE id = :letter AND NOT EXISTS (SELECT 1 FROM jobs WHERE letter = :letter)",
            letter=letter,
        )
