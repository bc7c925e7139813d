"""Read: one thing, or one page of a stream, for one reader. Every door reads through here (SEC-032)."""

from dataclasses import dataclass
from typing import Any

from storage import Transaction, actors, blocks, entries, objects
from storage.entries import NEWEST, OLDEST, Entry, Stream, Viewer
from storage.objects import Kind, ObjectRow
from streams import ids, policy
from streams.errors import Gone, Hidden, NotFound
from vocab import stored
from vocab.dump import Text, splice

PAGE = 20
PAGE_MAX = 100

OWNER_ONLY = ("pendingFollowers", "pendingFollowing", "blocked", "blocks", "muted")
"""Kinds of streams nobody but the owner may know of (AP-164)."""

HIDES = {"followers": "hidesFollowers", "following": "hidesFollowing"}
"""Members of an actor by which it lets these collections tell nobody else who is in them (AP-163)."""

MEMBERS = frozenset({*HIDES, "moderators"})
"""Kinds whose entries are actors; shown whole to everyone, unless their owner hides them."""

COUNTERS = frozenset({"likes", "shares", "dislikes", "reactions"})
"""Kinds shown whole to whoever may read the thing they count."""


OLDEST_FIRST = frozenset({"context"})
"""Kinds that are read from their beginning."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The two positions, both exclusive, between which a page lies."""

    before: int = NEWEST
    after: int = OLDEST


@dataclass(frozen=True, slots=True)
class Page:
    """Entries of one page in the stream's order, and the bounds of its neighbours when there are any."""

    entries: list[Entry]
    newer: Bounds | None
    older: Bounds | None


@dataclass(frozen=True, slots=True)
class Summary:
    """How many entries a reader would meet, and the bounds of the first and the last page."""

    total: int
    first: Bounds
    last: Bounds


@dataclass(frozen=True, slots=True)
class Reading:
    """A stream as one reader sees it: whole, or only what they may read."""

    stream: Stream
    viewer: Viewer | None
    whole: bool
    hidden: bool = False
    """Only how many there are may be told."""

    @property
    def oldest_first(self) -> bool:
        """Whether the first page has the oldest entries."""
        return self.stream.kind in OLDEST_FIRST


async def thing(tx: Transaction, iri: str, viewer: Viewer | None) -> ObjectRow:
    """Return a stored document. Raises NotFound when the reader may not know of it, Gone when deleted."""
    row = await objects.by_iri(tx, iri)
    if row is None or (row.document is None and row.deleted is None):
        raise NotFound(iri)
    if not await policy.may_read(tx, row, viewer):
        raise Hidden(iri)
    if row.deleted is not None:
        raise Gone(iri, row.document)
    return row


async def document(tx: Transaction, iri: str, viewer: Viewer | None) -> Text:
    """Return a document as a reader sees it, an activity with what it is about inside (AP-072)."""
    row = await thing(tx, iri, viewer)
    entry = await entries.one(tx, row.id)
    if entry is None:
        raise NotFound(iri)
    return await shown(tx, entry, viewer)


async def shown(tx: Transaction, entry: Entry, viewer: Viewer | None) -> Text:
    """Return an entry's document, with the thing it is about embedded when the reader may see that."""
    text = Text(entry.document or "{}", entry.context)
    if entry.object_document is None or entry.object_kind == Kind.ACTOR or entry.object_iri is None:
        return text
    if not entry.object_public:
        about = await objects.by_id(tx, entry.object or 0)
        if about is None or not await policy.may_read(tx, about, viewer):
            return text
    return splice(text, "object", entry.object_iri, Text(entry.object_document, entry.object_context))


async def open_stream(tx: Transaction, owner: ObjectRow, kind: str, viewer: Viewer | None) -> Reading:
    """Open a stream of an actor or object for a reader.

    Raises NotFound when the reader may not know of it; a stream that nothing has entered yet is empty.
    """
    if kind == "moderators" and owner.type != "Group":
        raise NotFound(f"{owner.iri}/{kind}")
    mine = viewer is not None and viewer.id in (owner.id, owner.owner)
    if not mine and (kind in OWNER_ONLY or not await policy.may_read(tx, owner, viewer)):
        raise Hidden(f"{owner.iri}/{kind}")
    stream = await entries.find(tx, owner.id, kind)
    if stream is None:
        stream = Stream(0, owner.id, kind, "", None, 0, 0)
    whole = mine or kind in MEMBERS or kind in COUNTERS
    return Reading(stream, viewer, whole, hidden=not mine and _hides(owner, kind))


def _hides(owner: ObjectRow, kind: str) -> bool:
    return kind in HIDES and stored(owner.document or "{}", None).get(HIDES[kind]) is True


