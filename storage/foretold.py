"""What was heard of too early: an Undo or Delete that overtook what it speaks of (AP-325).

Also activities that others have told of before their actors did (AP-367).
"""

from storage.connection import Transaction


async def note(tx: Transaction, iri: str, actor: str, kind: str, *, until: int) -> None:
    """Remember, until an instant, that this actor has undone or deleted something not seen yet.

    Kind ``hearsay``: that an activity of the actor's is held as others told of it.
    """
    await tx.run(
        "INSERT INTO foretold (iri, actor, kind, until) VALUES (:iri, :actor, :kind, :until)"
        " ON CONFLICT (iri, actor, kind) DO UPDATE SET until = excluded.until",
        iri=iri, actor=actor, kind=kind, until=until,
    )  # fmt: skip


async def known(tx: Transaction, iri: str, actor: str, kind: str, *, now: int) -> bool:
    """Tell whether this was foretold."""
    row = await tx.one(
        "SELECT 1 FROM foretold WHERE iri = :iri AND actor = :actor AND kind = :kind AND until > :now",
        iri=iri, actor=actor, kind=kind, now=now,
    )  # fmt: skip
    return row is not None


async def forget(tx: Transaction, iri: str, actor: str, kind: str) -> bool:
    """Forget what was foretold; False when nothing was."""
    forgotten = await tx.run(
        "DELETE FROM foretold WHERE iri = :iri AND actor = :actor AND kind = :kind",
        iri=iri, actor=actor, kind=kind,
    )  # fmt: skip
    return bool(forgotten)
