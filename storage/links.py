"""Activities of accounts in the feeds of the same name: what account ``ada`` says is in ``user:ada``."""

from typing import NamedTuple, cast

from storage.connection import Transaction, Value
from storage.feedactivities import Key, actor_mark
from storage.ids import next_id
from storage.placements import Shown


class Link(NamedTuple):
    """A feed that an account's activities enter: the number of the default tenant, and the feed's stream."""

    tenant: int
    stream: int


async def find(tx: Transaction, feed: str) -> Link | None:
    """Return a feed of the default tenant by its name, if it was ever used. One statement."""
    row = await tx.one(
        "SELECT t.id, s.id FROM tenants t JOIN streams s ON s.owner = t.object AND s.kind = 'feed'"
        " AND s.name = :feed WHERE t.label = 'default'",
        feed=feed,
    )
    return None if row is None else Link(*cast("tuple[int, int]", row))


class Said(NamedTuple):
    """An activity of an account: its row and IRI, when it was said, whether to everyone, what it is about."""

    item: int
    iri: str
    published: int
    public: int
    about: int | None


async def newest(tx: Transaction, actor: int, prefix: str, but: frozenset[str], *, limit: int) -> list[Said]:
    """Return what an account said last and no feed knows yet, the newest first; what it took back is left out.

    ``prefix`` is what the IRIs of its activities begin with; of the types in ``but`` none is returned.
    """
    types = {f"type{n}": type for n, type in enumerate(sorted(but))}
    rows = await tx.all(
        "SELECT a.id, a.iri, a.published, a.public, a.object FROM streams s"  # noqa: S608
        " JOIN entries e ON e.stream = s.id JOIN objects a ON a.id = e.item"
        " WHERE s.owner = :actor AND s.kind = 'outbox' AND s.name = '' AND a.kind = 2 AND a.deleted IS NULL"
        f" AND a.type NOT IN ({', '.join(f':{name}' for name in types)})"
        " AND substr(a.iri, 1, length(:prefix)) = :prefix"
        " AND (a.type NOT IN ('Announce', 'Dislike', 'EmojiReact', 'Like')"
        " OR EXISTS (SELECT 1 FROM reactions r WHERE r.activity = a.id))"
        " AND (a.type <> 'Follow' OR EXISTS (SELECT 1 FROM follows f WHERE f.activity = a.id))"
        " AND NOT EXISTS (SELECT 1 FROM feed_activities k WHERE k.item = a.id)"
        " ORDER BY e.position DESC LIMIT :limit",
        actor=actor, prefix=prefix, limit=limit, **types,
    )  # fmt: skip
    return [Said(*cast("tuple[int, str, int, int, int | None]", row)) for row in rows]


async def enter(tx: Transaction, link: Link, actor: str, said: list[tuple[Said, Key, Shown]]) -> None:
    """Let a feed have activities of an account, with the ids that they have there. A few statements.

    ``actor`` is what names the account in feeds.
    """
    mark = actor_mark(actor)
    rows: list[dict[str, Value]] = [
        {
            "item": one.item, "tenant": link.tenant, "position": key.position, "tie": key.tie,
            "actor": mark, "foreign_id": one.iri, "stream": link.stream, "shown": int(shown), "placed": next_id(),
            "about": one.item if one.about is None else one.about,
        }
        for one, key, shown in said
    ]  # fmt: skip
    for statement, members in _ENTER:
        await tx.many(statement, [{name: row[name] for name in members} for row in rows])


_ENTER = (
    (
        "INSERT INTO feed_activities (item, tenant, position, tie, actor, foreign_id)"
        " VALUES (:item, :tenant, :position, :tie, :actor, :foreign_id) ON CONFLICT DO NOTHING",
        ("item", "tenant", "position", "tie", "actor", "foreign_id"),
    ),
    (
        "INSERT INTO placements (stream, position, tie, item, way, shown, placed)"
        " VALUES (:stream, :position, :tie, :item, 0, :shown, :placed) ON CONFLICT (stream, position, tie) DO NOTHING",
        ("stream", "position", "tie", "item", "shown", "placed"),
    ),
    (
        "INSERT INTO linked (about, item) VALUES (:about, :item) ON CONFLICT (about, item) DO NOTHING",
        ("about", "item"),
    ),
)


class Linked(NamedTuple):
    """An activity of an account that feeds of a tenant know, by its row."""

    item: int
    tenant: int


async def about(tx: Transaction, thing: int) -> list[Linked]:
    """Return the activities in feeds that are about something, or are it. One statement."""
    rows = await tx.all(
        "SELECT k.item, k.tenant FROM (SELECT item FROM linked WHERE about = :thing"
        " UNION SELECT item FROM linked WHERE item = :thing) l JOIN feed_activities k ON k.item = l.item",
        thing=thing,
    )
    return [Linked(*cast("tuple[int, int]", row)) for row in rows]


async def forget(tx: Transaction, item: int) -> None:
    """Let feeds know an activity of an account no more; it must be in none."""
    await tx.run("DELETE FROM linked WHERE item = :item", item=item)
    await tx.run("DELETE FROM feed_activities WHERE item = :item", item=item)
