"""Finding what a path or a message names, as far as the reader may know of it (Events §2.1, §3.6)."""

from collections.abc import Iterable
from uuid import UUID

from storage import Transaction, eventaudience, evententities, eventitems
from storage.evententities import EntityRow
from storage.eventitems import ItemRow
from streams.errors import NotFound
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import Ref


async def entity(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID) -> EntityRow:
    """Return the row of an entity. Raises NotFound, also when the reader may not know of it."""
    if isinstance(of, UUID):
        row = await evententities.by_stream_id(tx, space.tenant.id, str(of))
    else:
        row = await evententities.by_key(tx, space.tenant.id, of.key)
    found = await entities(tx, reader, [] if row is None else [row])
    if not found:
        raise NotFound(str(of))
    return found[0]


async def entities(tx: Transaction, reader: Reader, rows: Iterable[EntityRow]) -> list[EntityRow]:
    """Return those of some entities that the reader may know of. One statement if any of them is restricted."""
    asked = list(rows)
    restricted = [row.id for row in asked if row.restricted]
    known = await eventaudience.known_entities(tx, restricted, reader.asks) if restricted else set()
    return [row for row in asked if not row.restricted or row.id in known]


async def items(tx: Transaction, reader: Reader, rows: Iterable[ItemRow]) -> list[ItemRow]:
    """Return those of some items that the reader may know of. One statement if there is any doubt.

    A comment that was withdrawn is nobody's to know of; an event of a batch that was invalidated is there by its id.
    """
    asked = [row for row in rows if not is_withdrawn(row)]
    doubtful = {row.id for row in asked if _is_doubtful(row)}
    known = await eventaudience.known_items(tx, doubtful, reader.asks) if doubtful else set()
    return [row for row in asked if row.id in known or row.id not in doubtful]


def is_withdrawn(row: ItemRow) -> bool:
    """Tell whether an item is a comment whose author took it back: nothing is left of it."""
    return bool(row.hidden) and row.kind == eventitems.ItemKind.COMMENT


def _is_doubtful(row: ItemRow) -> bool:
    """Tell whether it takes a look at more than the item to say who may know of it."""
    return bool(
        row.restricted or row.kind == eventitems.ItemKind.COMMENT or row.type in eventaudience.CHANGES
    )


async def thing(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID) -> EntityRow | ItemRow:
    """Return the row of an entity or of an item. Raises NotFound."""
    if isinstance(of, UUID):
        row = await eventitems.by_stream_id(tx, space.tenant.id, str(of))
        if row is not None:
            found = await items(tx, reader, [row])
            if not found:
                raise NotFound(str(of))
            return found[0]
    return await entity(tx, space, reader, of)
