"""Who made, changed and deleted what at the Feeds API (Feeds §7.8): one row for each, pruned by age."""

from collections.abc import Iterable
from typing import Literal, NamedTuple, TypeAlias, cast

from storage.connection import Row, Transaction, Value
from storage.ids import instant_of, next_id

Type: TypeAlias = Literal["activity", "reaction", "user", "feed", "collection"]
Action: TypeAlias = Literal["create", "update", "delete"]


class Deed(NamedTuple):
    """What was done to what, and by which user: the empty text for a server that named none."""

    id: int
    type: str
    name: str
    action: str
    author: str

    @property
    def done(self) -> int:
        """When, in microseconds since 1970."""
        return instant_of(self.id)


_INSERT = (
    "INSERT INTO feed_audit (id, tenant, type, name, action, author)"
    " VALUES (:id, :tenant, :type, :name, :action, :author)"
)


async def note(tx: Transaction, tenant: int, type: Type, name: str, action: Action, author: str) -> None:
    """Remember that something was done to one thing, within the transaction that does it."""
    await tx.run(_INSERT, id=next_id(), tenant=tenant, type=type, name=name, action=action, author=author)


async def note_all(
    tx: Transaction, tenant: int, type: Type, names: Iterable[str], action: Action, author: str
) -> None:
    """Remember that the same was done to several things."""
    rows: list[dict[str, Value]] = [
        {"id": next_id(), "tenant": tenant, "type": type, "name": name, "action": action, "author": author}
        for name in names
    ]
    if rows:
        await tx.many(_INSERT, rows)


class Asked(NamedTuple):
    """Which deeds are wanted: those done to one thing, those of one user, or both."""

    type: str = ""
    name: str = ""
    author: str = ""


async def before(tx: Transaction, tenant: int, asked: Asked, id: int, *, limit: int) -> list[Deed]:
    """Return deeds that were done before one, the newest first. One statement."""
    return await _list(tx, tenant, asked, "id < :id", "DESC", id, limit)


async def after(tx: Transaction, tenant: int, asked: Asked, id: int, *, limit: int) -> list[Deed]:
    """Return the next deeds that were done after one, the newest first. One statement."""
    return (await _list(tx, tenant, asked, "id > :id", "ASC", id, limit))[::-1]


async def _list(
    tx: Transaction, tenant: int, asked: Asked, beyond: str, order: str, id: int, limit: int
) -> list[Deed]:
    wanted = [
        *(["type = :type AND name = :name"] if asked.type else []),
        *(["author = :author"] if asked.author else []),
    ]
    rows = await tx.all(
        "SELECT id, type, name, action, author FROM feed_audit"  # noqa: S608
        f" WHERE {' AND '.join(['tenant = :tenant', *wanted, beyond])} ORDER BY id {order} LIMIT :limit",
        tenant=tenant, id=id, limit=limit, **asked._asdict(),
    )  # fmt: skip
    return list(map(_deed, rows))


def _deed(row: Row) -> Deed:
    return Deed(*cast("tuple[int, str, str, str, str]", row))
