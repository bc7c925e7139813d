"""What is sent to many: kept once, sent byte for byte on every attempt (REL-009)."""

from collections.abc import Iterable

from storage.connection import Transaction
from storage.ids import next_id
from storage.sql import each, listed

_FORGET = """
DELETE FROM letters WHERE id IN (SELECT CAST(each.value ->> 0 AS bigint) FROM {each})
AND NOT EXISTS (SELECT 1 FROM jobs WHERE letter = letters.id)
"""


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


async def seal(tx: Transaction, letter: int, body: str, sealed: str) -> str:
    """Replace what a letter says before it is first sent, and return what it says from now on.

    Whoever comes first decides: of several processes all send the same bytes (AP-299).
    """
    await tx.run(
        "UPDATE letters SET body = :sealed WHERE id = :letter AND body = :body",
        letter=letter, body=body, sealed=sealed,
    )  # fmt: skip
    return await read(tx, letter) or sealed


async def forget(tx: Transaction, letters: Iterable[int]) -> None:
    """Remove those letters that no job refers to any more."""
    wanted = sorted(set(letters))
    if wanted:
        await tx.run(
            _FORGET.format(each=each(tx.engine, "letters")), letters=listed((letter,) for letter in wanted)
        )
