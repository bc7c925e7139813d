"""Programs that registered here (RFC 7591). Only the SHA-256 of a client's secret is kept (SEC-093)."""

import json
from dataclasses import dataclass, field
from typing import Any

from storage.connection import Transaction


@dataclass(frozen=True, slots=True)
class ClientRow:
    """A registered program. ``secret`` is a hash, None for a public client; an empty ``scope`` sets no limit."""

    id: str
    name: str
    secret: str | None = field(repr=False)
    redirect_uris: tuple[str, ...]
    scope: str
    metadata: dict[str, Any]
    created: int


async def add(tx: Transaction, client: ClientRow) -> None:
    """Remember a program."""
    await tx.run(
        "INSERT INTO clients (id, name, secret, redirect_uris, scope, metadata, created)"
        " VALUES (:id, :name, :secret, :redirect_uris, :scope, :metadata, :created)",
        id=client.id,
        name=client.name,
        secret=client.secret,
        redirect_uris=json.dumps(client.redirect_uris),
        scope=client.scope,
        metadata=json.dumps(client.metadata),
        created=client.created,
    )


async def find(tx: Transaction, id: str) -> ClientRow | None:
    """Find a program by its ``client_id``. One statement."""
    row: Any = await tx.one(
        "SELECT id, name, secret, redirect_uris, scope, metadata, created FROM clients WHERE id = :id", id=id
    )
    if row is None:
        return None
    id, name, secret, redirect_uris, scope, metadata, created = row
    uris = tuple(json.loads(redirect_uris))
    return ClientRow(id, name, secret, uris, scope, json.loads(metadata), created)
