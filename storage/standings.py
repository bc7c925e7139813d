"""What readers may act on, and what they have done about it already (Atom §7): for a whole page by a few statements."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.audience import readable
from storage.connection import Transaction
from storage.entries import Viewer
from storage.sql import each, listed


class Thing(NamedTuple):
    """What an activity (``item``) is about: the document itself, or what it acts on.

    ``owner_iri`` is empty when nobody owns it. Of what was recorded at the Events API, ``tenant`` and ``stream_id``
    say what it is there.
    """

    item: int
    activity_iri: str
    id: int
    iri: str
    kind: int
    type: str
    local: int
    owner: int | None
    owner_iri: str
    owner_followers: str
    public: int
    document: str
    context: str | None
    tenant: int | None
    stream_id: str


_WANTED: Final = "(SELECT CAST(each.value ->> 0 AS BIGINT) FROM {})"
_THING: Final = (
    "SELECT a.id, a.iri, s.id, s.iri, s.kind, s.type, s.local, s.owner, coalesce(w.iri, ''),"
    " coalesce(p.followers, ''), s.public, s.document, s.context, e.tenant, coalesce(e.stream_id, '')"
    " FROM objects a LEFT JOIN objects o ON o.id = a.object AND o.document IS NOT NULL AND o.kind BETWEEN 1 AND 3"
    " JOIN objects s ON s.id = coalesce(o.id, a.id) LEFT JOIN objects w ON w.id = s.owner"
    " LEFT JOIN actors p ON p.id = s.owner"
    " LEFT JOIN events e ON e.id = s.id AND e.kind < 2 AND e.hidden = 0"
    " WHERE a.id IN {wanted} AND a.kind = 2 AND a.deleted IS NULL AND s.deleted IS NULL AND s.document IS NOT NULL"
    " AND (s.id = a.id OR s.kind = 3 OR {readable})"
)


async def things(tx: Transaction, items: Iterable[int], viewer: Viewer) -> dict[int, Thing]:
    """Return what activities are about that somebody may see, by activity; what they may not read is left out."""
    wanted = _WANTED.format(each(tx.engine, "items"))
    rows = await tx.all(
        _THING.format(wanted=wanted, readable=readable("s")),
        items=listed((item,) for item in items), viewer=viewer.id, viewer_iri=viewer.iri,
    )  # fmt: skip
    return {cast(int, row[0]): Thing(*row) for row in rows}  # type: ignore[arg-type]


async def reacted(tx: Transaction, actor: int, things: Iterable[int]) -> set[tuple[int, str]]:
    """Return how an actor has reacted to things: (thing, kind)."""
    wanted = _WANTED.format(each(tx.engine, "things"))
    rows = await tx.all(
        f"SELECT r.object, r.kind FROM reactions r WHERE r.actor = :actor AND r.object IN {wanted}",  # noqa: S608
        actor=actor, things=listed((thing,) for thing in things),
    )  # fmt: skip
    return set(cast("list[tuple[int, str]]", rows))


async def refusing(tx: Transaction, owners: Iterable[int], iri: str, host: str) -> set[int]:
    """Return which actors have blocked somebody, or all of their server."""
    wanted = _WANTED.format(each(tx.engine, "owners"))
    rows = await tx.all(
        f"SELECT DISTINCT b.actor FROM blocks b WHERE b.actor IN {wanted}"  # noqa: S608
        " AND (b.target = :iri AND b.kind = 'block' OR b.target = :host AND b.kind = 'domain')",
        owners=listed((owner,) for owner in owners), iri=iri, host=host,
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}


async def followed(tx: Transaction, actor: int, others: Iterable[int]) -> set[int]:
    """Return which of some actors somebody follows, or has asked to."""
    wanted = _WANTED.format(each(tx.engine, "others"))
    rows = await tx.all(
        "SELECT said.owner FROM streams said JOIN follows f ON f.source = said.id"  # noqa: S608
        " JOIN streams told ON told.id = f.target WHERE said.kind = 'outbox' AND told.kind = 'inbox'"
        f" AND told.owner = :actor AND said.owner IN {wanted}",
        actor=actor, others=listed((other,) for other in others),
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}


async def voted(tx: Transaction, tenant: int, voter: str, items: Iterable[int]) -> set[int]:
    """Return which items of the Events API a user, given by key, has voted for."""
    wanted = _WANTED.format(each(tx.engine, "items"))
    rows = await tx.all(
        "SELECT b.target FROM event_bumps b JOIN event_entities n ON n.id = b.actor"  # noqa: S608
        f" WHERE n.tenant = :tenant AND n.key = :voter AND b.value = 1 AND b.target IN {wanted}",
        tenant=tenant, voter=voter, items=listed((item,) for item in items),
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}


async def liked(tx: Transaction, tenant: int, user: str, kind: str, items: Iterable[int]) -> dict[int, str]:
    """Return the ids of a user's reactions of a kind, by the activity of a feed that they are to."""
    wanted = _WANTED.format(each(tx.engine, "items"))
    rows = await tx.all(
        "SELECT r.subject, r.name FROM feed_reactions r WHERE r.tenant = :tenant AND r.author = :user"  # noqa: S608
        f" AND r.kind = :kind AND r.deleted IS NULL AND r.subject IN {wanted}",
        tenant=tenant, user=user, kind=kind, items=listed((item,) for item in items),
    )  # fmt: skip
    return dict(cast("list[tuple[int, str]]", rows))


async def watchers(tx: Transaction, things: Iterable[int], *, limit: int) -> list[int]:
    """Return who watches one of some things."""
    wanted = _WANTED.format(each(tx.engine, "things"))
    rows = await tx.all(
        f"SELECT DISTINCT r.actor FROM reactions r WHERE r.kind = 'Watch' AND r.object IN {wanted} LIMIT :limit",  # noqa: S608
        things=listed((thing,) for thing in things), limit=limit,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]
