"""Conversations (FEP-7888): a reply takes over its parent's ``context``; ours lists everything said in it.

A conversation of ours shares its token with the object it began with, whose row owns the stream. The
stream comes into being with the first reply. Contexts of others are names to us, and never fetched (IQ-714).
"""

from dataclasses import dataclass

from storage import Transaction, entries, objects
from storage.entries import Stream, Viewer
from storage.ids import dated
from storage.objects import ObjectRow
from streams import ids, policy
from streams.errors import Hidden, NotFound
from streams.read import Reading
from vocab import Object, stored

KIND = "context"


def completed(thing: Object, parent: ObjectRow | None, base_url: str) -> Object:
    """Return a new object of ours with its context: the client's, else its parent's, else one of its own.

    AP-220, AP-741; a parent without ``context`` is grouped by its ``conversation`` (IQ-708). What the parent's
    author says of the conversation's past goes with it (``contextHistory``, AP-743).
    """
    if thing.get("context") is not None or thing.is_collection or thing.id is None:
        return thing
    said = Object({}) if parent is None else stored(parent.document or "{}", None)
    inherited = said.get("context") or said.get("conversation")
    if not isinstance(inherited, str):
        return thing.with_(context=ids.context(base_url, thing.id))
    return thing.with_(
        context=inherited, contextHistory=thing.get("contextHistory") or said.get("contextHistory")
    )


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as one reader sees it; ``alone`` is the post nobody has replied to yet."""

    iri: str
    begun_by: str
    reading: Reading
    alone: tuple[str, ...]


async def join(tx: Transaction, parent: ObjectRow, reply: ObjectRow, base_url: str) -> None:
    """List a reply in the conversation of ours that its parent is part of; in others' there is nothing to list."""
    stream = await _of(tx, parent, base_url)
    if stream is not None:
        await _list(tx, stream, reply)


async def _of(tx: Transaction, parent: ObjectRow, base_url: str) -> int | None:
    held = await entries.holding(tx, parent.id, KIND)
    if held:
        return held[0].id
    context = stored(parent.document or "{}", None).get("context")
    first = ids.begun_by(base_url, context) if isinstance(context, str) else None
    if first is None:
        return None
    root = parent if first == parent.iri else await objects.by_iri(tx, first)
    if root is None or not root.local:
        return None
    stream = await entries.ensure(tx, root.id, KIND, iri=context)
    for said in dict.fromkeys((root, parent)):
        await _list(tx, stream, said)
    return stream


async def _list(tx: Transaction, stream: int, said: ObjectRow) -> None:
    """List something by when it was said, which for what is found later lies among what is listed already."""
    if said.deleted is None:
        await entries.add(
            tx, stream, said.id, public=bool(said.public), position=dated(said.id, said.published)
        )


async def open_for(tx: Transaction, iri: str, viewer: Viewer | None, base_url: str) -> Conversation:
    """Open a conversation of ours for a reader, who meets in it what they may read, oldest first.

    Raises NotFound for what is no conversation, and for one of which the reader may see nothing (SEC-033).
    """
    first = ids.begun_by(base_url, iri)
    root = None if first is None else await objects.by_iri(tx, first)
    if root is None or not root.local or root.owner is None:
        raise NotFound(iri)
    begun_by = await objects.iri_of(tx, root.owner)
    stream = await entries.find(tx, root.id, KIND)
    if stream is not None:
        reading = Reading(stream, viewer, False)
        if await entries.count(tx, stream, viewer=viewer, whole=False):
            return Conversation(iri, begun_by, reading, ())
    elif root.deleted is None and await policy.may_read(tx, root, viewer):
        return Conversation(
            iri, begun_by, Reading(Stream(0, root.id, KIND, "", iri, 0, 0), viewer, False), (root.iri,)
        )
    raise Hidden(iri)
