"""Entries of feeds that were read, by what they are known by in their feed (Atom §10.3.1, §10.3.11)."""

from collections.abc import Iterable
from typing import NamedTuple, cast

from storage.connection import Transaction
from storage.sql import each, listed
from storage.subscriptions import digest as digest


class Pulled(NamedTuple):
    """An entry that was read: rows of the activity and the thing that were made of it, None when a filter left it out.

    ``updated`` is when it was last changed as its feed says, in microseconds, 0 when it does not say.
    """

    digest: str
    activity: int | None
    object: int | None
    updated: int
    deleted: int


async def known(tx: Transaction, subscription: int, keys: Iterable[str]) -> dict[str, Pulled]:
    """Return which of these entries were read before, by the digests of their keys. One statement."""
    rows = await tx.all(
        "SELECT digest, activity, object, updated, deleted FROM pulled WHERE subscription = :subscription"  # noqa: S608
        f" AND digest IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'keys')})",
        subscription=subscription, keys=listed((digest(key),) for key in keys),
    )  # fmt: skip
    return {str(row[0]): Pulled(*row) for row in rows}  # type: ignore[arg-type]


async def at_page(tx: Transaction, subscription: int, page: str) -> int | None:
    """Return the thing that can be read at a permalink; ``page`` is without tracking. One statement."""
    row = await tx.one(
        "SELECT object FROM pulled WHERE subscription = :subscription AND page = :page AND object IS NOT NULL"
        " AND deleted = 0 ORDER BY object LIMIT 1",
        subscription=subscription, page=digest(page),
    )  # fmt: skip
    return None if row is None else cast("int | None", row[0])


async def note(
    tx: Transaction,
    subscription: int,
    key: str,
    *,
    activity: int | None,
    object: int | None,
    page: str,
    updated: int,
    raw: str,
) -> None:
    """Remember an entry as it is now."""
    await tx.run(
        "INSERT INTO pulled (subscription, digest, activity, object, page, updated, raw)"
        " VALUES (:subscription, :digest, :activity, :object, :page, :updated, :raw)"
        " ON CONFLICT (subscription, digest) DO UPDATE SET updated = excluded.updated, raw = excluded.raw,"
        " activity = excluded.activity, object = excluded.object, page = excluded.page, deleted = 0",
        subscription=subscription, digest=digest(key), activity=activity, object=object,
        page=digest(page) if page else None, updated=updated, raw=raw,
    )  # fmt: skip


async def gone(tx: Transaction, subscription: int, key: str, *, at: int) -> None:
    """Remember that an entry was deleted, so that an old copy of it does not bring it back."""
    await tx.run(
        "UPDATE pulled SET deleted = 1, raw = '', updated = :at"
        " WHERE subscription = :subscription AND digest = :digest",
        subscription=subscription, digest=digest(key), at=at,
    )  # fmt: skip


async def count(tx: Transaction, subscription: int) -> int:
    """Return how many entries of a feed are told. One statement."""
    row = await tx.one(
        "SELECT count(*) FROM pulled WHERE subscription = :subscription AND activity IS NOT NULL AND deleted = 0",
        subscription=subscription,
    )  # fmt: skip
    return 0 if row is None else int(row[0] or 0)
