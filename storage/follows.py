"""Follows: which stream copies into which, and whether the other side has agreed."""

from dataclasses import dataclass
from typing import cast

from storage.actors import below
from storage.connection import Row, Transaction

WAITING = 0
ACCEPTED = 1


@dataclass(frozen=True, slots=True)
class Follow:
    """``target`` follows ``source`` (row ids of streams); ``activity`` is the Follow that asked for it."""

    source: int
    target: int
    state: int
    activity: int | None


_FOLLOW = "SELECT source, target, state, activity FROM follows"


def _follow(row: Row | None) -> Follow | None:
    return None if row is None else Follow(*row)  # type: ignore[arg-type]


async def find(tx: Transaction, source: int, target: int) -> Follow | None:
    """Find the follow between two streams."""
    return _follow(
        await tx.one(f"{_FOLLOW} WHERE source = :source AND target = :target", source=source, target=target)
    )


async def ask(tx: Transaction, source: int, target: int, activity: int, *, now: int) -> Follow:
    """Note a wish to follow and return how it stands: a new one waits, an older one stays as it is (AP-235)."""
    await tx.run(
        "INSERT INTO follows (source, target, state, activity, created)"
        " VALUES (:source, :target, 0, :activity, :now) ON CONFLICT (source, target) DO NOTHING",
        source=source, target=target, activity=activity, now=now,
    )  # fmt: skip
    follow = await find(tx, source, target)
    if follow is None:
        raise LookupError(source, target)
    return follow


async def accept(tx: Transaction, source: int, target: int) -> bool:
    """Mark a waiting follow as accepted; False when none was waiting."""
    return bool(
        await tx.run(
            "UPDATE follows SET state = 1 WHERE source = :source AND target = :target AND state = 0",
            source=source, target=target,
        )
    )  # fmt: skip


async def end(tx: Transaction, source: int, target: int) -> Follow | None:
    """End a follow, waiting or accepted, and return what it was."""
    return _follow(
        await tx.one(
            "DELETE FROM follows WHERE source = :source AND target = :target"
            " RETURNING source, target, state, activity",
            source=source, target=target,
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Address:
    """Where a remote follower's copies go. ``shared_inbox`` is None when its server has none."""

    actor: str
    inbox: str
    shared_inbox: str | None


async def addresses(
    tx: Transaction, source: int, *, after: int = 0, limit: int = 500
) -> tuple[list[Address], int]:
    """Return the remote followers of a stream, some at a time, and where to go on (0 when done)."""
    rows = await tx.all(
        "SELECT f.target, o.iri, a.inbox, a.shared_inbox FROM follows f JOIN streams s ON s.id = f.target"
        " JOIN objects o ON o.id = s.owner JOIN actors a ON a.id = s.owner"
        " WHERE f.source = :source AND f.target > :after AND f.state = 1 AND o.local = 0 AND a.state < 2"
        " AND a.inbox IS NOT NULL ORDER BY f.target LIMIT :limit",
        source=source, after=after, limit=limit,
    )  # fmt: skip
    found = [Address(cast(str, row[1]), cast(str, row[2]), cast("str | None", row[3])) for row in rows]
    return found, cast(int, rows[-1][0]) if len(rows) == limit else 0


async def has_local(tx: Transaction, source: int) -> bool:
    """Tell whether someone who lives here follows a stream."""
    row = await tx.one(
        "SELECT 1 FROM follows f JOIN streams s ON s.id = f.target JOIN objects o ON o.id = s.owner"
        " WHERE f.source = :source AND f.state = 1 AND o.local = 1 LIMIT 1",
        source=source,
    )
    return row is not None


async def local(tx: Transaction, source: int, *, after: int, limit: int) -> list[Follow]:
    """Return accepted follows of a stream by actors who live here, some at a time."""
    rows = await tx.all(
        "SELECT f.source, f.target, f.state, f.activity FROM follows f JOIN streams s ON s.id = f.target"
        " JOIN objects o ON o.id = s.owner WHERE f.source = :source AND f.target > :after AND f.state = 1"
        " AND o.local = 1 ORDER BY f.target LIMIT :limit",
        source=source, after=after, limit=limit,
    )  # fmt: skip
    return [Follow(*row) for row in rows]  # type: ignore[arg-type]


async def of_streams(tx: Transaction, stream: int) -> list[Follow]:
    """Return every follow from or to a stream."""
    rows = await tx.all(f"{_FOLLOW} WHERE source = :stream OR target = :stream", stream=stream)
    return [Follow(*row) for row in rows]  # type: ignore[arg-type]


async def parties(tx: Transaction, host: str, *, limit: int) -> list[int]:
    """Return actors of other servers on a host or below it that follow or are followed, some at a time."""
    rows = await tx.all(
        "SELECT DISTINCT a.id FROM actors a JOIN objects o ON o.id = a.id JOIN streams s ON s.owner = a.id"
        " WHERE (a.host = :host OR a.host LIKE :below ESCAPE '!') AND o.local = 0"
        " AND EXISTS (SELECT 1 FROM follows WHERE source = s.id OR target = s.id) ORDER BY a.id LIMIT :limit",
        host=host, below=below(host), limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def parties_of(tx: Transaction, actor: int, host: str) -> list[int]:
    """Return the actors of exactly this host that one of ours follows or is followed by."""
    rows = await tx.all(
        "SELECT DISTINCT a.id FROM streams mine JOIN follows f ON f.source = mine.id OR f.target = mine.id"
        " JOIN streams s ON s.id = CASE f.source WHEN mine.id THEN f.target ELSE f.source END"
        " JOIN actors a ON a.id = s.owner"
        " WHERE mine.owner = :actor AND mine.kind IN ('inbox', 'outbox') AND a.host = :host",
        actor=actor, host=host,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]
