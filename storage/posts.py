"""Posts as people read them: with their author and their counts, in threads and in lists.

Only what everyone may read comes out of here (SEC-068, SEC-076), and nothing of the suspended (AP-640):
pages and feeds are made for anyone. Which posts belong to a thread or a list is one statement, what they
say is another, however many they are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, cast

from storage.connection import Row, Transaction
from storage.entries import NEWEST, OLDEST
from storage.ids import IDS_PER_US, at_instant
from storage.sql import each, listed

NO_POSTS = (
    "'Accept', 'Add', 'Block', 'Delete', 'Dislike', 'EmojiReact', 'Flag', 'Follow', 'Ignore', 'Invite', 'Join',"
    " 'Leave', 'Like', 'Move', 'Offer', 'Reject', 'Remove', 'TentativeAccept', 'TentativeReject', 'Undo', 'Update',"
    " 'QuoteRequest'"
)
"""Types of activities that are no news to someone who reads a profile."""
EVEN_SO: Final = "'Follow', 'Like', 'Update'"
"""Those of them that a reader may ask for (Atom §12.3)."""
TOGETHER: Final = 10 * 1_000_000 * IDS_PER_US
"""A thing and the activity that made it get their ids within ten seconds."""


@dataclass(frozen=True, slots=True)
class Post:
    """A thing with what stands around it.

    ``replies`` counts what everyone may read; ``likes`` and ``shares`` are None where nothing was counted, as
    for things of other servers, which count them themselves. Instants are microseconds since 1970.
    What is said of the author is None for one we know only by name, or not at all.
    """

    id: int
    iri: str
    kind: int
    type: str
    local: int
    document: str | None
    context: str | None
    published: int
    updated: int | None
    deleted: int | None
    author: int | None
    author_iri: str | None
    author_local: int | None
    author_document: str | None
    author_context: str | None
    author_name: str | None
    author_host: str | None
    author_handle: str | None
    replies: int
    likes: int | None
    shares: int | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a reply stands: below which thing, at which position, how deep."""

    item: int
    parent: int
    position: int
    depth: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One entry of a list: the activity, and what it shows, which may be itself."""

    position: int
    activity: int
    activity_type: str
    thing: int


_POST = (
    "SELECT o.id, o.iri, o.kind, o.type, o.local, o.document, o.context, o.published, o.updated, o.deleted, o.owner,"
    " w.iri, w.local, w.document, w.context, a.name, a.host, a.handle,"
    " coalesce((SELECT r.public_total FROM streams r WHERE r.owner = o.id AND r.kind = 'replies' AND r.name = ''), 0),"
    " (SELECT l.total FROM streams l WHERE l.owner = o.id AND l.kind = 'likes' AND l.name = ''),"
    " (SELECT s.total FROM streams s WHERE s.owner = o.id AND s.kind = 'shares' AND s.name = '')"
    " FROM objects o LEFT JOIN objects w ON w.id = o.owner LEFT JOIN actors a ON a.id = o.owner"
)


async def of_ids(tx: Transaction, ids: Iterable[int]) -> dict[int, Post]:
    """Return posts by their row ids, as far as everyone may read them and they are still there."""
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    rows = await tx.all(
        f"{_POST} WHERE o.id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})"  # noqa: S608
        " AND o.public = 1 AND o.deleted IS NULL AND o.document IS NOT NULL AND coalesce(a.state, 0) <> 2",
        ids=listed((id,) for id in wanted),
    )  # fmt: skip
    return {cast(int, row[0]): _post(row) for row in rows}


async def one(tx: Transaction, id: int) -> Post | None:
    """Return one post by its row id, whoever may read it: to be asked only for what a reader was shown."""
    row = await tx.one(f"{_POST} WHERE o.id = :id", id=id)
    return None if row is None else _post(row)


async def of_iris(tx: Transaction, iris: Iterable[str]) -> dict[str, Post]:
    """Return posts by their IRIs, as far as everyone may read them and they are still there."""
    wanted = sorted(set(iris))
    if not wanted:
        return {}
    rows = await tx.all(
        f"{_POST} WHERE o.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})"  # noqa: S608
        " AND o.public = 1 AND o.deleted IS NULL AND o.document IS NOT NULL AND coalesce(a.state, 0) <> 2",
        iris=listed((iri,) for iri in wanted),
    )  # fmt: skip
    return {cast(str, row[1]): _post(row) for row in rows}


def _post(row: Row) -> Post:
    return Post(*row)  # type: ignore[arg-type]


async def above(tx: Transaction, thing: int, *, depth: int) -> list[int]:
    """Return what a thing answers, what that answers and so on, the first of all first."""
    rows = await tx.all(
        "WITH RECURSIVE above (item, depth) AS (SELECT CAST(:thing AS BIGINT), 0 UNION ALL"
        " SELECT s.owner, above.depth + 1 FROM above JOIN entries e ON e.item = above.item"
        " JOIN streams s ON s.id = e.stream AND s.kind = 'replies' WHERE above.depth < :depth)"
        " SELECT item, max(depth) FROM above WHERE depth > 0 AND item <> :thing GROUP BY item ORDER BY 2 DESC",
        thing=thing, depth=depth,
    )  # fmt: skip
    return [cast(int, row[0]) for row in rows]


async def below(
    tx: Transaction, thing: int, *, after: int = OLDEST, first: int, breadth: int, depth: int, most: int
) -> list[Place]:
    """Return the places of the answers to a thing, oldest first, and of the answers to those.

    At most ``first`` directly below it, after a position; ``breadth`` below each other one; ``depth`` levels.
    ``most`` bounds them all, level by level.
    """
    rows = await tx.all(
        "WITH RECURSIVE below (item, parent, position, depth) AS ("
        "SELECT * FROM (SELECT e.item, s.owner, e.position, 1 FROM streams s JOIN entries e ON e.stream = s.id"
        " WHERE s.owner = :thing AND s.kind = 'replies' AND s.name = '' AND e.public = 1 AND e.position > :after"
        " ORDER BY e.position LIMIT :first) nearest UNION ALL"
        " SELECT e.item, s.owner, e.position, below.depth + 1 FROM below"
        " JOIN streams s ON s.owner = below.item AND s.kind = 'replies' AND s.name = ''"
        " JOIN entries e ON e.stream = s.id WHERE below.depth < :depth AND e.position IN ("
        "SELECT x.position FROM entries x WHERE x.stream = s.id AND x.public = 1 ORDER BY x.position LIMIT :breadth)"
        ") SELECT item, parent, position, depth FROM below LIMIT :most",
        thing=thing, after=after, first=first, breadth=breadth, depth=depth, most=most,
    )  # fmt: skip
    return [Place(*row) for row in rows]  # type: ignore[arg-type]


async def told(
    tx: Transaction,
    stream: int,
    *,
    before: int = NEWEST,
    after: int = OLDEST,
    limit: int,
    oldest_first: bool = False,
    every: bool = False,
) -> list[Listed]:
    """Return what an outbox tells everyone, strictly between two positions, newest first unless told otherwise.

    A Create or Announce shows its object, an Announce of a Create that one's object; of all other
    activities those that are news themselves (``NO_POSTS``), and with ``every`` some more (``EVEN_SO``).
    """
    more = f" OR a.type IN ({EVEN_SO})" if every else ""
    direction = "ASC" if oldest_first else "DESC"
    rows = await tx.all(
        "SELECT e.position, a.id, a.type, t.id FROM entries e JOIN objects a ON a.id = e.item"  # noqa: S608
        " LEFT JOIN objects o ON o.id = a.object AND a.type IN ('Create', 'Announce')"
        " LEFT JOIN objects i ON i.id = o.object AND o.type = 'Create'"
        " JOIN objects t ON t.id = coalesce(i.id, o.id, a.id)"
        " WHERE e.stream = :stream AND e.public = 1 AND e.position < :before AND e.position > :after"
        f" AND (a.type NOT IN ({NO_POSTS}){more}) AND (a.type NOT IN ('Create', 'Announce') OR t.id <> a.id)"
        " AND t.public = 1 AND t.deleted IS NULL AND t.document IS NOT NULL AND t.kind IN (1, 2)"
        f" ORDER BY e.position {direction} LIMIT :limit",
        stream=stream, before=before, after=after, limit=limit,
    )  # fmt: skip
    return [Listed(*row) for row in rows]  # type: ignore[arg-type]


async def buried(tx: Transaction, stream: int, *, since: int, limit: int) -> list[tuple[str, int]]:
    """Return what an outbox told everyone and took back since an instant, the last first: activity and when it was.

    Both are found by the ids of what was done, which grow with time; instants are microseconds since 1970.
    """
    rows = await tx.all(
        "SELECT c.iri, t.deleted FROM entries e JOIN objects d ON d.id = e.item AND d.type = 'Delete'"
        " JOIN objects t ON t.id = d.object AND t.deleted IS NOT NULL"
        " JOIN objects c ON c.owner = t.owner AND c.object = t.id AND c.type = 'Create' AND c.public = 1"
        " AND c.id > t.id - :together AND c.id < t.id + :together"
        " WHERE e.stream = :stream AND e.public = 1 AND e.position > :since ORDER BY e.position DESC LIMIT :limit",
        stream=stream, since=at_instant(since), together=TOGETHER, limit=limit,
    )  # fmt: skip
    return [(cast(str, row[0]), cast(int, row[1])) for row in rows]


async def listed_in(
    tx: Transaction,
    stream: int,
    *,
    before: int = NEWEST,
    after: int = OLDEST,
    limit: int,
    oldest_first: bool = False,
) -> list[Listed]:
    """Return the things in a list of objects that everyone may read, strictly between two positions."""
    direction = "ASC" if oldest_first else "DESC"
    rows = await tx.all(
        "SELECT e.position, t.id, t.type, t.id FROM entries e JOIN objects t ON t.id = e.item"  # noqa: S608
        " WHERE e.stream = :stream AND e.public = 1 AND e.position < :before AND e.position > :after"
        " AND t.public = 1 AND t.deleted IS NULL AND t.document IS NOT NULL AND t.kind IN (1, 2)"
        f" ORDER BY e.position {direction} LIMIT :limit",
        stream=stream, before=before, after=after, limit=limit,
    )  # fmt: skip
    return [Listed(*row) for row in rows]  # type: ignore[arg-type]
