"""Activities as feeds know them: by a tenant and the two numbers that are a UUID of version 1 (Feeds §3.2)."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Final, NamedTuple, cast

from storage.connection import Row, Transaction
from storage.sql import each, listed


class Key(NamedTuple):
    """The id of an activity: its time in ticks of 100 ns since 1582, and its low eight bytes as a signed number."""

    position: int
    tie: int


class Kept(NamedTuple):
    """An activity with its document; ``about`` is what it acts on, if that is a document of its own.

    ``targets`` are the feeds in its ``to``, parted by spaces; ``version`` changes with anything it shows.
    """

    item: int
    position: int
    tie: int
    targets: str
    iri: str
    owner: int | None
    public: int
    document: str
    context: str | None
    about: str | None
    about_document: str | None
    about_context: str | None
    version: int

    @property
    def key(self) -> Key:
        """Its id."""
        return Key(self.position, self.tie)


_VERSION = "coalesce(o.updated, 0) + coalesce(about.updated, 0)"
_COLUMNS = (
    "{of}.item, {of}.position, {of}.tie, a.targets, o.iri, o.owner, o.public, o.document, o.context,"
    " CASE WHEN about.public = 1 THEN about.iri END, about.document, about.context,"
    f" {_VERSION}"
)
COLUMNS = _COLUMNS.format(of="a")
"""What ``from_row`` reads of ``feed_activities a`` and what is ``JOINED``."""
COLUMNS_OF_PLACEMENTS = _COLUMNS.format(of="p")
"""The same with ``placements p``: a page is read along the feed."""
JOINED = "JOIN objects o ON o.id = a.item LEFT JOIN objects about ON about.id = o.object AND about.kind = 1"
LIVES = "o.deleted IS NULL AND about.deleted IS NULL"


def actor_mark(text: str) -> int:
    """Return the number that stands for whoever a text names as an actor."""
    return int.from_bytes(sha256(text.encode()).digest()[:8], signed=True)


async def add(
    tx: Transaction, tenant: int, key: Key, item: int, *, actor: str, foreign_id: str, targets: str = ""
) -> None:
    """Let a tenant's feeds know an activity; ``actor`` is what names its actor there."""
    await tx.run(
        "INSERT INTO feed_activities (item, tenant, position, tie, actor, foreign_id, targets)"
        " VALUES (:item, :tenant, :position, :tie, :actor, :foreign_id, :targets)",
        item=item, tenant=tenant, position=key.position, tie=key.tie, actor=actor_mark(actor),
        foreign_id=foreign_id, targets=targets,
    )  # fmt: skip


class Known(NamedTuple):
    """An activity that feeds are to know: its row, what names its actor, its foreign id, and its ``to``."""

    item: int
    key: Key
    actor: str
    foreign_id: str
    targets: str


async def add_all(tx: Transaction, tenant: int, known: Iterable[Known]) -> None:
    """Let a tenant's feeds know several activities. One statement."""
    await tx.many(
        "INSERT INTO feed_activities (item, tenant, position, tie, actor, foreign_id, targets)"
        " VALUES (:item, :tenant, :position, :tie, :actor, :foreign_id, :targets)",
        [
            {
                "item": one.item, "tenant": tenant, "position": one.key.position, "tie": one.key.tie,
                "actor": actor_mark(one.actor), "foreign_id": one.foreign_id, "targets": one.targets,
            }
            for one in known
        ],
    )  # fmt: skip


async def attribute(tx: Transaction, item: int, actor: int) -> None:
    """Note another actor, by its mark; those who count actors have to be told (``bundles.reassign``)."""
    await tx.run("UPDATE feed_activities SET actor = :actor WHERE item = :item", item=item, actor=actor)


async def is_by(tx: Transaction, item: int, actor: int) -> bool:
    """Tell whether an activity is by the actor with a mark."""
    found = await tx.one(
        "SELECT 1 FROM feed_activities WHERE item = :item AND actor = :actor", item=item, actor=actor
    )
    return found is not None


async def retarget(tx: Transaction, item: int, targets: str) -> None:
    """Note other feeds in an activity's ``to``; whoever has it spelled out is to spell it again."""
    await tx.run(
        "UPDATE feed_activities SET targets = :targets WHERE item = :item", item=item, targets=targets
    )


