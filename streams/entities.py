"""Entities: who and what feeds and events name, described for whoever may see something of it."""

from typing import Any, Final

from storage import Transaction, entries, objects
from streams.errors import NotFound
from streams.events import documents
from streams.events.documents import Asking
from streams.events.space import Space
from streams.read import Reading
from vocab import Object
from vocab.dialects.events import Ref
from vocab.dialects.events.entitykinds import kind_of, types_of

OUTBOX: Final = "outbox"
"""What an entity did, at whichever door."""
STREAM: Final = "stream"
"""The events in which it took part (Events §23.2)."""


async def outbox(tx: Transaction, iri: str, asking: Asking) -> Reading:
    """Open what an entity did, as far as a reader may see it. Raises NotFound when that is nothing.

    Callers of the tenant from whom nothing is kept see all of it.
    """
    row = await objects.by_iri(tx, iri)
    stream = None if row is None else await entries.find(tx, row.id, "outbox")
    whole = asking.reader is not None and asking.reader.sees_all
    if stream is None or not await entries.count(tx, stream, viewer=asking.viewer, whole=whole):
        raise NotFound(iri)
    return Reading(stream, asking.viewer, whole=whole)


async def describe(tx: Transaction, space: Space, type: str, name: str, asking: Asking) -> Object:
    """Return the document of an entity: all that is known of it for those who may know that.

    Others are told its type, its name, and where to read what they may see of it. Raises NotFound when that is nothing.
    """
    ref = documents.named(type, name)
    known = None if ref is None else await documents.entity(tx, space, ref, asking)
    if known is not None:
        return known.with_(outbox=f"{known.id}/{OUTBOX}", streams=[f"{known.id}/{STREAM}"])
    iri = space.entities.named(type, name)
    told: dict[str, Any] = {"id": iri, "type": await _kind(tx, space, ref, type), "name": name}
    if await _did_something(tx, iri, asking):
        told["outbox"] = f"{iri}/{OUTBOX}"
    if ref is not None and await documents.took_part(tx, space, ref, asking):
        told["streams"] = [f"{iri}/{STREAM}"]
    if len(told) == 3:
        raise NotFound(iri)
    return Object(told)


async def _kind(tx: Transaction, space: Space, ref: Ref | None, type: str) -> str:
    """Return what an entity is: what is set for its type, else what the type says (Events §23.5)."""
    if ref is None:
        return kind_of(type)
    return types_of(ref, await documents.settings_of(tx, space, ref.type))[0]


async def _did_something(tx: Transaction, iri: str, asking: Asking) -> bool:
    try:
        await outbox(tx, iri, asking)
    except NotFound:
        return False
    return True
