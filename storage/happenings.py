"""The index of everything that happened (Atom §3.3, §4): a row for each activity that is news, and what finds it.

It is written after the fact. Whatever changes a row of ``objects`` makes its ``noted`` even; whoever keeps the index
reads such rows, works out what they are outside of any transaction, and then writes: only if the row is still as it was
read, which its ``noted`` tells. So an edit in between is never lost, and two who keep the index do not disturb each
other. What is edited below an activity has that activity looked at again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, cast

from storage import happeningvalues
from storage.connection import Row, Transaction, Value
from storage.entries import NEWEST
from storage.happeningvalues import Facet
from storage.sql import each, listed

UNNOTED: Final = "(a.noted & 1) = 0 AND (a.kind = 2 OR a.kind = 1 AND a.noted > 0)"
"""The condition of the index ``objects_unnoted``, which has to be asked for word by word."""
STALE_MAX: Final = 200
"""So many activities about one edited thing are looked at again at a time."""
_LOCK: Final = 0x68617070656E
_FREE: Final = {"sqlite": "", "postgres": " FOR NO KEY UPDATE SKIP LOCKED"}
"""Whoever changes several documents may hold one of them: it is left for later, so that nobody waits in a circle."""


class Unnoted(NamedTuple):
    """A row that has something new for the index, with what it is about and what the tables of the doors say of it.

    ``about`` is the thing itself that an activity tells: of a shared Create its object. ``of_feed`` is whether its
    owner is the actor of a feed or channel; ``passed`` the type of the activity that it shares, if it does.
    """

    id: int
    iri: str
    kind: int
    type: str
    local: int
    public: int
    document: str | None
    context: str | None
    published: int
    deleted: int | None
    noted: int
    owner_iri: str | None
    owner_type: str | None
    owner_kind: int | None
    owner_local: int | None
    owner_document: str | None
    owner_context: str | None
    owner_name: str | None
    of_feed: int
    passed: str | None
    about: int | None
    about_type: str | None
    about_document: str | None
    about_context: str | None
    about_deleted: int | None
    about_noted: int | None
    event_tenant: int | None
    event_kind: int | None
    feed_tenant: int | None
    reaction_tenant: int | None

    @property
    def ended(self) -> int | None:
        """When it was deleted, or what it is about; None while both are there."""
        return self.deleted if self.deleted is not None else self.about_deleted


@dataclass(frozen=True, slots=True)
class Happening:
    """What the index has of an activity that is news."""

    provider: str
    tenant: int | None
    echo: bool
    facets: tuple[Facet, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Noting:
    """A row as it was read, and what it is: a happening; None for no news."""

    row: Unnoted
    happening: Happening | None


async def unnoted(tx: Transaction, *, limit: int, before: int = NEWEST) -> list[Unnoted]:
    """Return rows that have something new for the index, newest first, below one. One statement."""
    rows = await tx.all(
        "SELECT a.id, a.iri, a.kind, a.type, a.local, a.public, a.document, a.context, a.published, a.deleted,"  # noqa: S608
        " a.noted, o.iri, o.type, o.kind, o.local, o.document, o.context, w.name,"
        " CASE WHEN w.feed IS NULL THEN 0 ELSE 1 END, CASE WHEN c.kind = 2 THEN c.type END,"
        " t.id, t.type, t.document, t.context, t.deleted, t.noted, e.tenant, e.kind, f.tenant, r.tenant"
        f" FROM (SELECT a.id FROM objects a WHERE {UNNOTED} AND a.id < :before ORDER BY a.id DESC LIMIT :limit) few"
        " JOIN objects a ON a.id = few.id LEFT JOIN objects c ON c.id = a.object"
        " LEFT JOIN objects n ON n.id = c.object AND c.kind = 2 AND c.type = 'Create' AND a.type = 'Announce'"
        " LEFT JOIN objects t ON t.id = coalesce(n.id, c.id) LEFT JOIN objects o ON o.id = a.owner"
        " LEFT JOIN actors w ON w.id = a.owner LEFT JOIN events e ON e.id = a.id"
        " LEFT JOIN feed_activities f ON f.item = a.id LEFT JOIN feed_reactions r ON r.item = a.id"
        " ORDER BY a.id DESC",
        limit=limit, before=before,
    )  # fmt: skip
    return [Unnoted._make(row) for row in rows]


async def is_behind(tx: Transaction) -> bool:
    """Tell whether there is anything new for the index. One statement."""
    return await tx.one(f"SELECT 1 FROM objects a WHERE {UNNOTED} LIMIT 1") is not None  # noqa: S608


async def note(tx: Transaction, notings: Sequence[Noting]) -> int:
    """Write what became of rows into the index and return how many are settled; others have changed meanwhile."""
    if tx.engine == "postgres":
        await tx.one("SELECT 1 FROM pg_advisory_xact_lock(:lock)", lock=_LOCK)
    for noting in notings:
        if noting.row.noted:
            await _again(tx, noting.row)
    settled = await _settle(tx, [noting.row for noting in notings])
    changed = [noting for noting in notings if noting.row.id in settled]
    await _end(tx, [noting.row for noting in changed if noting.row.ended is not None])
    await _take(tx, [noting.row.id for noting in changed if noting.row.ended is None])
    told = [
        (noting.row, noting.happening)
        for noting in changed
        if noting.happening is not None and noting.row.ended is None
    ]
    await _put(tx, told)
    return len(settled)


async def _again(tx: Transaction, row: Unnoted) -> None:
    """Have the activities about a thing that was edited looked at again, a bounded number of them at a time."""
    edition = _edition(row.noted)
    stale = await tx.all(
        "UPDATE objects SET noted = (noted | 1) + 1 WHERE id IN (SELECT a.id FROM objects a WHERE a.id IN ("  # noqa: S608
        "SELECT h.id FROM happenings h WHERE h.about = :about AND h.edition < :edition LIMIT :limit)"
        f"{_FREE[tx.engine]}) RETURNING id",
        about=row.id, edition=edition, limit=STALE_MAX,
    )  # fmt: skip
    if stale:
        await tx.run(
            "UPDATE happenings SET edition = :edition WHERE id IN"  # noqa: S608
            f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})",
            edition=edition, ids=listed(cast("list[tuple[int]]", stale)),
        )  # fmt: skip


async def _settle(tx: Transaction, rows: Sequence[Unnoted]) -> set[int]:
    """Note rows that are still as they were read, as is what they are about, and return their ids.

    One about which there is more to be looked at again than was now stays for the next time.
    """
    settled = await tx.all(
        "UPDATE objects SET noted = noted | 1 WHERE id IN ("  # noqa: S608
        f"SELECT a.id FROM {each(tx.engine, 'rows')} CROSS JOIN objects a WHERE a.id = CAST(each.value ->> 0 AS BIGINT)"
        " AND a.noted = CAST(each.value ->> 1 AS BIGINT) AND (a.noted = 0 OR NOT EXISTS (SELECT 1 FROM happenings h"
        " WHERE h.about = a.id AND h.edition < (a.noted | 1)))"
        " AND coalesce((SELECT t.noted | 1 FROM objects t WHERE t.id = CAST(each.value ->> 2 AS BIGINT)), 0)"
        f" = CAST(each.value ->> 3 AS BIGINT){_FREE[tx.engine]}) RETURNING id",
        rows=listed((row.id, row.noted, row.about or 0, _edition(row.about_noted)) for row in rows),
    )  # fmt: skip
    return {cast(int, row[0]) for row in settled}


def _edition(noted: int | None) -> int:
    """Return the number of an edition, whether it was looked at or not; 0 for what there is none of."""
    return 0 if noted is None else noted | 1


async def _end(tx: Transaction, rows: Iterable[Unnoted]) -> None:
    """Leave of what was deleted nothing but that it was there, by what it was found, and when it ended."""
    await tx.many(
        "UPDATE happenings SET ended = :ended, text = '' WHERE id = :id AND ended IS NULL",
        [{"id": row.id, "ended": row.ended} for row in rows],
    )


async def _take(tx: Transaction, ids: Iterable[int]) -> None:
    """Take activities out of the index."""
    rows = await tx.all(
        "DELETE FROM happenings WHERE id IN"  # noqa: S608
        f" (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')})"
        " RETURNING id, published, facets",
        ids=listed((id,) for id in ids),
    )
    await _lift(tx, rows)


async def forget(tx: Transaction, *, before: int, limit: int) -> int:
    """Forget some of what was deleted before an instant, and return how many those were."""
    rows = await tx.all(
        "DELETE FROM happenings WHERE id IN"
        " (SELECT h.id FROM happenings h WHERE h.ended IS NOT NULL AND h.ended < :before LIMIT :limit)"
        " RETURNING id, published, facets",
        before=before, limit=limit,
    )  # fmt: skip
    await _lift(tx, rows)
    return len(rows)


async def _lift(tx: Transaction, rows: Iterable[Row]) -> None:
    """Let rows that were taken out be found by nothing any more."""
    facets: list[dict[str, Value]] = [
        {"value": value, "published": published, "id": id}
        for id, published, values in rows
        for value in happeningvalues.read(cast(str, values))
    ]
    if facets:
        await tx.many(
            "DELETE FROM happening_facets WHERE value = :value AND published = :published AND id = :id",
            facets,
        )


async def _put(tx: Transaction, told: Sequence[tuple[Unnoted, Happening]]) -> None:
    numbers = await happeningvalues.intern(tx, [one for _, happening in told for one in happening.facets])
    rows: list[dict[str, Value]] = []
    facets: list[dict[str, Value]] = []
    for row, happening in told:
        values = sorted({numbers[facet.pair] for facet in happening.facets})
        rows.append({
            "published": row.published, "id": row.id, "about": row.about, "edition": _edition(row.about_noted),
            "provider": happening.provider, "tenant": happening.tenant, "local": row.local,
            "echo": int(happening.echo), "facets": happeningvalues.written(values), "text": happening.text,
        })  # fmt: skip
        facets += [{"value": value, "published": row.published, "id": row.id} for value in values]
    await tx.many(
        "INSERT INTO happenings (published, id, about, edition, provider, tenant, local, echo, facets, text)"
        " VALUES (:published, :id, :about, :edition, :provider, :tenant, :local, :echo, :facets, :text)",
        rows,
    )
    await tx.many(
        "INSERT INTO happening_facets (value, published, id) VALUES (:value, :published, :id)", facets
    )
