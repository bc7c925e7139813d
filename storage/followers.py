"""An actor's followers by the servers they live on (FEP-8fcf)."""

from dataclasses import dataclass
from typing import cast

from storage.connection import Transaction

CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Following:
    """The followers collection of an actor of ours: its IRI, and a number that grows with every change of it."""

    owner: int
    collection: str
    version: int


async def of(tx: Transaction, actor: str) -> Following | None:
    """Find the followers collection of an actor of ours by the actor's IRI. One statement."""
    row = await tx.one(
        "SELECT a.id, a.followers, s.version FROM objects o JOIN actors a ON a.id = o.id"
        " JOIN streams s ON s.owner = a.id AND s.kind = 'followers' AND s.name = ''"
        " WHERE o.iri = :actor AND o.local = 1 AND a.followers IS NOT NULL",
        actor=actor,
    )
    return None if row is None else Following(*row)  # type: ignore[arg-type]


async def page(
    tx: Transaction, owner: int, *, host: str | None = None, after: int = 0, limit: int = CHUNK
) -> tuple[list[tuple[str, str]], int]:
    """List who follows an actor, as host and IRI, some at a time, and where to go on (0 when done).

    With ``host`` only those who live there.
    """
    condition, parameters = ("", {}) if host is None else (" AND a.host = :host", {"host": host})
    rows = await tx.all(
        "SELECT f.target, a.host, o.iri FROM streams said JOIN follows f ON f.source = said.id"  # noqa: S608
        " JOIN streams told ON told.id = f.target JOIN actors a ON a.id = told.owner"
        " JOIN objects o ON o.id = told.owner WHERE said.owner = :owner AND said.kind = 'outbox'"
        f" AND said.name = '' AND f.target > :after AND f.state = 1{condition} ORDER BY f.target LIMIT :limit",
        owner=owner, after=after, limit=limit, **parameters,
    )  # fmt: skip
    found = [(cast(str, row[1]), cast(str, row[2])) for row in rows]
    return found, cast(int, rows[-1][0]) if len(rows) == limit else 0


async def on_host(tx: Transaction, owner: int, host: str) -> list[str]:
    """List all who live on a host and follow an actor."""
    found, after = await page(tx, owner, host=host)
    while after:
        more, after = await page(tx, owner, host=host, after=after)
        found += more
    return [iri for _, iri in found]
