"""What users of the Events API are told of (Events §13): one notice for each user, type and cause."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage import eventaudience
from storage.connection import Row, Transaction, Value
from storage.eventaudience import Parties
from storage.eventcounts import ON


class Notice(NamedTuple):
    """One notice; its body is JSON without what changes. ``item`` is the row that one must be allowed to read."""

    id: int
    owner: int
    stream_id: str
    type: str
    cause: str
    item: int | None
    occurred: int
    seen: bool
    body: str


_COLUMNS: Final = "n.id, n.owner, n.stream_id, n.type, n.cause, n.item, n.occurred, n.seen, n.body"


def _notice(row: Row) -> Notice:
    made = Notice(*row)  # type: ignore[arg-type]
    return made._replace(seen=bool(made.seen))


async def add(tx: Transaction, notices: Iterable[Notice], *, anew: bool = False) -> list[int]:
    """Add notices and return the numbers of those that were not there; with ``anew`` those there are told again."""
    again = (
        "DO UPDATE SET id = excluded.id, occurred = excluded.occurred, seen = 0,"
        " body = excluded.body WHERE event_notices.body <> excluded.body"
        if anew
        else "DO NOTHING"
    )
    added: list[int] = []
    for one in notices:
        row = await tx.one(
            "INSERT INTO event_notices (id, owner, stream_id, type, cause, item, occurred, seen, body)"  # noqa: S608
            " VALUES (:id, :owner, :stream_id, :type, :cause, :item, :occurred, :seen, :body)"
            f" ON CONFLICT (owner, type, cause) {again} RETURNING id",
            **{**one._asdict(), "seen": int(one.seen)},
        )
        added += () if row is None else (cast(int, row[0]),)
    return added


async def page(
    tx: Transaction,
    owner: int,
    parties: Parties,
    *,
    unread: bool | None = None,
    limit: int,
    offset: int,
) -> list[Notice]:
    """List what a user is told, the newest first, as far as one of ``parties`` may read it; with None all of it."""
    condition, parameters = _condition(tx, parties, unread)
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM event_notices n WHERE n.owner = :owner{condition}"  # noqa: S608
        " ORDER BY n.id DESC LIMIT :limit OFFSET :offset",
        owner=owner, limit=limit, offset=offset, **parameters,
    )  # fmt: skip
    return [_notice(row) for row in rows]


async def count(
    tx: Transaction, owner: int, parties: Parties, *, unread: bool | None = None, most: int
) -> int:
    """Count what a user is told, as far as ``most``."""
    condition, parameters = _condition(tx, parties, unread)
    row = await tx.one(
        f"SELECT count(*) FROM (SELECT 1 FROM event_notices n WHERE n.owner = :owner{condition} LIMIT :most) counted",  # noqa: S608
        owner=owner, most=most, **parameters,
    )  # fmt: skip
    return 0 if row is None else cast(int, row[0])


def _condition(tx: Transaction, parties: Parties, unread: bool | None) -> tuple[str, dict[str, Value]]:
    seen = {None: "", True: " AND n.seen = 0", False: " AND n.seen = 1"}[unread]
    if parties is None:
        return seen, {}
    item = eventaudience.item(tx.engine, "e", parties)
    entity = eventaudience.entity(tx.engine, "x", parties)
    readable = (
        "(n.item IS NULL"  # noqa: S608
        f" OR EXISTS (SELECT 1 FROM events e WHERE e.id = n.item AND e.hidden = 0 AND {item})"
        f" OR EXISTS (SELECT 1 FROM event_entities x WHERE x.id = n.item AND {entity}))"
    )
    return f"{seen} AND {readable}", eventaudience.named(parties)


async def find(tx: Transaction, owner: int, stream_id: str, parties: Parties) -> Notice | None:
    """Return one notice of a user, None when there is none that one of ``parties`` may read."""
    condition, parameters = _condition(tx, parties, None)
    row = await tx.one(
        f"SELECT {_COLUMNS} FROM event_notices n WHERE n.stream_id = :stream_id AND n.owner = :owner{condition}",  # noqa: S608
        owner=owner, stream_id=stream_id, **parameters,
    )  # fmt: skip
    return None if row is None else _notice(row)


async def read(tx: Transaction, owner: int, id: int | None = None, *, limit: int) -> int:
    """Mark one notice of a user as read, or with None so many of them at most; return how many that changed."""
    one = "" if id is None else " AND id = :id"
    parameters = {} if id is None else {"id": id}
    return await tx.run(
        "UPDATE event_notices SET seen = 1 WHERE id IN"  # noqa: S608
        f" (SELECT id FROM event_notices WHERE owner = :owner AND seen = 0{one} ORDER BY id LIMIT :limit)",
        owner=owner, limit=limit, **parameters,
    )  # fmt: skip


_QUOTING: Final = (
    "(item = :item OR item IN (SELECT r.item FROM event_roles r WHERE r.named = :item AND r.path = :on))"
)
"""Notices of an item, and of comments on it."""


async def quoting(tx: Transaction, item: int) -> list[Notice]:
    """Return the notices, whoever they are for, in which an item may be quoted. One statement."""
    rows = await tx.all(f"SELECT {_COLUMNS} FROM event_notices n WHERE {_QUOTING}", item=item, on=ON)  # noqa: S608
    return [_notice(row) for row in rows]


async def rewrite(tx: Transaction, bodies: Iterable[tuple[int, str]]) -> None:
    """Let notices say something else; whoever has read them has."""
    await tx.many(
        "UPDATE event_notices SET body = :body WHERE id = :id",
        [{"id": id, "body": body} for id, body in sorted(bodies)],
    )


async def forget(tx: Transaction, item: int) -> None:
    """Remove the notices in which an item may be quoted. One statement."""
    await tx.run(f"DELETE FROM event_notices WHERE {_QUOTING}", item=item, on=ON)  # noqa: S608


_STEWARDS: Final = (
    "SELECT target FROM event_links WHERE source = :entity AND path IN ('MANAGED_BY', 'CREATED_BY') AND {active}"
    " UNION SELECT source FROM event_links WHERE target = :entity AND path = 'MANAGES' AND {active}"
    " UNION SELECT a.named FROM (SELECT item FROM event_roles WHERE named = :entity ORDER BY occurred, item LIMIT 20) f"
    " JOIN events e ON e.id = f.item AND e.type = 'as.entity.created' JOIN event_roles a ON a.item = e.id"
    " WHERE a.path = 'ACTOR' OR a.path LIKE 'ACTOR:%' LIMIT :limit"
).replace("{active}", "active_until IS NULL")


async def stewards(tx: Transaction, entity: int, *, limit: int) -> set[int]:
    """Return who manages an entity by a link, or caused the event that tells how it came to be. One statement."""
    rows = await tx.all(_STEWARDS, entity=entity, limit=limit)
    return {cast(int, row[0]) for row in rows}
