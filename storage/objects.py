"""Everything that has an IRI: activities, objects, actors, collections, and names only heard of."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction, Value
from storage.ids import next_id
from storage.sql import each, listed


class Kind(IntEnum):
    """What a row is, as far as storage must know."""

    NAME = 0
    OBJECT = 1
    ACTIVITY = 2
    ACTOR = 3
    COLLECTION = 4


@dataclass(frozen=True, slots=True)
class ObjectRow:
    """One thing with an IRI. ``document`` is its JSON without ``@context``; None for a mere name.

    ``object`` and ``owner`` are row ids; instants are microseconds since 1970.
    """

    id: int
    iri: str
    kind: int
    type: str
    local: int
    owner: int | None
    object: int | None
    public: int
    document: str | None
    context: str | None
    published: int
    updated: int | None
    deleted: int | None


COLUMNS = "id, iri, kind, type, local, owner, object, public, document, context, published, updated, deleted"


def _row(row: Row | None) -> ObjectRow | None:
    return None if row is None else ObjectRow(*row)  # type: ignore[arg-type]


async def by_iri(tx: Transaction, iri: str) -> ObjectRow | None:
    """Find a thing by its IRI, compared character by character."""
    return _row(await tx.one(f"SELECT {COLUMNS} FROM objects WHERE iri = :iri", iri=iri))  # noqa: S608


async def by_id(tx: Transaction, id: int) -> ObjectRow | None:
    """Find a thing by its row id."""
    return _row(await tx.one(f"SELECT {COLUMNS} FROM objects WHERE id = :id", id=id))  # noqa: S608


async def id_of(tx: Transaction, iri: str) -> int | None:
    """Return the row id of an IRI, or None when we never heard of it."""
    row = await tx.one("SELECT id FROM objects WHERE iri = :iri", iri=iri)
    return None if row is None else cast(int, row[0])


async def iri_of(tx: Transaction, id: int) -> str:
    """Return the IRI of a row that exists."""
    row = await tx.one("SELECT iri FROM objects WHERE id = :id", id=id)
    if row is None:
        raise LookupError(id)
    return cast(str, row[0])


async def name(tx: Transaction, iri: str, *, now: int) -> int:
    """Return the row id of an IRI, noting the bare name of it when we never heard of it."""
    known = await id_of(tx, iri)
    if known is not None:
        return known
    id = next_id()
    await tx.run(
        "INSERT INTO objects (id, iri, kind, type, local, public, published)"
        " VALUES (:id, :iri, 0, '', 0, 0, :now) ON CONFLICT (iri) DO NOTHING",
        id=id, iri=iri, now=now,
    )  # fmt: skip
    known = await id_of(tx, iri)
    return id if known is None else known


async def ids_of(tx: Transaction, iris: Iterable[str]) -> dict[str, int]:
    """Return the row ids of those IRIs that we have heard of. One statement."""
    rows = await tx.all(
        "SELECT o.iri, o.id FROM objects o"  # noqa: S608
        f" WHERE o.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})",
        iris=listed((iri,) for iri in iris),
    )
    return dict(cast("list[tuple[str, int]]", rows))


async def names(tx: Transaction, iris: Iterable[str], *, now: int) -> dict[str, int]:
    """Return the row ids of IRIs, noting the bare names of those that we never heard of, in one order."""
    wanted = sorted(set(iris))
    known = await ids_of(tx, wanted)
    rows: list[dict[str, Value]] = [
        {"id": next_id(), "iri": iri, "now": now} for iri in wanted if iri not in known
    ]
    if not rows:
        return known
    noted = await tx.many(
        "INSERT INTO objects (id, iri, kind, type, local, public, published)"
        " VALUES (:id, :iri, 0, '', 0, 0, :now) ON CONFLICT (iri) DO NOTHING",
        rows,
    )
    if noted < len(rows):
        return await ids_of(tx, wanted)
    return known | {cast(str, row["iri"]): cast(int, row["id"]) for row in rows}


async def accounts(tx: Transaction, iris: Iterable[str]) -> dict[str, int]:
    """Return the row ids of those IRIs that actors of ours have. One statement."""
    rows = await tx.all(
        "SELECT o.iri, o.id FROM objects o WHERE o.kind = 3 AND o.local = 1"  # noqa: S608
        f" AND o.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})",
        iris=listed((iri,) for iri in iris),
    )
    return dict(cast("list[tuple[str, int]]", rows))


class Document(NamedTuple):
    """A document that is new, as a row. ``object`` is the one thing an activity acts on."""

    id: int
    iri: str
    kind: int
    type: str
    local: int
    owner: int | None
    object: int | None
    public: int
    document: str
    context: str | None
    published: int


_CHANGED: Final = "noted = (objects.noted | 1) + 1"
"""Says that the index of what happened has to look at a row again (``happenings``)."""
_PUT: Final = (
    f"INSERT INTO objects ({', '.join(Document._fields)})"  # noqa: S608
    f" VALUES ({', '.join(f':{name}' for name in Document._fields)})"
    " ON CONFLICT (iri) DO UPDATE SET kind = excluded.kind, type = excluded.type, local = excluded.local,"
    " owner = excluded.owner, object = excluded.object, public = excluded.public,"
    " document = excluded.document, context = excluded.context, published = excluded.published,"
    f" {_CHANGED} WHERE objects.document IS NULL AND objects.deleted IS NULL"
)


async def put(
    tx: Transaction,
    iri: str,
    kind: Kind,
    type: str,
    document: str,
    context: str | None,
    *,
    local: bool,
    owner: int | None,
    public: bool,
    published: int,
    object: int | None = None,
    id: int | None = None,
) -> int | None:
    """Store a document and return its row id; None, changing nothing, when one is stored already (SEC-022).

    A bare name of the same IRI, noted earlier by ``name``, is filled in and keeps its row id; otherwise
    the row gets ``id``, or a new one.
    """
    row = await tx.one(
        f"{_PUT} RETURNING id",
        id=id or next_id(), iri=iri, kind=int(kind), type=type, local=int(local), owner=owner, object=object,
        public=int(public), document=document, context=context, published=published,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def put_all(tx: Transaction, documents: Iterable[Document]) -> int:
    """Store documents whose rows are known: new ones, or those of their bare names; return how many were stored."""
    return await tx.many(f"{_PUT} AND objects.id = excluded.id", [one._asdict() for one in documents])


async def replace(
    tx: Transaction,
    id: int,
    type: str,
    document: str,
    context: str | None,
    *,
    public: bool | None,
    updated: int,
) -> None:
    """Give a thing a new document; with ``public`` None it stays as public as it was."""
    await tx.run(
        "UPDATE objects SET type = :type, document = :document, context = :context,"  # noqa: S608
        f" public = coalesce(:public, public), updated = :updated, {_CHANGED} WHERE id = :id",
        id=id, type=type, document=document, context=context, updated=updated,
        public=None if public is None else int(public),
    )  # fmt: skip
    await note_edit(tx, id)


async def publicise(tx: Transaction, id: int, public: bool) -> None:
    """Let everyone read a thing, or nobody whom it does not name."""
    await tx.run(
        f"UPDATE objects SET public = :public, {_CHANGED} WHERE id = :id",  # noqa: S608
        id=id, public=int(public),
    )  # fmt: skip


async def give(tx: Transaction, id: int, owner: int | None) -> None:
    """Let a thing belong to another actor, or to nobody."""
    await tx.run(
        f"UPDATE objects SET owner = :owner, {_CHANGED} WHERE id = :id",  # noqa: S608
        id=id, owner=owner,
    )  # fmt: skip


async def bury(tx: Transaction, id: int, tombstone: str, *, now: int) -> None:
    """Put a Tombstone in a thing's place; its id and owner stay known (SEC-023)."""
    await tx.run(
        "UPDATE objects SET type = 'Tombstone', document = :tombstone, context = NULL, deleted = :now,"  # noqa: S608
        f" {_CHANGED} WHERE id = :id",
        id=id, tombstone=tombstone, now=now,
    )  # fmt: skip
    await note_edit(tx, id)


