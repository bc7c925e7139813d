"""Keys: ours with their private half, theirs as we found them, and what we failed to find (AP-430…)."""

from dataclasses import dataclass
from typing import Any

from storage import meta
from storage.connection import Transaction

RETIRED = "keys retired"
"""The signal that is rung, and the fact that changes, when a key of ours is retired (AP-436)."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key as we keep it, both halves as PEM; without a public half it is the memory of a failure.

    ``asserts`` tells whether its actor lists it in ``assertionMethod``: it may then make proofs (AP-500).
    """

    id: str
    actor: str
    algorithm: str
    public: str | None
    private: str | None
    created: int
    fetched: int | None
    retry_at: int | None
    retired: int | None
    asserts: int

    def __repr__(self) -> str:
        return f"Key(id={self.id!r}, actor={self.actor!r}, algorithm={self.algorithm!r})"


_SELECT = (
    "SELECT id, actor, algorithm, public, private, created, fetched, retry_at, retired, asserts FROM keys"
)


async def put(
    tx: Transaction,
    *,
    id: str,
    actor: str,
    algorithm: str,
    public: str,
    private: str | None = None,
    asserts: bool = False,
    now: int,
) -> None:
    """Keep a key, in the place of what was known of it. One of ours is never replaced by one we fetched."""
    await tx.run(
        "INSERT INTO keys (id, actor, algorithm, public, private, asserts, created, fetched)"
        " VALUES (:id, :actor, :algorithm, :public, :private, :asserts, :now, :fetched)"
        " ON CONFLICT (id) DO UPDATE SET actor = excluded.actor, algorithm = excluded.algorithm,"
        " public = excluded.public, private = excluded.private, asserts = excluded.asserts, fetched = excluded.fetched,"
        " retry_at = NULL, retired = NULL"
        " WHERE keys.private IS NULL OR excluded.private IS NOT NULL",
        id=id,
        actor=actor,
        algorithm=algorithm,
        public=public,
        private=private,
        asserts=int(asserts),
        now=now,
        fetched=now if private is None else None,
    )


async def by_id(tx: Transaction, id: str) -> Key | None:
    """Find a key, or the memory of having failed to fetch it."""
    return _key(await tx.one(f"{_SELECT} WHERE id = :id", id=id))


async def of_actor(tx: Transaction, actor: str, *, private: bool = False) -> list[Key]:
    """List an actor's keys, the oldest first; with ``private`` only those we can sign with today."""
    condition = " AND private IS NOT NULL AND retired IS NULL" if private else ""
    rows = await tx.all(f"{_SELECT} WHERE actor = :actor{condition} ORDER BY created, id", actor=actor)
    return [key for key in map(_key, rows) if key is not None]


async def remember_failure(tx: Transaction, id: str, *, retry_at: int, now: int) -> None:
    """Do not ask for a key before an instant; what was known of it stays."""
    await tx.run(
        "INSERT INTO keys (id, actor, algorithm, created, retry_at) VALUES (:id, '', '', :now, :retry_at)"
        " ON CONFLICT (id) DO UPDATE SET retry_at = excluded.retry_at",
        id=id,
        now=now,
        retry_at=retry_at,
    )


async def retire(tx: Transaction, id: str, *, now: int) -> None:
    """Sign with a key no more; its public half stays known, the private one is destroyed.

    Every process that holds keys of ours in memory is told (``RETIRED``, ``generation``).
    """
    await tx.run("UPDATE keys SET retired = :now, private = NULL WHERE id = :id", id=id, now=now)
    await meta.put(tx, RETIRED, f"{now} {id}")
    tx.wake(RETIRED)


async def generation(tx: Transaction) -> str | None:
    """Return what changes whenever a key of ours is retired. One statement."""
    return await meta.get(tx, RETIRED)


async def forget(tx: Transaction, id: str) -> None:
    """Forget a key of someone else's, so that it is fetched anew."""
    await tx.run("DELETE FROM keys WHERE id = :id AND private IS NULL", id=id)


def _key(row: Any) -> Key | None:
    return None if row is None else Key(*row)
