"""The first few reactions below many things at once (Feeds §9.2): for a page of activities, or of reactions.

Each function is one statement, and costs by what it returns, however many reactions there are: every list is the
beginning of an index.
"""

from collections.abc import Iterable

from storage.connection import Transaction, Value
from storage.feedreactions import COLUMNS, FeedReaction, few, from_row
from storage.sql import each, listed


async def of_each_kind(
    tx: Transaction,
    subjects: Iterable[int],
    *,
    most: int,
    kinds: Iterable[str] = (),
    author: str = "",
    oldest_first: bool = False,
) -> dict[int, list[FeedReaction]]:
    """Return the newest reactions of each kind to several things, or the oldest; ``most`` of each kind.

    With ``kinds`` of those kinds alone, with an ``author`` that user's alone.
    """
    wanted, kinds = sorted(set(subjects)), sorted(set(kinds))
    if not wanted:
        return {}
    order = "ASC" if oldest_first else "DESC"
    parameters: dict[str, Value] = {"subjects": listed((subject,) for subject in wanted), "most": most}
    of_author = of_kinds = ""
    if author:
        of_author, parameters["author"] = " AND x.author = :author", author
    if kinds:
        of_kinds = f" AND c.kind IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'kinds')})"  # noqa: S608
        parameters["kinds"] = listed((kind,) for kind in kinds)
    first = (
        f"x.subject = c.subject AND x.kind = c.kind{of_author} AND x.deleted IS NULL"
        f" ORDER BY x.position {order} LIMIT :most"
    )
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM feed_reaction_counts c {few(tx.engine, first)}"  # noqa: S608
        f" WHERE c.subject IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'subjects')})"
        f" AND c.total > 0{of_kinds} ORDER BY r.position {order}",
        **parameters,
    )
    return _by_subject(from_row(row) for row in rows)


async def of_all_kinds(
    tx: Transaction, subjects: Iterable[int], *, most: int
) -> dict[int, list[FeedReaction]]:
    """Return the newest reactions to several things, ``most`` to each."""
    wanted = sorted(set(subjects))
    if not wanted:
        return {}
    first = "x.subject = c.subject AND x.deleted IS NULL ORDER BY x.position DESC LIMIT :most"
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM (SELECT CAST(each.value ->> 0 AS BIGINT) AS subject FROM {each(tx.engine, 'subjects')})"  # noqa: S608
        f" c {few(tx.engine, first)} ORDER BY r.position DESC",
        subjects=listed((subject,) for subject in wanted), most=most,
    )  # fmt: skip
    return _by_subject(from_row(row) for row in rows)


def _by_subject(reactions: Iterable[FeedReaction]) -> dict[int, list[FeedReaction]]:
    found: dict[int, list[FeedReaction]] = {}
    for reaction in reactions:
        found.setdefault(reaction.subject, []).append(reaction)
    return found
