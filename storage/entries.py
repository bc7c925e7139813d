"""Streams and their entries: every inbox, outbox, followers list, feed and channel in two tables.

An entry refers to a row of ``objects`` and has a position, which only grows; pages are cut by position,
never by counting, so that page one and page one million cost the same (AP-155, AP-156).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import cast

from storage.audience import readable
from storage.connection import Row, Transaction, Value
from storage.ids import next_id
from storage.sql import each, listed

OLDEST = 0
NEWEST = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Stream:
    """An ordered list of references. ``total`` counts all entries, ``public_total`` those anyone may see."""

    id: int
    owner: int
    kind: str
    name: str
    iri: str | None
    total: int
    public_total: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry with what is needed to show it: the item and, for an activity, the thing it acts on."""

    position: int
    id: int
    iri: str
    kind: int
    owner: int | None
    document: str | None
    context: str | None
    object: int | None
    object_iri: str | None
    object_kind: int | None
    object_owner: int | None
    object_public: int | None
    object_document: str | None
    object_context: str | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is reading: the row id and IRI of a known actor."""

    id: int
    iri: str


_COUNT = (
    "UPDATE streams SET total = total + :change, public_total = public_total + :public, version = version + 1"
    " WHERE id = :stream"
)
_STREAM = "SELECT id, owner, kind, name, iri, total, public_total FROM streams"
_SHOWN = (
    " o.id, o.iri, o.kind, o.owner,"
    " CASE WHEN EXISTS (SELECT 1 FROM actors w WHERE w.id = o.owner AND w.state = 2) THEN 0 ELSE o.public END,"
    " o.document, o.context"
)
"""What an entry is about; nothing of a suspended actor is public (AP-640)."""
_ENTRY = (
    f"SELECT e.position, a.id, a.iri, a.kind, a.owner, a.document, a.context,{_SHOWN}"  # noqa: S608
    " FROM entries e JOIN objects a ON a.id = e.item LEFT JOIN objects o ON o.id = a.object"
    " WHERE e.stream = :stream"
)


def _stream(row: Row | None) -> Stream | None:
    return None if row is None else Stream(*row)  # type: ignore[arg-type]


async def find(tx: Transaction, owner: int, kind: str, name: str = "") -> Stream | None:
    """Find the stream of a kind that an actor or object owns."""
    return _stream(
        await tx.one(
            f"{_STREAM} WHERE owner = :owner AND kind = :kind AND name = :name",
            owner=owner, kind=kind, name=name,
        )
    )  # fmt: skip


async def by_iri(tx: Transaction, iri: str) -> Stream | None:
    """Find a stream that can be addressed by its IRI."""
    return _stream(await tx.one(f"{_STREAM} WHERE iri = :iri", iri=iri))


async def ensure(tx: Transaction, owner: int, kind: str, *, name: str = "", iri: str | None = None) -> int:
    """Return the id of a stream, making it when it is not there yet."""
    row = await tx.one(
        "SELECT id FROM streams WHERE owner = :owner AND kind = :kind AND name = :name",
        owner=owner, kind=kind, name=name,
    )  # fmt: skip
    if row is None:
        await tx.run(
            "INSERT INTO streams (id, owner, kind, name, iri) VALUES (:id, :owner, :kind, :name, :iri)"
            " ON CONFLICT (owner, kind, name) DO NOTHING",
            id=next_id(), owner=owner, kind=kind, name=name, iri=iri,
        )  # fmt: skip
        tx.wake(f"streams:{owner}")
        row = await tx.one(
            "SELECT id FROM streams WHERE owner = :owner AND kind = :kind AND name = :name",
            owner=owner, kind=kind, name=name,
        )  # fmt: skip
    if row is None:
        raise LookupError(kind)
    return cast(int, row[0])


async def ensure_all(tx: Transaction, kind: str, owners: Mapping[int, str | None]) -> dict[int, int]:
    """Return the streams of a kind that several owners have, making those that are not there with their IRIs."""
    known = await _streams_of(tx, kind, owners)
    rows: list[dict[str, Value]] = [
        {"id": next_id(), "owner": owner, "kind": kind, "iri": iri}
        for owner, iri in sorted(owners.items())
        if owner not in known
    ]
    if not rows:
        return known
    await tx.many(
        "INSERT INTO streams (id, owner, kind, name, iri) VALUES (:id, :owner, :kind, '', :iri)"
        " ON CONFLICT (owner, kind, name) DO NOTHING",
        rows,
    )
    tx.wake(*(f"streams:{owner}" for owner in owners if owner not in known))
    return await _streams_of(tx, kind, owners)


async def _streams_of(tx: Transaction, kind: str, owners: Iterable[int]) -> dict[int, int]:
    rows = await tx.all(
        "SELECT s.owner, s.id FROM streams s WHERE s.kind = :kind AND s.name = ''"  # noqa: S608
        f" AND s.owner IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'owners')})",
        kind=kind, owners=listed((owner,) for owner in owners),
    )  # fmt: skip
    return dict(cast("list[tuple[int, int]]", rows))


async def owner(tx: Transaction, stream: int) -> int:
    """Return the row id of who owns a stream that exists."""
    row = await tx.one("SELECT owner FROM streams WHERE id = :stream", stream=stream)
    if row is None:
        raise LookupError(stream)
    return cast(int, row[0])


async def add(
    tx: Transaction, stream: int, item: int, *, public: bool = False, position: int | None = None
) -> bool:
    """Put an item into a stream, at the top unless a position is given; False when it is there already."""
    added = await tx.run(
        "INSERT INTO entries (stream, position, item, public) VALUES (:stream, :position, :item, :public)"
        " ON CONFLICT (item, stream) DO NOTHING",
        stream=stream, position=position or next_id(), item=item, public=int(public),
    )  # fmt: skip
    if not added:
        return False
    await tx.many(_COUNT, [{"change": 1, "public": int(public), "stream": stream}])
    tx.wake(f"stream:{stream}")
    return True


async def add_all(
    tx: Transaction,
    entered: Iterable[tuple[int, int, bool]],
    *,
    positions: Mapping[int, int] = MappingProxyType({}),
) -> None:
    """Put items into streams, in one order: (stream, item, whether everyone may see it there).

    At the top, unless ``positions`` has one for the item. An item that is in a stream already stays where it is. A few
    statements.
    """
    wanted = {(stream, item): public for stream, item, public in entered}
    known = await tx.all(
        "SELECT e.stream, e.item FROM entries e"  # noqa: S608
        f" WHERE e.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in sorted({item for _, item in wanted})),
    )
    there = set(known)
    rows: list[dict[str, Value]] = [
        {"stream": stream, "position": positions.get(item) or next_id(), "item": item, "public": int(public)}
        for (stream, item), public in sorted(wanted.items())
        if (stream, item) not in there
    ]
    await tx.many(
        "INSERT INTO entries (stream, position, item, public) VALUES (:stream, :position, :item, :public)",
        rows,
    )
    counts: dict[int, dict[str, Value]] = {}
    for row in rows:
        stream = cast(int, row["stream"])
        count = counts.setdefault(stream, {"stream": stream, "change": 0, "public": 0})
        count["change"] = cast(int, count["change"]) + 1
        count["public"] = cast(int, count["public"]) + cast(int, row["public"])
    await tx.many(_COUNT, counts.values())
    tx.wake(*(f"stream:{stream}" for stream in counts))


async def append(tx: Transaction, owner: int, kind: str, item: int, *, public: bool) -> None:
    """Put something new at the top of a stream that its owner is known to have."""
    row = await tx.one(
        "UPDATE streams SET total = total + 1, public_total = public_total + :public, version = version + 1"
        " WHERE owner = :owner AND kind = :kind AND name = '' RETURNING id",
        public=int(public), owner=owner, kind=kind,
    )  # fmt: skip
    if row is None:
        raise LookupError(kind)
    await tx.run(
        "INSERT INTO entries (stream, position, item, public) VALUES (:stream, :position, :item, :public)",
        stream=row[0], position=next_id(), item=item, public=int(public),
    )  # fmt: skip
    tx.wake(f"stream:{cast(int, row[0])}")


async def remove(tx: Transaction, stream: int, item: int) -> bool:
    """Take an item out of a stream; False when it was not there."""
    row = await tx.one(
        "DELETE FROM entries WHERE stream = :stream AND item = :item RETURNING public",
        stream=stream, item=item,
    )  # fmt: skip
    if row is None:
        return False
    await tx.many(_COUNT, [{"change": -1, "public": -cast(int, row[0]), "stream": stream}])
    await tx.run(
        "INSERT INTO removals (stream, position, item) VALUES (:stream, :position, :item)",
        stream=stream, position=next_id(), item=item,
    )  # fmt: skip
    tx.wake(f"stream:{stream}")
    return True


async def withdraw(tx: Transaction, item: int, owner: int) -> None:
    """Take an item out of every stream of anyone but its owner."""
    rows = await tx.all(
        "SELECT e.stream FROM entries e JOIN streams s ON s.id = e.stream"
        " WHERE e.item = :item AND s.owner <> :owner",
        item=item, owner=owner,
    )  # fmt: skip
    for (stream,) in rows:
        await remove(tx, cast(int, stream), item)


async def remove_everywhere(tx: Transaction, item: int, kinds: Iterable[str]) -> None:
    """Take an item out of every stream of these kinds."""
    wanted: dict[str, Value] = {f"kind{n}": kind for n, kind in enumerate(kinds)}
    rows = await tx.all(
        "SELECT e.stream FROM entries e JOIN streams s ON s.id = e.stream"  # noqa: S608
        f" WHERE e.item = :item AND s.kind IN ({', '.join(f':{name}' for name in wanted)})",
        item=item, **wanted,
    )  # fmt: skip
    for (stream,) in rows:
        await remove(tx, cast(int, stream), item)


async def show(tx: Transaction, item: int, kind: str, *, public: bool) -> None:
    """Let anyone see an item in the streams of a kind, or nobody whom it does not name."""
    rows = await tx.all(
        "UPDATE entries SET public = :public WHERE item = :item AND public <> :public"
        " AND stream IN (SELECT id FROM streams WHERE id = entries.stream AND kind = :kind) RETURNING stream",
        item=item, kind=kind, public=int(public),
    )  # fmt: skip
    change = 1 if public else -1
    await tx.many(_COUNT, [{"change": 0, "public": change, "stream": row[0]} for row in rows])


async def has(tx: Transaction, stream: int, item: int) -> bool:
    """Tell whether an item is in a stream."""
    row = await tx.one(
        "SELECT 1 FROM entries WHERE item = :item AND stream = :stream", item=item, stream=stream
    )
    return row is not None


async def holding(tx: Transaction, item: int, kind: str) -> list[Stream]:
    """Return the streams of a kind that hold an item."""
    rows = await tx.all(
        "SELECT s.id, s.owner, s.kind, s.name, s.iri, s.total, s.public_total"
        " FROM entries e JOIN streams s ON s.id = e.stream WHERE e.item = :item AND s.kind = :kind",
        item=item, kind=kind,
    )  # fmt: skip
    return [Stream(*row) for row in rows]  # type: ignore[arg-type]


_NOT_OF = (
    " AND NOT EXISTS (SELECT 1 FROM blocks b JOIN actors author ON author.id = :author"
    " JOIN objects named ON named.id = author.id WHERE b.actor = s.owner AND"
    " (b.target = named.iri AND b.kind IN ('block', 'mute') OR b.target = author.host AND b.kind = 'domain'))"
)


async def copy_to_followers(
    tx: Transaction, source: int, item: int, *, public: bool, author: int | None = None
) -> int:
    """Put an item into every local stream that follows a source; return how many got it.

    Whoever has muted the owner of the source goes on following, and gets nothing (AP-641). With ``author``
    the item brings the words of that other actor, and whoever has blocked or muted them gets nothing (AP-256).

    One statement writes the copies, so that a thousand cost little more than one.
    """
    unwanted, parameters = ("", {}) if author is None else (_NOT_OF, {"author": author})
    rows = await tx.all(
        "INSERT INTO entries (stream, position, item, public)"  # noqa: S608
        " SELECT f.target, :position, :item, :public FROM follows f"
        " JOIN streams s ON s.id = f.target JOIN objects who ON who.id = s.owner"
        " WHERE f.source = :source AND f.state = 1 AND who.local = 1"
        " AND NOT EXISTS (SELECT 1 FROM blocks b WHERE b.actor = s.owner AND b.kind = 'mute' AND b.target ="
        " (SELECT said.iri FROM objects said JOIN streams o ON o.owner = said.id WHERE o.id = :source))"
        f"{unwanted} ON CONFLICT (item, stream) DO NOTHING RETURNING stream",
        position=next_id(), item=item, public=int(public), source=source, **parameters,
    )  # fmt: skip
    if rows:
        await tx.many(_COUNT, [{"change": 1, "public": int(public), "stream": row[0]} for row in rows])
        tx.wake(*(f"stream:{cast(int, row[0])}" for row in rows))
    return len(rows)


def _seen(viewer: Viewer | None, whole: bool) -> tuple[str, dict[str, int | str]]:
    """Return the SQL condition for what a reader sees of a stream, and its parameters."""
    if whole:
        return "", {}
    if viewer is None:
        return " AND e.public = 1", {}
    return f" AND (e.public = 1 OR {readable('a')})", {"viewer": viewer.id, "viewer_iri": viewer.iri}


async def page(
    tx: Transaction,
    stream: int,
    *,
    viewer: Viewer | None,
    whole: bool,
    before: int = NEWEST,
    after: int = OLDEST,
    limit: int = 20,
    oldest_first: bool = False,
) -> list[Entry]:
    """Return the entries strictly between two positions, newest first unless told otherwise.

    ``whole`` shows every entry (the owner reads); otherwise only what the viewer may read.
    """
    condition, parameters = _seen(viewer, whole)
    direction = "ASC" if oldest_first else "DESC"
    rows = await tx.all(
        f"{_ENTRY} AND e.position < :before AND e.position > :after{condition}"
        f" ORDER BY e.position {direction} LIMIT :limit",
        stream=stream, before=before, after=after, limit=limit, **parameters,
    )  # fmt: skip
    return [Entry(*row) for row in rows]  # type: ignore[arg-type]


async def edges(
    tx: Transaction,
    stream: int,
    *,
    viewer: Viewer | None,
    whole: bool,
    before: int = NEWEST,
    after: int = OLDEST,
    limit: int = 20,
    oldest_first: bool = False,
) -> tuple[int, int] | None:
    """Return the nearest and the farthest position of a page of this size, None when it would be empty.

    Page IRIs carry both as bounds, so that a page asked for again has the same entries (AP-155).
    """
    condition, parameters = _seen(viewer, whole)
    direction = "ASC" if oldest_first else "DESC"
    join = "" if whole or viewer is None else " JOIN objects a ON a.id = e.item"
    rows = await tx.all(
        f"SELECT e.position FROM entries e{join} WHERE e.stream = :stream"  # noqa: S608
        f" AND e.position < :before AND e.position > :after{condition}"
        f" ORDER BY e.position {direction} LIMIT :limit",
        stream=stream, before=before, after=after, limit=limit, **parameters,
    )  # fmt: skip
    return (cast(int, rows[0][0]), cast(int, rows[-1][0])) if rows else None


async def position(
    tx: Transaction, stream: int, iri: str, *, viewer: Viewer | None, whole: bool
) -> int | None:
    """Return where an item is in a stream; None when it is not, or the viewer may not read it."""
    condition, parameters = _seen(viewer, whole)
    row = await tx.one(
        "SELECT e.position FROM objects a JOIN entries e ON e.item = a.id AND e.stream = :stream"  # noqa: S608
        f" WHERE a.iri = :iri{condition}",
        stream=stream, iri=iri, **parameters,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def one(tx: Transaction, item: int) -> Entry | None:
    """Return a single item as a page would show it, whichever streams it is in."""
    row = await tx.one(
        f"SELECT 0, a.id, a.iri, a.kind, a.owner, a.document, a.context,{_SHOWN}"  # noqa: S608
        " FROM objects a LEFT JOIN objects o ON o.id = a.object WHERE a.id = :item",
        item=item,
    )  # fmt: skip
    return None if row is None else Entry(*row)  # type: ignore[arg-type]


async def stamp(tx: Transaction, name: str, kind: str) -> tuple[Value, ...] | None:
    """Return what changes whenever a page of a stream of one of our actors may show something else.

    Its state, its stream's entries and every edit of any stored document have a part in it. None when
    there is no such stream. One statement.
    """
    return await tx.one(
        "SELECT a.version, a.state, s.version, (SELECT value FROM meta WHERE name = 'edits')"
        " FROM actors a JOIN streams s ON s.owner = a.id"
        " WHERE a.handle = :handle AND s.kind = :kind AND s.name = ''",
        handle=name.lower(), kind=kind,
    )  # fmt: skip


async def count(tx: Transaction, stream: Stream, *, viewer: Viewer | None, whole: bool) -> int:
    """Return how many entries this reader would meet on a walk through all pages (AP-157)."""
    if whole:
        return stream.total
    if viewer is None or stream.total == stream.public_total:
        return stream.public_total
    row = await tx.one(
        "SELECT count(*) FROM entries e JOIN objects a ON a.id = e.item"  # noqa: S608
        f" WHERE e.stream = :stream AND e.public = 0 AND {readable('a')}",
        stream=stream.id, viewer=viewer.id, viewer_iri=viewer.iri,
    )  # fmt: skip
    return stream.public_total + (cast(int, row[0]) if row else 0)


async def count_public_posts(tx: Transaction) -> int:
    """Return how many public activities our own accounts have in their outboxes."""
    row = await tx.one(
        "SELECT coalesce(sum(s.public_total), 0) FROM streams s JOIN actors a ON a.id = s.owner"
        " WHERE s.kind = 'outbox' AND a.handle IS NOT NULL"
    )
    return cast(int, row[0]) if row else 0
