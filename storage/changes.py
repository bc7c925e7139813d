"""What changed lately besides what was added: entries that left a stream, documents that were replaced.

For those who watch (AP-590); ``entries`` and ``objects`` write it down. Kept for a day, so that whoever
was away for a while can catch up.
"""

from dataclasses import dataclass
from typing import cast

from storage.audience import readable
from storage.connection import Transaction, Value
from storage.entries import Viewer


@dataclass(frozen=True, slots=True)
class Removal:
    """Something that is not in a stream any more."""

    position: int
    iri: str


async def removals(
    tx: Transaction, stream: int, *, viewer: Viewer | None, whole: bool, after: int, limit: int
) -> list[Removal]:
    """Return what left a stream after a position, oldest first, as far as the viewer may know of it."""
    seen, parameters = "", dict[str, Value]()
    if not whole and viewer is None:
        seen = " AND a.public = 1"
    elif not whole and viewer is not None:
        seen = f" AND {readable('a')}"
        parameters = {"viewer": viewer.id, "viewer_iri": viewer.iri}
    rows = await tx.all(
        "SELECT r.position, a.iri FROM removals r JOIN objects a ON a.id = r.item"  # noqa: S608
        f" WHERE r.stream = :stream AND r.position > :after{seen} ORDER BY r.position LIMIT :limit",
        stream=stream, after=after, limit=limit, **parameters,
    )  # fmt: skip
    return [Removal(cast(int, row[0]), cast(str, row[1])) for row in rows]


async def last_edit(tx: Transaction, object: int, *, after: int) -> int | None:
    """Return the position of the newest edit of a document after another position."""
    row = await tx.one(
        "SELECT max(position) FROM edits WHERE object = :object AND position > :after",
        object=object, after=after,
    )  # fmt: skip
    return None if row is None else cast("int | None", row[0])