async def summary(tx: Transaction, reading: Reading, *, limit: int = PAGE) -> Summary:
    """Return what a collection document says of a stream (AP-152)."""
    stream, viewer, whole = reading.stream, reading.viewer, reading.whole
    total = await entries.count(tx, stream, viewer=viewer, whole=whole)
    if reading.hidden:
        return Summary(total, Bounds(1), Bounds(1))
    newest = await entries.edges(tx, stream.id, viewer=viewer, whole=whole, limit=limit)
    if newest is None:
        return Summary(0, Bounds(1), Bounds(1))
    first = Bounds(newest[0] + 1, newest[1] - 1)
    oldest = await entries.edges(tx, stream.id, viewer=viewer, whole=whole, limit=limit, oldest_first=True)
    last = first if oldest is None else Bounds(oldest[1] + 1)
    return Summary(total, last, first) if reading.oldest_first else Summary(total, first, last)


async def members(tx: Transaction, collection: ObjectRow) -> dict[str, Any]:
    """Return what a client-made collection shows its owner beside what they wrote: counts, pages, items."""
    stream = await entries.find(tx, collection.id, "collection")
    if stream is None:
        return {"totalItems": 0}
    reading = Reading(stream, None, True)
    counted = await summary(tx, reading)
    shown: dict[str, Any] = {"totalItems": counted.total}
    if counted.total > PAGE:
        ends = {"first": counted.first, "last": counted.last}
        return shown | {
            term: ids.page(collection.iri, before=bounds.before, after=bounds.after)
            for term, bounds in ends.items()
        }
    listed = await page(tx, reading, Bounds())
    ordered = stored(collection.document or "{}", None).is_a("OrderedCollection")
    return shown | {"orderedItems" if ordered else "items": [entry.iri for entry in listed.entries]}


async def page(tx: Transaction, reading: Reading, bounds: Bounds, *, limit: int = PAGE) -> Page:
    """Return the entries between two positions as far as the reader may see them (AP-153…AP-156)."""
    if reading.hidden:
        return Page([], None, None)
    stream, viewer, whole = reading.stream.id, reading.viewer, reading.whole
    found = await entries.page(
        tx, stream, viewer=viewer, whole=whole, before=bounds.before, after=bounds.after, limit=limit,
        oldest_first=reading.oldest_first,
    )  # fmt: skip
    top = max((entry.position for entry in found), default=bounds.before - 1)
    bottom = min((entry.position for entry in found), default=bounds.after + 1)
    below = await entries.edges(tx, stream, viewer=viewer, whole=whole, before=bottom, limit=limit)
    above = await entries.edges(
        tx, stream, viewer=viewer, whole=whole, after=top, limit=limit, oldest_first=True
    )
    older = None if below is None else Bounds(below[0] + 1, below[1] - 1)
    newer = None if above is None else Bounds(above[1] + 1, above[0] - 1)
    return Page(found, newer, older)


async def seek(tx: Transaction, reading: Reading, iri: str, *, limit: int = PAGE) -> Bounds | None:
    """Return the bounds of a page that an item is on; None when it is nowhere that the reader may see (AP-595)."""
    stream, viewer, whole = reading.stream.id, reading.viewer, reading.whole
    if reading.hidden:
        return None
    found = await entries.position(tx, stream, iri, viewer=viewer, whole=whole)
    if found is None:
        return None
    begins = {"after": found - 1} if reading.oldest_first else {"before": found + 1}
    on = await entries.edges(
        tx, stream, viewer=viewer, whole=whole, limit=limit, oldest_first=reading.oldest_first, **begins
    )
    return None if on is None else Bounds(max(on) + 1, min(on) - 1)


async def items(tx: Transaction, page: Page, viewer: Viewer | None) -> list[Text]:
    """Return the documents of a page's entries, each as the reader may see it."""
    return [await shown(tx, entry, viewer) for entry in page.entries]


async def actor(tx: Transaction, iri: str, viewer: Viewer | None) -> ObjectRow:
    """Return the row of an actor, for a reader whom it has not blocked (AP-256). Raises NotFound or Gone."""
    row = await objects.by_iri(tx, iri)
    if row is None or row.kind != Kind.ACTOR:
        raise NotFound(iri)
    known = await actors.by_id(tx, row.id)
    if row.deleted is not None or known is None or known.state == actors.State.GONE:
        raise Gone(iri)
    if viewer is not None and await blocks.blocks(tx, row.id, viewer.iri, viewer.iri.split("/", 3)[2]):
        raise Hidden(iri)
    return row


async def lister(tx: Transaction, iri: str, viewer: Viewer | None) -> ObjectRow:
    """Return the row of an actor whose collections someone wants to read; those of the suspended are hidden."""
    row = await actor(tx, iri, viewer)
    if (viewer is None or viewer.id != row.id) and await actors.is_suspended(tx, row.id):
        raise Hidden(iri)
    return row