async def forget(tx: Transaction, id: int) -> None:
    """Leave nothing but its name of a thing that no other document shows; something else may have it later."""
    await tx.run(
        "UPDATE objects SET kind = 0, type = '', owner = NULL, object = NULL, public = 0, document = NULL,"
        " context = NULL, updated = NULL, deleted = NULL WHERE id = :id",
        id=id,
    )


async def unbury(tx: Transaction, id: int) -> None:
    """Note that what stands in a thing's place is no Tombstone any more; ``replace`` says what it is."""
    await tx.run(f"UPDATE objects SET deleted = NULL, {_CHANGED} WHERE id = :id", id=id)  # noqa: S608


async def note_edit(tx: Transaction, id: int) -> None:
    """Count that some document shows something else from now on (``entries.stamp``), and tell who watches it."""
    await tx.run(
        "INSERT INTO meta (name, value) VALUES ('edits', '1') ON CONFLICT (name)"
        " DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)"
    )
    await tx.run("INSERT INTO edits (object, position) VALUES (:id, :position)", id=id, position=next_id())
    tx.wake(f"object:{id}")


async def owned_by(tx: Transaction, owner: int, *, after: int = 0, limit: int = 100) -> list[ObjectRow]:
    """Return living things of an owner in the order they were stored, a bounded number at a time."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM objects WHERE owner = :owner AND id > :after AND deleted IS NULL"  # noqa: S608
        " ORDER BY id LIMIT :limit",
        owner=owner, after=after, limit=limit,
    )  # fmt: skip
    return [ObjectRow(*row) for row in rows]  # type: ignore[arg-type]
