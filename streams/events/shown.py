"""Stream items and entities as they are answered: what was said, and what became of it since (Events §16).

What is shown beside a message is gathered kind by kind for the whole page, so the number of statements does not depend
on how many items it has. A line in ``BESIDE`` is a further kind.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeAlias

from storage import Transaction, eventcounts, eventitems, eventworkflow
from storage.eventcounts import NONE
from storage.evententities import EntityRow
from storage.eventitems import ItemKind, ItemRow
from streams.events import blind, linked
from streams.events.held import read
from streams.events.reader import Reader
from streams.events.space import Space
from vocab import jsontext
from vocab.dialects.events import Ref, moments

PROGRESS: Final = "_progress"
"""The member that a thing has which users did something about (Events §9)."""
COMMENT_CLASS: Final = "ASComment"

Beside: TypeAlias = Mapping[int, dict[str, Any]]
"""Members to be shown with things, by their rows."""


async def _counts(tx: Transaction, reader: Reader, rows: Sequence[int]) -> Beside:
    """Tell how many comments and votes there are of which the reader may know."""
    counts = await eventcounts.of(tx, rows)
    guarded = [row for row, found in counts.items() if found.guarded] if reader.asks is not None else []
    kept_back = await eventcounts.kept_back(tx, guarded, reader.asks) if guarded else {}
    return {row: _counted(counts.get(row, NONE), kept_back.get(row, 0)) for row in rows}


def _counted(counts: eventcounts.Counts, kept_back: int) -> dict[str, Any]:
    bumps = {"up": counts.up, "down": counts.down, "neutral": counts.neutral}
    return {"_bumps": bumps, "_comments": counts.comments - kept_back}


async def _progress(tx: Transaction, reader: Reader, rows: Sequence[int]) -> Beside:
    """Tell what came of what users did about things (Events §9)."""
    found = await eventworkflow.progress(tx, rows)
    return {
        row: {PROGRESS: {"status": one.status, "assignee": one.assignee_ref or None}}
        for row, one in found.items()
    }


Gather: TypeAlias = Callable[[Transaction, Reader, Sequence[int]], Awaitable[Beside]]

BESIDE: Final[tuple[Gather, ...]] = (_counts, _progress)
"""What is shown beside messages."""


async def beside(tx: Transaction, reader: Reader, rows: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Gather what a reader is shown with some items and entities: a statement for each kind, or two."""
    told: dict[int, dict[str, Any]] = {row: {} for row in rows}
    if rows:
        for gather in BESIDE:
            for row, members in (await gather(tx, reader, rows)).items():
                told[row].update(members)
    return told


async def items(
    tx: Transaction, space: Space, reader: Reader, rows: Iterable[int]
) -> dict[int, dict[str, Any]]:
    """Return items by their rows as a reader is shown them, who is known to be allowed to."""
    wanted = list(rows)
    found = await eventitems.by_ids(tx, wanted) if wanted else {}
    return {
        row.id: message
        for row, message in zip(
            found.values(), await known_items(tx, space, reader, list(found.values())), strict=True
        )
    }


async def known_items(
    tx: Transaction, space: Space, reader: Reader, rows: Sequence[ItemRow]
) -> list[dict[str, Any]]:
    """Return items as a reader is shown them, who is known to be allowed to."""
    more = await beside(tx, reader, [row.id for row in rows])
    concealed = await linked.concealed(tx, reader, rows)
    return [_item(space, reader, row, concealed) | more[row.id] for row in rows]


def _item(space: Space, reader: Reader, row: ItemRow, concealed: frozenset[str]) -> dict[str, Any]:
    """Return an item without what is kept beside it."""
    message: Any = jsontext.loads(row.body)
    return linked.without(blind.without(message, reader), concealed) | {
        "_stream_id": row.stream_id,
        "_class": COMMENT_CLASS if row.kind == ItemKind.COMMENT else row.type,
        "_received_at": moments.spell(row.received),
        "_registered_at": moments.spell(row.registered),
        "_as2": space.item_iri(row.stream_id),
    }


async def entities(
    tx: Transaction, space: Space, reader: Reader, rows: Sequence[EntityRow]
) -> list[dict[str, Any]]:
    """Return entities as a reader is shown them, who is known to be allowed to."""
    more = await beside(tx, reader, [row.id for row in rows])
    return [entity(space, row) | more[row.id] for row in rows]


def entity(space: Space, row: EntityRow) -> dict[str, Any]:
    """Return an entity, without what is kept beside it (Events §5.1)."""
    ref = Ref(row.type, row.name)
    told: dict[str, Any] = {
        "entity_ref": row.ref,
        "aspects": jsontext.loads(row.aspects),
        "properties": jsontext.loads(row.properties),
        **read(row.more),
    }
    if row.stated is not None:
        told["occurred_at"] = moments.spell(row.stated)
    if row.acl is not None:
        told["acl"] = jsontext.loads(row.acl)
    return told | {
        "_stream_id": row.stream_id,
        "_streamid": row.stream_id,
        "_class": ref.leaf,
        "_registered_at": moments.spell(row.registered),
        "_last_updated": moments.spell(row.updated),
        "_as2": space.entity_iri(ref),
    }
