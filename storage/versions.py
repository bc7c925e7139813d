"""Earlier versions of what was edited, as they were stored; a bounded number of each thing's."""

from typing import cast

from storage.connection import Transaction
from storage.ids import next_id

VERSIONS_MAX = 50
"""Of a thing that is edited oftener, the oldest versions are forgotten."""


async def keep(tx: Transaction, object: int) -> None:
    """Keep the present version of a thing, which is about to be replaced."""
    await tx.run(
        "INSERT INTO versions (object, position, document, context)"
        " SELECT id, :position, document, context FROM objects WHERE id = :object AND document IS NOT NULL",
        object=object, position=next_id(),
    )  # fmt: skip
    await tx.run(
        "DELETE FROM versions WHERE object = :object AND position <= (SELECT position FROM versions"
        " WHERE object = :object ORDER BY position DESC LIMIT 1 OFFSET :most)",
        object=object, most=VERSIONS_MAX,
    )  # fmt: skip


async def of(tx: Transaction, object: int) -> list[tuple[str, str | None]]:
    """Return the earlier versions of a thing, the last one first: document and context."""
    rows = await tx.all(
        "SELECT document, context FROM versions WHERE object = :object ORDER BY position DESC", object=object
    )
    return cast("list[tuple[str, str | None]]", rows)


async def forget(tx: Transaction, object: int) -> None:
    """Forget what was said before, because it was deleted (AP-068)."""
    await tx.run("DELETE FROM versions WHERE object = :object", object=object)
