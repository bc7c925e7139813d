"""Secrets in the addresses of feeds, for readers that cannot sign in (Atom §17.3). Only the hash is kept."""

from dataclasses import dataclass
from typing import Any

from storage import actors
from storage.actors import ActorRow
from storage.connection import Transaction
from storage.ids import next_id
from storage.tokens import hash_of

PER_ACTOR_MAX = 100
"""More are not made for one actor."""


@dataclass(frozen=True, slots=True)
class FeedToken:
    """A feed token that is valid: whose it is, what its member calls it, and since when."""

    id: int
    actor: int
    label: str
    created: int


async def add(tx: Transaction, token: str, actor: int, label: str, *, now: int) -> int | None:
    """Make a feed token valid and return its number; None when its actor has too many."""
    id = next_id()
    made = await tx.run(
        "INSERT INTO feed_tokens (id, hash, actor, label, created) SELECT :id, :hash, :actor, :label, :now"
        " WHERE (SELECT count(*) FROM feed_tokens WHERE actor = :actor) < :most",
        id=id, hash=hash_of(token), actor=actor, label=label, now=now, most=PER_ACTOR_MAX,
    )  # fmt: skip
    return id if made else None


async def holder(tx: Transaction, token: str) -> ActorRow | None:
    """Return the actor that a feed token was made for. One statement."""
    row: Any = await tx.one(
        f"SELECT {actors.COLUMNS} FROM {actors.JOINED} JOIN feed_tokens t ON t.actor = a.id"  # noqa: S608
        " WHERE t.hash = :hash",
        hash=hash_of(token),
    )
    return None if row is None else ActorRow(*row)


async def of_actor(tx: Transaction, actor: int) -> list[FeedToken]:
    """List an actor's feed tokens, the newest first."""
    rows: Any = await tx.all(
        "SELECT id, actor, label, created FROM feed_tokens WHERE actor = :actor ORDER BY id DESC", actor=actor
    )
    return [FeedToken(*row) for row in rows]


async def revoke(tx: Transaction, actor: int, id: int) -> bool:
    """End an actor's feed token; False when they have none of this number."""
    return await tx.run("DELETE FROM feed_tokens WHERE actor = :actor AND id = :id", actor=actor, id=id) > 0


async def revoke_all(tx: Transaction, actor: int) -> int:
    """End all feed tokens of an actor and return how many there were."""
    return await tx.run("DELETE FROM feed_tokens WHERE actor = :actor", actor=actor)
