"""Reactions at the Feeds API (Feeds §7.3): which there are, what each is about, and in which order they were made.

What a reaction says is the document of its ``item``; here is what it is found by. ``storage.feedcounts`` says how many
there are, ``storage.feedlatest`` which show first below many things at once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, cast

from storage import ids
from storage.connection import Row, Transaction, Value
from storage.entries import NEWEST, OLDEST
from storage.sql import each, listed


class FeedReaction(NamedTuple):
    """A reaction. ``subject`` is the row of what it is about, ``parent`` the name of the reaction it is about or empty.

    ``name`` is its id at the door, ``activity`` the UUID at the root of all replies, ``targets`` the feeds that were
    told of it, parted by spaces. Instants are microseconds; ``position`` grows with every reaction that is made.
    """

    item: int
    name: str
    position: int
    subject: int
    activity: str
    parent: str
    level: int
    kind: str
    author: str
    targets: str
    deleted: int | None
    updated: int | None
    document: str

    @property
    def created(self) -> int:
        """When it was made."""
        return ids.instant_of(self.position)


COLUMNS = (
    "r.item, r.name, r.position, r.subject, r.activity, r.parent, r.level, r.kind, r.author, r.targets, r.deleted,"
    " o.updated, o.document"
)
"""What ``from_row`` reads of ``feed_reactions r`` and ``objects o``."""

_FOUND = f"SELECT {COLUMNS} FROM feed_reactions r JOIN objects o ON o.id = r.item"  # noqa: S608


@dataclass(frozen=True, slots=True)
class Below:
    """The reactions to one thing, ``subject``; with an ``author``, that user's alone."""

    subject: int
    author: str = ""


