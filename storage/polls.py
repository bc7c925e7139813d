"""Polls and votes: at most one vote per voter and choice, held by the schema and not by checking (AP-267)."""

from typing import cast

from storage.connection import Transaction


async def add(tx: Transaction, poll: int) -> None:
    """Note that a poll lives here and can be voted in."""
    await tx.run("INSERT INTO polls (id) VALUES (:poll) ON CONFLICT (id) DO NOTHING", poll=poll)


async def voted(tx: Transaction, poll: int, voter: int) -> bool:
    """Tell whether someone has voted at all."""
    row = await tx.one("SELECT 1 FROM votes WHERE poll = :poll AND voter = :voter", poll=poll, voter=voter)
    return row is not None


async def vote(tx: Transaction, poll: int, voter: int, choice: str) -> bool:
    """Note a vote; False when this voter has made this choice before."""
    added = await tx.run(
        "INSERT INTO votes (poll, voter, choice) VALUES (:poll, :voter, :choice)"
        " ON CONFLICT (poll, voter, choice) DO NOTHING",
        poll=poll, voter=voter, choice=choice,
    )  # fmt: skip
    return bool(added)


async def count(tx: Transaction, poll: int, *, new: int) -> int:
    """Add so many voters to a poll of ours and return how many it has; others wait until this is committed."""
    row = await tx.one(
        "UPDATE polls SET voters = voters + :new WHERE id = :poll RETURNING voters", new=new, poll=poll
    )
    return 0 if row is None else cast(int, row[0])


async def voters(tx: Transaction, poll: int, *, limit: int) -> list[str]:
    """Return the IRIs of some who voted."""
    rows = await tx.all(
        "SELECT DISTINCT o.iri FROM votes v JOIN objects o ON o.id = v.voter WHERE v.poll = :poll LIMIT :limit",
        poll=poll, limit=limit,
    )  # fmt: skip
    return [cast(str, row[0]) for row in rows]


async def forget(tx: Transaction, poll: int) -> None:
    """Forget a poll that was deleted, and who voted in it."""
    await tx.run("DELETE FROM votes WHERE poll = :poll", poll=poll)
    await tx.run("DELETE FROM polls WHERE id = :poll", poll=poll)
