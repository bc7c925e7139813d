"""Which feeds to follow: those that are followed by whom one follows (Feeds §7.7)."""

from typing import NamedTuple, cast

from storage.connection import Transaction

FOLLOWED_MAX = 500
"""So many of those whom one follows are asked, the latest."""


class Recommendation(NamedTuple):
    """A feed by its name, and how many of those whom one follows do follow it."""

    feed: str
    followers: int


async def page(
    tx: Transaction, owner: int | None, user: str, *, reader: str, written: str, limit: int, offset: int
) -> list[Recommendation]:
    """Return what to follow for a user of the tenant whose feeds ``owner`` owns, the most followed first.

    Users read in feeds of the group ``reader`` and write in those of the group ``written``. What the user's reader
    follows already, and what they write in themselves, is left out. For ``scan``: it may read many rows.
    """
    rows = await tx.all(
        "WITH mine (source, created) AS (SELECT f.source, f.created FROM follows f JOIN streams me ON me.id = f.target"
        " WHERE me.owner = :owner AND me.kind = 'feed' AND me.name = :me)"
        " SELECT suggested.name, count(*) FROM"
        " (SELECT m.source FROM mine m ORDER BY m.created DESC, m.source DESC LIMIT :most) latest"
        " JOIN streams followed ON followed.id = latest.source"
        " AND substr(followed.name, 1, length(:written)) = :written"
        " JOIN streams theirs ON theirs.owner = :owner AND theirs.kind = 'feed'"
        " AND theirs.name = :reader || substr(followed.name, length(:written) + 1)"
        " JOIN follows second ON second.target = theirs.id"
        " JOIN streams suggested ON suggested.id = second.source AND suggested.kind = 'feed'"
        " WHERE suggested.name <> :own AND second.source NOT IN (SELECT source FROM mine)"
        " GROUP BY suggested.id, suggested.name ORDER BY count(*) DESC, suggested.id DESC LIMIT :limit OFFSET :offset",
        owner=owner, me=f"{reader}:{user}", own=f"{written}:{user}", written=f"{written}:", reader=f"{reader}:",
        most=FOLLOWED_MAX, limit=limit, offset=offset,
    )  # fmt: skip
    return [Recommendation(*cast("tuple[str, int]", row)) for row in rows]
