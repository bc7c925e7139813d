"""Putting documents into storage: what is said, to whom, and whose it is; and Tombstones in their place."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage import Transaction, audience, entries, media, objects, versions
from storage import polls as ballots
from storage.objects import Kind, ObjectRow
from streams import ids, instants, policy
from streams.errors import NotAllowed
from vocab import Activity, Audience, Object, dump, polls
from vocab import iri as iris
from vocab.jsontext import dumps

LISTS = ("replies", "liked", "featured", "featuredTags", "collection", "context", "tag", "posts", "locked")
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
        if tokens := ids.media_tokens(text):
            await media.attach(tx, kept, tokens)
    return kept


@dataclass(frozen=True, slots=True)
class Ours:
    """An activity of ours that is to be stored, the row that it gets, whose it is, and when it was published."""

    id: int
    activity: Activity
    owner: int | None
    published: int


async def keep_all(tx: Transaction, activities: Iterable[Ours], *, now: int) -> bool:
    """Store activities with their audiences by a few statements; False when one of them is held already."""
    several = list(activities)
    said_to = {one.id: Audience.of(one.activity) for one in several}
    rows = [_row(one, public=said_to[one.id].public, now=now) for one in several]
    kept = await objects.put_all(tx, rows)
    await audience.put_all(tx, said_to.items())
    for row in rows:
        if tokens := ids.media_tokens(row.document):
            await media.attach(tx, row.id, tokens)
    return kept == len(rows)


def _row(one: Ours, *, public: bool, now: int) -> objects.Document:
    thing = one.activity
    text, context = dump.document(thing)
    return objects.Document(
        one.id, thing.id or "", int(Kind.ACTIVITY), thing.type, 1, one.owner, None, int(public),
        text, context, min(one.published, now),
    )  # fmt: skip


async def keep_foreign(tx: Transaction, thing: Object, *, now: int) -> int | None:
    """Store a document read from its origin, so that our readers can be shown what an activity is about.

    An origin speaks for its own actors alone: whatever it says that others wrote is refused (SEC-017).
    """
    author = policy.author(thing)
    if author is not None and not iris.same_origin(author, thing.id or ""):
        raise NotAllowed("attributedTo", "lies on another origin")
    owner = None if author is None else await objects.name(tx, author, now=now)
    kind = Kind.ACTIVITY if thing.is_activity and not polls.is_poll(thing) else Kind.OBJECT
    return await keep(tx, thing, kind, owner=owner, local=False, now=now)


async def rewrite(tx: Transaction, id: int, thing: Object, *, now: int) -> None:
    """Replace a stored document by a newer version. One that names nobody keeps its earlier audience."""
    said_to = Audience.of(thing)
    text, context = dump.document(thing)
    public = None if said_to == Audience() else said_to.public
    await objects.replace(tx, id, thing.type, text, context, public=public, updated=now)
    await show(tx, id, text)
    if public is not None:
        await audience.readdress(tx, id, said_to)


async def address(tx: Transaction, id: int, said_to: Audience) -> None:
    """Let those read a document whom it names, and nobody else."""
    await objects.publicise(tx, id, said_to.public)
    await audience.readdress(tx, id, said_to)


async def show(tx: Transaction, id: int, text: str) -> None:
    """Let a thing's new version show the files it names, and no others (AP-580)."""
    await media.detach(tx, id)
    await media.attach(tx, id, ids.media_tokens(text))


async def bury(tx: Transaction, thing: ObjectRow, *, now: int) -> dict[str, str]:
    """Put a Tombstone in a thing's place and return it: nothing of the content is left (AP-068, AP-230)."""
    former = thing.type or "Object"
    grave = {"id": thing.iri, "type": "Tombstone", "formerType": former, "deleted": instants.written(now)}
    await objects.bury(tx, thing.id, dumps(grave).decode(), now=now)
    await entries.remove_everywhere(tx, thing.id, LISTS)
    await versions.forget(tx, thing.id)
    await media.detach(tx, thing.id)
    if thing.type == "Question":
        await ballots.forget(tx, thing.id)
    return grave


async def restore(tx: Transaction, grave: ObjectRow, thing: Object, *, now: int) -> None:
    """Put a thing in the place of its Tombstone again."""
    await objects.unbury(tx, grave.id)
    await rewrite(tx, grave.id, thing, now=now)
