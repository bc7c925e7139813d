"""Who may know of what is restricted: parties of its rules (Events §3.6).

A party is the key of an entity (``asuser/ada``), the name of a role of privileges (``MANAGEMENT``), or ``Public``.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple, cast

from storage.connection import Transaction
from storage.sql import each, listed


class ReaderRow(NamedTuple):
    """A party that may know of an entity or an item, or with ``manages`` change who may."""

    item: int
    party: str
    manages: int


def visible(thing: str, engine: str) -> str:
    """Return the condition for one alias of ``events`` or ``event_entities``: a reader may know of it.

    ``:parties`` has all that the reader may be named by, as ``listed`` writes it.
    """
    return _VISIBLE.format(thing=thing, parties=each(engine, "parties"))


_VISIBLE: Final = (
    "({thing}.restricted = 0 OR EXISTS (SELECT 1 FROM event_readers who WHERE who.item = {thing}.id"
    " AND who.party IN (SELECT each.value ->> 0 FROM {parties})))"
)


async def put(tx: Transaction, readers: Iterable[ReaderRow]) -> None:
    """Note who may know of things; a repeat changes nothing."""
    await tx.many(
        "INSERT INTO event_readers (item, party, manages) VALUES (:item, :party, :manages)"
        " ON CONFLICT (item, party) DO UPDATE SET manages = excluded.manages",
        [reader._asdict() for reader in readers],
    )


async def forget(tx: Transaction, item: int) -> None:
    """Note that no party is named by the rules of a thing any more."""
    await tx.run("DELETE FROM event_readers WHERE item = :item", item=item)


async def of(tx: Transaction, items: Iterable[int]) -> dict[int, list[ReaderRow]]:
    """Return who may know of several things; those without any are left out. One statement."""
    rows = await tx.all(
        "SELECT r.item, r.party, r.manages FROM event_readers r"  # noqa: S608
        f" WHERE r.item IN (SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'items')})"
        " ORDER BY r.item, r.party",
        items=listed((item,) for item in items),
    )
    found: dict[int, list[ReaderRow]] = {}
    for item, party, manages in cast("list[tuple[int, str, int]]", rows):
        found.setdefault(item, []).append(ReaderRow(item, party, manages))
    return found


async def any_named(tx: Transaction, tenant: int, parties: Iterable[str]) -> bool:
    """Tell whether the rules of anything of a tenant name one of some parties. One statement."""
    row = await tx.one(
        "SELECT 1 FROM event_readers r"  # noqa: S608
        f" WHERE r.party IN (SELECT each.value ->> 0 FROM {each(tx.engine, 'parties')})"
        " AND (EXISTS (SELECT 1 FROM event_entities n WHERE n.id = r.item AND n.tenant = :tenant)"
        " OR EXISTS (SELECT 1 FROM events e WHERE e.id = r.item AND e.tenant = :tenant)) LIMIT 1",
        tenant=tenant,
        parties=listed((party,) for party in parties),
    )
    return row is not None