async def item(tx: Transaction, tenant: int, key: Key) -> int | None:
    """Return the row of an activity, living or deleted; None when there never was one."""
    row = await tx.one(
        "SELECT item FROM feed_activities WHERE tenant = :tenant AND position = :position AND tie = :tie",
        tenant=tenant, position=key.position, tie=key.tie,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def known(tx: Transaction, tenant: int, keys: Iterable[Key]) -> set[Key]:
    """Return those of some ids that activities have or had. One statement."""
    rows = await tx.all(
        f"SELECT a.position, a.tie FROM {each(tx.engine, 'keys')} CROSS JOIN feed_activities a"  # noqa: S608
        " WHERE a.tenant = :tenant AND a.position = CAST(each.value ->> 0 AS BIGINT)"
        " AND a.tie = CAST(each.value ->> 1 AS BIGINT)",
        tenant=tenant, keys=listed(dict.fromkeys(keys)),
    )  # fmt: skip
    return set(map(Key._make, rows))


_ALONE: Final = {"sqlite": "", "postgres": " FOR NO KEY UPDATE"}
"""Units of work that write follow one another on SQLite; on PostgreSQL they may meet at a row."""


async def seize(tx: Transaction, tenant: int, key: Key) -> int | None:
    """Return what ``item`` does, and let nobody else seize the activity before this unit of work ends.

    Whoever changes an activity, or where it is, seizes it before reading what the change depends on.
    """
    row = await tx.one(
        "SELECT item FROM feed_activities WHERE tenant = :tenant AND position = :position"  # noqa: S608
        f" AND tie = :tie{_ALONE[tx.engine]}",
        tenant=tenant, position=key.position, tie=key.tie,
    )  # fmt: skip
    return None if row is None else cast(int, row[0])


async def seize_all(tx: Transaction, tenant: int, keys: Iterable[Key]) -> None:
    """Seize several activities, in one order, so that no two who want the same ones wait for each other."""
    if not _ALONE[tx.engine]:
        return
    await tx.all(
        f"SELECT a.item FROM {each(tx.engine, 'keys')} CROSS JOIN feed_activities a"  # noqa: S608
        " WHERE a.tenant = :tenant AND a.position = CAST(each.value ->> 0 AS BIGINT)"
        " AND a.tie = CAST(each.value ->> 1 AS BIGINT) ORDER BY a.position, a.tie"
        f"{_ALONE[tx.engine]} OF a",
        tenant=tenant, keys=listed(dict.fromkeys(keys)),
    )  # fmt: skip


async def key_of(tx: Transaction, item: int) -> Key | None:
    """Return the id of an activity; None for one that no feed knows."""
    row = await tx.one("SELECT position, tie FROM feed_activities WHERE item = :item", item=item)
    return None if row is None else Key(*cast(tuple[int, int], row))


async def find(tx: Transaction, tenant: int, key: Key) -> Kept | None:
    """Find a living activity. One statement."""
    row = await tx.one(
        f"SELECT {COLUMNS} FROM feed_activities a {JOINED}"  # noqa: S608
        f" WHERE a.tenant = :tenant AND a.position = :position AND a.tie = :tie AND {LIVES}",
        tenant=tenant, position=key.position, tie=key.tie,
    )  # fmt: skip
    return None if row is None else from_row(row)


async def find_all(tx: Transaction, tenant: int, keys: Iterable[Key]) -> dict[Key, Kept]:
    """Find the living ones among some activities. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM {each(tx.engine, 'keys')} CROSS JOIN feed_activities a {JOINED}"  # noqa: S608
        " WHERE a.tenant = :tenant AND a.position = CAST(each.value ->> 0 AS BIGINT)"
        f" AND a.tie = CAST(each.value ->> 1 AS BIGINT) AND {LIVES}",
        tenant=tenant, keys=listed(dict.fromkeys(keys)),
    )  # fmt: skip
    found = map(from_row, rows)
    return {kept.key: kept for kept in found}


async def with_rows(tx: Transaction, items: Iterable[int]) -> dict[int, Kept]:
    """Find the living ones among some activities by their rows. One statement."""
    rows = await tx.all(
        f"SELECT {COLUMNS} FROM feed_activities a {JOINED} WHERE {LIVES}"  # noqa: S608
        f" AND a.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )  # fmt: skip
    return {kept.item: kept for kept in map(from_row, rows)}


async def versions(tx: Transaction, items: Iterable[int]) -> dict[int, tuple[int, str]]:
    """Return ``version`` and ``targets`` of the living ones among some activities by their rows. One statement."""
    rows = await tx.all(
        f"SELECT a.item, {_VERSION}, a.targets FROM feed_activities a {JOINED} WHERE {LIVES}"  # noqa: S608
        f" AND a.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})",
        items=listed((item,) for item in items),
    )  # fmt: skip
    return {item: (version, targets) for item, version, targets in cast("list[tuple[int, int, str]]", rows)}


async def of_owner(tx: Transaction, tenant: int, owner: int) -> list[Key]:
    """Return the ids of all living activities of an actor."""
    rows = await tx.all(
        "SELECT a.position, a.tie FROM objects o JOIN feed_activities a ON a.item = o.id"
        " WHERE o.owner = :owner AND a.tenant = :tenant AND o.deleted IS NULL",
        owner=owner,
        tenant=tenant,
    )
    return [Key(*cast(tuple[int, int], row)) for row in rows]


def from_row(row: Row) -> Kept:
    """Read the columns of ``COLUMNS``."""
    return Kept._make(row)
