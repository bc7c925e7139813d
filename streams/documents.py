"""Putting documents into storage: what is said, to whom, and whose it is; and Tombstones in their place."""

from storage import Transaction, audience, entries, objects
from storage.objects import Kind, ObjectRow
from streams import instants
from vocab import Audience, Object, dump
from vocab.jsontext import dumps

LISTS = ("replies", "liked", "featured", "featuredTags", "collection")
"""Where what was deleted is not listed any more."""


async def keep(
    tx: Transaction,
    thing: Object,
    kind: Kind,
    *,
    owner: int | None,
    local: bool,
    now: int,
    said_to: Audience | None = None,
    object: int | None = None,
    id: int | None = None,
) -> int | None:
    """Store a new document and its audience; return its row id, or None when we hold it already (SEC-022).

    ``said_to`` is who it was addressed to before the blind recipients were removed.
    """
    said_to = said_to or Audience.of(thing)
    text, context = dump.document(thing)
    published = instants.read(thing, "published") or now
    kept = await objects.put(
        tx, thing.id or "", kind, thing.type, text, context, local=local, owner=owner,
        public=said_to.public, published=min(published, now), object=object, id=id,
    )  # fmt: skip
    if kept is not None:
        await audience.put(tx, kept, said_to)
    return kept


async def keep_foreign(tx: Transaction, thing: Object, *, now: int) -> int | None:
    """Store a document read from its origin, so that our readers can be shown what an activity is about."""
    author = thing.one_id("attributedTo") or thing.one_id("actor")
    owner = None if author is None else await objects.name(tx, author, now=now)
    kind = Kind.ACTIVITY if thing.is_activity else Kind.OBJECT
    return await keep(tx, thing, kind, owner=owner, local=False, now=now)


async def rewrite(tx: Transaction, id: int, thing: Object, *, now: int) -> None:
    """Replace a stored document by a newer version. One that names nobody keeps its earlier audience."""
    said_to = Audience.of(thing)
    text, context = dump.document(thing)
    public = None if said_to == Audience() else said_to.public
    await objects.replace(tx, id, thing.type, text, context, public=public, updated=now)
    if public is not None:
        await audience.readdress(tx, id, said_to)


async def bury(tx: Transaction, thing: ObjectRow, *, now: int) -> dict[str, str]:
    """Put a Tombstone in a thing's place and return it: nothing of the content is left (AP-068, AP-230)."""
    former = thing.type or "Object"
    grave = {"id": thing.iri, "type": "Tombstone", "formerType": former, "deleted": instants.written(now)}
    await objects.bury(tx, thing.id, dumps(grave).decode(), now=now)
    await entries.remove_everywhere(tx, thing.id, LISTS)
    return grave
