"""Facts about the database itself: its public origin, its switches."""

from storage.connection import Transaction
from storage.errors import Mismatch

ORIGIN = "base_url"


async def get(tx: Transaction, name: str) -> str | None:
    """Read a fact."""
    row = await tx.one("SELECT value FROM meta WHERE name = :name", name=name)
    return None if row is None else str(row[0])


async def put(tx: Transaction, name: str, value: str) -> None:
    """Set a fact."""
    await tx.run(
        "INSERT INTO meta (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name=name,
        value=value,
    )


async def settle(tx: Transaction, name: str, value: str) -> str:
    """Set a fact unless it is known, and return what is known now."""
    await tx.run(
        "INSERT INTO meta (name, value) VALUES (:name, :value) ON CONFLICT (name) DO NOTHING",
        name=name,
        value=value,
    )
    return await get(tx, name) or value


async def remove(tx: Transaction, name: str) -> None:
    """Forget a fact."""
    await tx.run("DELETE FROM meta WHERE name = :name", name=name)


async def claim_origin(tx: Transaction, base_url: str) -> None:
    """Bind the database to its public origin; another one than last time is refused (REL-027).

    Every IRI in it begins with that origin, and other servers remember them.
    """
    known = await get(tx, ORIGIN)
    if known is None:
        await put(tx, ORIGIN, base_url)
    elif known != base_url:
        raise Mismatch(f"this database belongs to {known}, not to {base_url}", known, base_url)
