"""Which actions of providers were taken (Atom §7.4): every one is noted, whatever came of it."""

from typing import NamedTuple, cast

from storage.connection import Transaction
from storage.ids import next_id

OBJECT_CHARS_MAX = 2_048


class Taken(NamedTuple):
    """One action that a member took, or tried to."""

    id: int
    actor: str
    provider: str
    action: str
    object: str
    outcome: str


async def note(tx: Transaction, *, actor: str, provider: str, action: str, object: str, outcome: str) -> None:
    """Remember an action."""
    await tx.run(
        "INSERT INTO stream_actions (id, actor, provider, action, object, outcome)"
        " VALUES (:id, :actor, :provider, :action, :object, :outcome)",
        id=next_id(), actor=actor, provider=provider, action=action, object=object[:OBJECT_CHARS_MAX],
        outcome=outcome,
    )  # fmt: skip


async def latest(tx: Transaction, *, limit: int = 100) -> list[Taken]:
    """Return what was done last, newest first."""
    rows = await tx.all(
        "SELECT id, actor, provider, action, object, outcome FROM stream_actions ORDER BY id DESC LIMIT :limit",
        limit=limit,
    )
    return [Taken(*cast("tuple[int, str, str, str, str, str]", row)) for row in rows]
