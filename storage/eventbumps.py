"""Votes of actors on entities and stream items: one of an actor on a thing (Events §10)."""

from typing import NamedTuple, cast

from storage.connection import Row, Transaction


class BumpRow(NamedTuple):
    """A vote: ``value`` is 1, −1 or 0, ``activity`` the row of its Activity Streams form."""

    target: int
    actor: int
    value: int
    stream_id: str
    occurred: int
    body: str
    activity: int | None = None


_COLUMNS = "target, actor, value, stream_id, occurred, body, activity"


async def add(tx: Transaction, bump: BumpRow) -> bool:
    """Keep a vote; False, changing nothing, when its actor has voted on the same thing before."""
    return bool(
        await tx.run(
            f"INSERT INTO event_bumps ({_COLUMNS})"  # noqa: S608
            " VALUES (:target, :actor, :value, :stream_id, :occurred, :body, :activity) ON CONFLICT DO NOTHING",
            **bump._asdict(),
        )
    )


async def find(tx: Transaction, target: int, actor: int) -> BumpRow | None:
    """Find the vote of an actor on a thing. One statement."""
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM event_bumps WHERE target = :target AND actor = :actor",  # noqa: S608
        target=target, actor=actor,
    )  # fmt: skip
    return None if row is None else _bump(row)


async def seize(tx: Transaction, target: int, actor: int) -> BumpRow | None:
    """Find a vote, and let nobody else seize it before this unit of work ends."""
    alone = "" if tx.engine == "sqlite" else " FOR NO KEY UPDATE"
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM event_bumps WHERE target = :target AND actor = :actor{alone}",  # noqa: S608
        target=target, actor=actor,
    )  # fmt: skip
    return None if row is None else _bump(row)


async def put(tx: Transaction, bump: BumpRow) -> None:
    """Let a vote be what it is now."""
    await tx.run(
        "UPDATE event_bumps SET value = :value, stream_id = :stream_id, occurred = :occurred, body = :body,"
        " activity = :activity WHERE target = :target AND actor = :actor",
        **bump._asdict(),
    )


async def remove(tx: Transaction, target: int, actor: int, value: int) -> BumpRow | None:
    """Remove the vote of an actor on a thing, if it is this one, and return it."""
    row = await tx.one(
        f"DELETE FROM event_bumps WHERE target = :target AND actor = :actor AND value = :value RETURNING {_COLUMNS}",  # noqa: S608
        target=target, actor=actor, value=value,
    )  # fmt: skip
    return None if row is None else _bump(row)


def _bump(row: Row) -> BumpRow:
    return BumpRow(*cast("tuple[int, int, int, str, int, str, int | None]", row))
