"""What members allow programs: each consent is the root of the codes and tokens that came of it.

To end a consent ends all of them in the same transaction, so nothing outlives it (SEC-092).
"""

from dataclasses import dataclass
from typing import Any

from storage import tokens
from storage.connection import Transaction
from storage.ids import next_id

LISTED_MAX = 500


@dataclass(frozen=True, slots=True)
class Consent:
    """That a program (``client`` is its ``client_id``) may act as an actor, given by its row id."""

    id: int
    actor: int
    client: str
    name: str
    scope: str
    created: int


_CONSENT = "SELECT c.id, c.actor, c.client, c.name, c.scope, c.created FROM consents c"
_LIVE = (
    "c.revoked IS NULL AND ("
    "EXISTS (SELECT 1 FROM tokens t WHERE t.consent = c.id AND t.revoked IS NULL"
    " AND (t.expires IS NULL OR t.expires > :now))"
    " OR EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.consent = c.id AND r.used IS NULL AND r.expires > :now))"
)


async def add(tx: Transaction, actor: int, client: str, name: str, scope: str, *, now: int) -> int:
    """Remember a consent and return its id."""
    id = next_id()
    await tx.run(
        "INSERT INTO consents (id, actor, client, name, scope, created)"
        " VALUES (:id, :actor, :client, :name, :scope, :now)",
        id=id,
        actor=actor,
        client=client,
        name=name,
        scope=scope,
        now=now,
    )
    return id


async def find(tx: Transaction, id: int) -> Consent | None:
    """Find a consent that was not withdrawn."""
    row: Any = await tx.one(f"{_CONSENT} WHERE c.id = :id AND c.revoked IS NULL", id=id)
    return None if row is None else Consent(*row)


async def of_actor(tx: Transaction, actor: int, *, now: int) -> list[Consent]:
    """Return the consents of an actor by which something can be done at present, newest first."""
    rows: Any = await tx.all(
        f"{_CONSENT} WHERE c.actor = :actor AND {_LIVE} ORDER BY c.id DESC LIMIT :limit",
        actor=actor,
        now=now,
        limit=LISTED_MAX,
    )
    return [Consent(*row) for row in rows]


async def revoke(tx: Transaction, id: int, *, now: int) -> bool:
    """End a consent with all that came of it; False when it had ended before."""
    ended = await tx.run(
        "UPDATE consents SET revoked = :now WHERE id = :id AND revoked IS NULL", id=id, now=now
    )
    tx.wake(tokens.REVOKED)
    await tx.run("UPDATE tokens SET revoked = :now WHERE consent = :id AND revoked IS NULL", id=id, now=now)
    await tx.run("UPDATE refresh_tokens SET used = :now WHERE consent = :id AND used IS NULL", id=id, now=now)
    await tx.run("UPDATE codes SET used = :now WHERE consent = :id AND used IS NULL", id=id, now=now)
    return ended > 0


async def revoke_all(tx: Transaction, actor: int, *, now: int) -> int:
    """End every consent of an actor and return how many there were."""
    rows: Any = await tx.all("SELECT id FROM consents WHERE actor = :actor AND revoked IS NULL", actor=actor)
    for (id,) in rows:
        await revoke(tx, id, now=now)
    return len(rows)
