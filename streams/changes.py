"""What happens to a thing or a collection, told as activities for those who watch it (AP-590).

``Add`` and ``Remove`` for what enters and leaves a collection, ``Update`` and ``Delete`` for a document
itself. They are told, not published: they have no id and stand in no outbox.
"""

from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from storage import Transaction, actors, changes, entries, objects
from storage.entries import Viewer
from storage.objects import Kind, ObjectRow
from streams import actors as profiles
from streams import read
from streams.errors import Gone, Hidden
from streams.read import Reading
from streams.watch import Seen
from vocab import Object, dump
from vocab.dump import Text, splice


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened; ``final`` when nothing can follow it."""

    position: int
    told: Text
    final: bool = False


async def of_stream(
    tx: Transaction, viewer: Viewer, low: int, limit: int, *, owner_iri: str, kind: str
) -> Seen[Change]:
    """Return what entered and left a stream above a position. Raises what ``read`` raises for a closed one."""
    owner = await _owner(tx, owner_iri, viewer)
    reading = await read.open_stream(tx, owner, kind, viewer)
    if reading.hidden:
        raise Hidden(f"{owner_iri}/{kind}")
    stream, whole = reading.stream.id, reading.whole
    came = await entries.page(
        tx, stream, viewer=viewer, whole=whole, after=low, limit=limit, oldest_first=True
    )
    left = await changes.removals(tx, stream, viewer=viewer, whole=whole, after=low, limit=limit)
    about = _about(owner, reading)
    told = [Change(entry.position, await _added(tx, entry, about, viewer)) for entry in came]
    told += [Change(gone.position, _told("Remove", gone.iri, **about)) for gone in left]
    told.sort(key=attrgetter("position"))
    return Seen(told[:limit], (f"stream:{stream}", f"streams:{owner.id}"))


async def of_object(
    tx: Transaction, viewer: Viewer, low: int, limit: int, *, iri: str, base_url: str
) -> Seen[Change]:
    """Return the newest change of a document above a position; for a client-made collection, of its items too."""
    try:
        thing = await _owner(tx, iri, viewer)
    except Gone as gone:
        return await _deleted(tx, iri, gone, low)
    listed = None
    if thing.kind == Kind.COLLECTION:
        listed = await of_stream(tx, viewer, low, limit, owner_iri=iri, kind="collection")
    found, topics = ([], ()) if listed is None else (list(listed.found), listed.topics)
    edited = await changes.last_edit(tx, thing.id, after=low)
    if edited is not None and len(found) < limit:
        found = sorted([*found, Change(edited, await _updated(tx, thing, viewer, base_url))], key=_position)
    return Seen(found, (f"object:{thing.id}", *topics))


_position = attrgetter("position")


async def _owner(tx: Transaction, iri: str, viewer: Viewer) -> ObjectRow:
    row = await objects.by_iri(tx, iri)
    if row is not None and row.kind == Kind.ACTOR:
        return await read.lister(tx, iri, viewer)
    return await read.thing(tx, iri, viewer)


def _about(owner: ObjectRow, reading: Reading) -> dict[str, Any]:
    kind = reading.stream.kind
    return {"target": owner.iri if kind == "collection" else f"{owner.iri}/{kind}"}


def _told(type: str, object: str, **members: Any) -> Text:
    """Return an activity with its object as the last member, for a document to be put in its place."""
    return dump.document(Object({"type": type, **members, "object": object}))


async def _added(tx: Transaction, entry: entries.Entry, about: dict[str, Any], viewer: Viewer) -> Text:
    told = _told("Add", entry.iri, **about)
    if entry.document is None or entry.kind == Kind.ACTOR:
        return told
    return splice(told, "object", entry.iri, await read.shown(tx, entry, viewer))


async def _updated(tx: Transaction, thing: ObjectRow, viewer: Viewer, base_url: str) -> Text:
    actor = await actors.by_id(tx, thing.id) if thing.kind == Kind.ACTOR else None
    if actor is not None:
        text = dump.document(await profiles.describe(tx, actor, base_url))
    else:
        text = await read.document(tx, thing.iri, viewer)
    return splice(_told("Update", thing.iri), "object", thing.iri, text)


async def _deleted(tx: Transaction, iri: str, gone: Gone, low: int) -> Seen[Change]:
    """Tell of a deletion to whoever has not heard of it yet; to all others there is nothing here."""
    id = await objects.id_of(tx, iri)
    position = None if id is None else await changes.last_edit(tx, id, after=low)
    if position is None or gone.tombstone is None:
        raise gone
    told = splice(_told("Delete", iri), "object", iri, Text(gone.tombstone))
    return Seen([Change(position, told, final=True)], (f"object:{id}",))