@dataclass(frozen=True, slots=True)
class By:
    """The reactions of one user, whatever they are about."""

    tenant: int
    author: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Which part of a list is a page: what lies between two positions, oldest first or newest first."""

    after: int = OLDEST
    before: int = NEWEST
    oldest_first: bool = False
    limit: int = 10


def from_row(row: Row) -> FeedReaction:
    """Read the columns of ``COLUMNS``."""
    return FeedReaction._make(cast("Any", row))


_KEPT: Final = {"sqlite": "", "postgres": " FOR KEY SHARE OF r"}
_ALONE: Final = {"sqlite": "", "postgres": " FOR UPDATE"}
"""Units of work that write follow one another on SQLite; on PostgreSQL they may meet at a row."""


async def find(tx: Transaction, tenant: int, name: str) -> FeedReaction | None:
    """Find a reaction by its id at the door, hidden ones too. One statement."""
    return await _find(tx, tenant, name, "")


async def keep(tx: Transaction, tenant: int, name: str) -> FeedReaction | None:
    """Find a reaction, and let nobody remove it before this unit of work ends."""
    return await _find(tx, tenant, name, _KEPT[tx.engine])


async def seize(tx: Transaction, tenant: int, name: str) -> FeedReaction | None:
    """Find a reaction, and let nobody else change or remove it before this unit of work ends."""
    return await _find(tx, tenant, name, _ALONE[tx.engine])


async def _find(tx: Transaction, tenant: int, name: str, lock: str) -> FeedReaction | None:
    row = await tx.one(
        f"{_FOUND} WHERE r.tenant = :tenant AND r.name = :name{lock}", tenant=tenant, name=name
    )
    return None if row is None else from_row(row)


async def named(tx: Transaction, tenant: int, names: Iterable[str]) -> dict[str, FeedReaction]:
    """Return those of several reactions that there are, by their ids at the door, hidden ones too. One statement."""
    wanted = sorted(set(names))
    if not wanted:
        return {}
    rows = await tx.all(
        f"{_FOUND} WHERE r.tenant = :tenant"  # noqa: S608
        f" AND r.name IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')})",
        tenant=tenant, names=listed((name,) for name in wanted),
    )  # fmt: skip
    return {reaction.name: reaction for reaction in map(from_row, rows)}


async def add(tx: Transaction, tenant: int, made: FeedReaction) -> bool:
    """Note a reaction whose document is stored; False, changing nothing, when its name is taken."""
    return bool(
        await tx.run(
            "INSERT INTO feed_reactions"
            " (item, tenant, name, position, subject, activity, parent, level, kind, author, targets) VALUES"
            " (:item, :tenant, :name, :position, :subject, :activity, :parent, :level, :kind, :author, :targets)"
            " ON CONFLICT (tenant, name) DO NOTHING",
            item=made.item, tenant=tenant, name=made.name, position=made.position, subject=made.subject,
            activity=made.activity, parent=made.parent, level=made.level, kind=made.kind, author=made.author,
            targets=made.targets,
        )
    )  # fmt: skip


async def retarget(tx: Transaction, item: int, targets: str) -> None:
    """Note other feeds that were told of a reaction."""
    await tx.run(
        "UPDATE feed_reactions SET targets = :targets WHERE item = :item", item=item, targets=targets
    )


async def hide(tx: Transaction, item: int, *, told: str, now: int) -> bool:
    """Let a reaction show no more, and keep what was told to its targets; False when it is hidden already."""
    return bool(
        await tx.run(
            "UPDATE feed_reactions SET deleted = :now, told = :told WHERE item = :item AND deleted IS NULL",
            now=now, told=told, item=item,
        )
    )  # fmt: skip


async def show(tx: Transaction, item: int) -> str | None:
    """Let a reaction show again and return what is to be told to its targets; None when it was not hidden."""
    row = await tx.one(
        "SELECT told FROM feed_reactions WHERE item = :item AND deleted IS NOT NULL", item=item
    )
    await tx.run("UPDATE feed_reactions SET deleted = NULL, told = NULL WHERE item = :item", item=item)
    return None if row is None else cast(str, row[0])


async def remove(tx: Transaction, item: int) -> bool:
    """Forget a reaction; False when there is none. Its document, its count and what is below it are not touched."""
    return bool(await tx.run("DELETE FROM feed_reactions WHERE item = :item", item=item))


async def below(tx: Transaction, subject: int, *, limit: int) -> list[FeedReaction]:
    """Return reactions to a thing, hidden ones too, in no order."""
    rows = await tx.all(
        f"SELECT * FROM (SELECT * FROM ({_FOUND} WHERE r.subject = :subject AND r.deleted IS NULL LIMIT :limit) shown"  # noqa: S608
        f" UNION ALL SELECT * FROM ({_FOUND} WHERE r.subject = :subject AND r.deleted IS NOT NULL LIMIT :limit) hidden)"
        " every LIMIT :limit",
        subject=subject, limit=limit,
    )  # fmt: skip
    return [from_row(row) for row in rows]


async def page(tx: Transaction, lookup: Below | By, kind: str, cut: Cut) -> list[FeedReaction]:
    """Return a page of the reactions that show; all kinds when ``kind`` is empty. One statement.

    Every page is a piece of an index, so it costs the same at any depth; one user's reactions to a thing are put
    together from those of each kind.
    """
    direction = "ASC" if cut.oldest_first else "DESC"
    condition, parameters = _looked_up(lookup)
    if kind:
        condition, parameters = f"{condition} AND r.kind = :kind", {**parameters, "kind": kind}
    shown = f"{condition} AND r.deleted IS NULL AND r.position > :after AND r.position < :before"
    if isinstance(lookup, Below) and lookup.author and not kind:
        first = f"{shown} AND r.kind = c.kind ORDER BY r.position {direction} LIMIT :limit".replace(
            "r.", "x."
        )
        found = (
            f"SELECT {COLUMNS} FROM feed_reaction_counts c {few(tx.engine, first)} WHERE c.subject = :subject"  # noqa: S608
        )
    else:
        found = f"{_FOUND} WHERE {shown}"
    rows = await tx.all(
        f"{found} ORDER BY r.position {direction} LIMIT :limit",
        after=cut.after, before=cut.before, limit=cut.limit, **parameters,
    )  # fmt: skip
    return [from_row(row) for row in rows]


def few(engine: str, first: str) -> str:
    """Return what joins rows ``c`` with the first few reactions ``r`` for each, and their objects ``o``.

    ``first`` says which: a condition on ``c`` and reactions ``x``, an order and a limit. The two engines say
    "for each of these, the first few" in different words.
    """
    few = f"SELECT x.item FROM feed_reactions x WHERE {first}"  # noqa: S608
    if engine == "postgres":
        joined = f"CROSS JOIN LATERAL ({few}) few JOIN feed_reactions r ON r.item = few.item"
    else:
        joined = f"CROSS JOIN feed_reactions r ON r.item IN ({few})"
    return f"{joined} JOIN objects o ON o.id = r.item"


def _looked_up(lookup: Below | By) -> tuple[str, dict[str, Value]]:
    if isinstance(lookup, By):
        return "r.tenant = :tenant AND r.author = :author", {"tenant": lookup.tenant, "author": lookup.author}
    if lookup.author:
        return "r.subject = :subject AND r.author = :author", {
            "subject": lookup.subject,
            "author": lookup.author,
        }
    return "r.subject = :subject", {"subject": lookup.subject}


async def of_author(tx: Transaction, tenant: int, author: str) -> list[str]:
    """Return the names of all reactions of a user, hidden ones too, the oldest first."""
    rows = await tx.all(
        "SELECT name FROM feed_reactions WHERE tenant = :tenant AND author = :author ORDER BY position",
        tenant=tenant,
        author=author,
    )
    return [cast(str, row[0]) for row in rows]
