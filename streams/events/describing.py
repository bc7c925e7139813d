"""Things as notices and briefs show them: an entity's label, what an event says of itself, what a comment says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from storage import Transaction, evententities, eventitems
from storage.evententities import EntityRow
from storage.eventitems import ItemKind, ItemRow

TEXT_CHARS_MAX: Final = 140
OBSERVATIONS: Final = "as.oi."
"""What the types begin with of events that a server observes (Events §15)."""


@dataclass(frozen=True, slots=True)
class Described:
    """A thing in few members, and what a text calls it."""

    summary: Mapping[str, Any]
    label: str


NOTHING: Final = Described({}, "")


async def described(tx: Transaction, thing: int) -> Described:
    """Describe an entity or an item by its row. A unit of work."""
    entity = (await evententities.by_ids(tx, [thing])).get(thing)
    if entity is not None:
        return Described({"kind": "entity", "_stream_id": entity.stream_id, **party(entity)}, named(entity))
    row = (await eventitems.by_ids(tx, [thing])).get(thing)
    return NOTHING if row is None else _item(row)


def _item(row: ItemRow) -> Described:
    text = label(row)
    if row.kind == ItemKind.COMMENT:
        return Described({"kind": "comment", "_stream_id": row.stream_id, "text": text}, quoted(text))
    kind = "observation" if f"{row.type}.".startswith(OBSERVATIONS) else "event"
    return Described({"kind": kind, "_stream_id": row.stream_id, "type": row.type, "label": text}, text)


def label(row: ItemRow) -> str:
    """Return what an item is called in few words: a comment's text, an event's description or type."""
    body = json.loads(row.body)
    return cut(str(body.get("comment" if row.kind == ItemKind.COMMENT else "description") or row.type))


def party(row: EntityRow) -> dict[str, str]:
    """Return an entity as one that takes part."""
    return {"entity_ref": row.ref, "label": named(row)}


def named(row: EntityRow) -> str:
    """Return what an entity is called among people; of one that not everybody may know of, just its id."""
    return row.name if row.restricted else row.label or row.name


def cut(text: str) -> str:
    """Return a text, or so much of it as fits."""
    return text if len(text) <= TEXT_CHARS_MAX else f"{text[: TEXT_CHARS_MAX - 1]}…"


def quoted(text: str) -> str:
    """Return what a comment is called by what it says."""
    return f"“{text}”"
