"""What entities of the Events API did at other doors: activities in their outboxes that are no events (Events §6.4)."""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Transaction
from storage.sql import each, listed

LOOKED_AT_MAX: Final = 10_000
"""So many of the newest entries of outboxes are looked at, events among them;"""
FOUND_MAX: Final = 1_000
"""and so many activities are found at most."""

_NEWEST: Final = (
    "SELECT a.iri, a.published, a.document, a.context, o.iri, o.document, o.context FROM"
    " (SELECT n.item FROM streams s CROSS JOIN entries n WHERE n.stream = s.id AND s.kind = 'outbox' AND s.name = ''"
    " AND s.owner IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {owners})"
    " ORDER BY n.position DESC LIMIT :looked_at) AS e"
    " JOIN objects a ON a.id = e.item LEFT JOIN objects o ON o.id = a.object AND o.kind < 3 AND o.deleted IS NULL"
    " AND (o.public = 1 OR o.owner = a.owner)"
    " WHERE a.kind = 2 AND a.deleted IS NULL AND a.document IS NOT NULL"
    " AND substr(a.iri, 1, length(:without)) <> :without AND a.published >= :since AND a.published < :until"
    " AND (a.public = 1 OR substr(a.iri, 1, length(CAST(:made AS TEXT))) = :made"
    " AND EXISTS (SELECT 1 FROM feed_activities f WHERE f.item = a.id AND f.tenant = :tenant))"
    " ORDER BY a.published DESC, a.id DESC LIMIT :found"
)


class Said(NamedTuple):
    """An activity, and the document that it is about if that is one of its own."""

    iri: str
    published: int
    document: str
    context: str | None
    about: str | None
    about_document: str | None
    about_context: str | None


async def newest(
    tx: Transaction, tenant: int, owners: Iterable[int], *, made: str, without: str, since: int, until: int
) -> list[Said]:
    """Return what is in some outboxes and may be known in a tenant, newest first. One statement.

    That is what was said to everyone, and what was made in the tenant's feeds: IRIs that begin with ``made``. Those
    that begin with ``without`` are left out: the tenant's events, comments and votes.
    """
    rows = await tx.all(
        _NEWEST.format(owners=each(tx.engine, "owners")),
        tenant=tenant, owners=listed((owner,) for owner in owners), made=made, without=without, since=since,
        until=until, looked_at=LOOKED_AT_MAX, found=FOUND_MAX,
    )  # fmt: skip
    return list(
        map(
            Said._make,
            cast("list[tuple[str, int, str, str | None, str | None, str | None, str | None]]", rows),
        )
    )


async def accounts(tx: Transaction, iris: Iterable[str]) -> list[int]:
    """Return the rows of those accounts that exist among some IRIs. One statement."""
    rows = await tx.all(
        f"SELECT a.id FROM objects a WHERE a.iri IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'iris')})",  # noqa: S608
        iris=listed((iri,) for iri in iris),
    )
    return [cast(int, row[0]) for row in rows]
