"""Entities: who acts in feeds without an account here, described for whoever may see something of what they did."""

from typing import Final

from storage import Transaction, entries, objects
from storage.entries import Viewer
from streams.errors import NotFound
from streams.read import Reading
from vocab import Object
from vocab.dialects.getstream.entities import USER
from vocab.terms import ACTIVITY_TYPES, COLLECTION_TYPES, KNOWN_TYPES, LINK_TYPES

_SAID: Final = KNOWN_TYPES - ACTIVITY_TYPES - COLLECTION_TYPES - LINK_TYPES
"""Types of Activity Streams that an entity may have by its own; any other is an Object."""


async def outbox(tx: Transaction, iri: str, viewer: Viewer | None) -> Reading:
    """Open what an entity did, as far as a reader may see it. Raises NotFound when that is nothing."""
    row = await objects.by_iri(tx, iri)
    stream = None if row is None else await entries.find(tx, row.id, "outbox")
    if stream is None or not await entries.count(tx, stream, viewer=viewer, whole=False):
        raise NotFound(iri)
    return Reading(stream, viewer, whole=False)


async def describe(tx: Transaction, iri: str, type: str, name: str, viewer: Viewer | None) -> Object:
    """Return the document of an entity: its type, its name, and where to read what it did. Raises NotFound."""
    await outbox(tx, iri, viewer)
    known = "Person" if type == USER else type if type in _SAID else "Object"
    return Object({"id": iri, "type": known, "name": name, "outbox": f"{iri}/outbox"})
