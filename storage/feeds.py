"""Feeds: streams of kind ``feed`` that belong to a tenant and are named ``group:id``."""

from collections.abc import Iterable
from typing import Final, cast

from storage.connection import Transaction, Value
from storage.ids import next_id
from storage.sql import each, listed

KIND: Final = "feed"


async def find(tx: Transaction, owner: int | None, name: str) -> int | None:
    """Return the row id of a feed's stream; None for one that was never used. One statement."""
    row = await tx.one(
        "SELECT id FROM streams WHERE owner = :owner AND kind = 'feed' AND name = :name",
        owner=owner,
        name=name,
    )
    return None if row is None else cast(int, row[0])


async def find_all(tx: Transaction, owner: int | None, names: Iterable[str]) -> dict[str, int]:
    """Return the row ids of those feeds that were used, by their names. One statement."""
    rows = await tx.all(
        "SELECT name, id FROM streams WHERE owner = :owner AND kind = 'feed'"  # noqa: S608
        f" AND name IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'names')})",
        owner=owner, names=listed((name,) for name in dict.fromkeys(names)),
    )  # fmt: skip
    return {cast(str, name): cast(int, id) for name, id in rows}


async def of_group(tx: Transaction, owner: int | None, slug: str, *, after: str, limit: int) -> list[str]:
    """Return the names of feeds of a group that come after one, in their order."""
    rows = await tx.all(
        "SELECT name FROM streams WHERE owner = :owner AND kind = 'feed' AND name > :after"
        " AND substr(name, 1, length(:prefix)) = :prefix ORDER BY name LIMIT :limit",
        owner=owner, after=after, prefix=f"{slug}:", limit=limit,
    )  # fmt: skip
    return [cast(str, name) for (name,) in rows]


async def ensure(tx: Transaction, owner: int, names: Iterable[str]) -> dict[str, int]:
    """Return the row ids of feeds by their names, making those that were never used."""
    wanted = list(dict.fromkeys(names))
    if len(wanted) == 1 and (id := await find(tx, owner, wanted[0])) is not None:
        return {wanted[0]: id}
    found = await find_all(tx, owner, wanted)
    new = [name for name in wanted if name not in found]
    return found | await make(tx, owner, new) if new else found


async def make(tx: Transaction, owner: int, names: Iterable[str]) -> dict[str, int]:
    """Make feeds that were never used, and return their row ids by their names."""
    new: list[dict[str, Value]] = [{"id": next_id(), "owner": owner, "name": name} for name in names]
    await tx.many(
        "INSERT INTO streams (id, owner, kind, name) VALUES (:id, :owner, 'feed', :name)"
        " ON CONFLICT (owner, kind, name) DO NOTHING",
        new,
    )
    return await find_all(tx, owner, [str(row["name"]) for row in new])


async def names(tx: Transaction, streams: Iterable[int]) -> dict[int, str]:
    """Return the names of feeds by their rows. One statement."""
    rows = await tx.all(
        "SELECT id, name FROM streams"  # noqa: S608
        f" WHERE id IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'streams')})",
        streams=listed((stream,) for stream in streams),
    )  # fmt: skip
    return {cast(int, id): cast(str, name) for id, name in rows}


async def name(tx: Transaction, stream: int) -> str:
    """Return the name of a feed that exists."""
    row = await tx.one("SELECT name FROM streams WHERE id = :stream", stream=stream)
    if row is None:
        raise LookupError(stream)
    return cast(str, row[0])
