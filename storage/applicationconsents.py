"""Consents of members to be shown what a linked application shows them, by credentials of their own (Atom §9)."""

from storage.connection import Transaction


async def put(tx: Transaction, application: int, actor: int, credentials: str, *, now: int) -> bool:
    """Keep by which credentials, the value of an Authorization field, an application is asked for a member.

    False for an application that is linked no more.
    """
    return await tx.run(
        "INSERT INTO application_consents (application, actor, credentials, created)"
        " SELECT a.id, CAST(:actor AS BIGINT), :credentials, CAST(:now AS BIGINT) FROM linked_applications a"
        " WHERE a.id = :application ON CONFLICT (application, actor) DO UPDATE"
        " SET credentials = excluded.credentials, created = excluded.created",
        application=application, actor=actor, credentials=credentials, now=now,
    ) > 0  # fmt: skip


async def find(tx: Transaction, application: int, actor: int) -> str | None:
    """Return the credentials of a member at an application; None without their consent. One statement."""
    row = await tx.one(
        "SELECT credentials FROM application_consents WHERE application = :application AND actor = :actor",
        application=application, actor=actor,
    )  # fmt: skip
    return None if row is None else str(row[0])


async def of_actor(tx: Transaction, actor: int) -> dict[int, int]:
    """Return since when a member consents, by application. One statement."""
    rows = await tx.all(
        "SELECT application, created FROM application_consents WHERE actor = :actor", actor=actor
    )
    return {int(row[0] or 0): int(row[1] or 0) for row in rows}


async def remove_all(tx: Transaction, actor: int) -> None:
    """End all consents of an actor."""
    await tx.run("DELETE FROM application_consents WHERE actor = :actor", actor=actor)


async def remove(tx: Transaction, application: int, actor: int) -> bool:
    """End a consent, and forget the credentials; False when there was none."""
    return await tx.run(
        "DELETE FROM application_consents WHERE application = :application AND actor = :actor",
        application=application, actor=actor,
    ) > 0  # fmt: skip
