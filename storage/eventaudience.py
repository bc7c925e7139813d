"""Who may know of stream items and entities of the Events API (Events §3.6): the conditions that every reader uses.

What is restricted is known to the parties in ``event_readers`` alone. A comment on something is known to those who may
know of that as well (§8), what tells that an entity has changed to those who may know of the entity now (§5.2), and who
got a blind copy to those who sent or got it (§7.14). ``:parties`` has all that a reader may be named by, as
``storage.sql.listed`` writes it; whoever sees all is asked nothing.
"""

from collections.abc import Iterable
from typing import Final, TypeAlias, cast

from storage.connection import Transaction, Value
from storage.eventreaders import visible
from storage.sql import each, listed

Parties: TypeAlias = frozenset[str] | None
"""All that a reader may be named by; None for one who sees all."""
EVERYBODY: Final = "Public"
"""The party that every reader is."""
CHANGES: Final = ("as.entity.created", "as.entity.updated")
"""The types of events that tell of an entity what was said of it."""

_BENEATH: Final = (
    "NOT EXISTS (WITH RECURSIVE beneath (id) AS ("
    "SELECT c.named FROM event_roles c WHERE c.item = {item}.id AND c.path = 'COMMENT:COMMENTED_ON'"
    " UNION SELECT c.named FROM beneath JOIN event_roles c ON c.item = beneath.id"
    " WHERE c.path = 'COMMENT:COMMENTED_ON')"
    " SELECT 1 FROM beneath LEFT JOIN events about ON about.id = beneath.id"
    " LEFT JOIN event_entities thing ON thing.id = beneath.id"
    " WHERE coalesce(about.restricted, thing.restricted, 0) = 1 AND NOT EXISTS"
    " (SELECT 1 FROM event_readers who WHERE who.item = beneath.id"
    " AND who.party IN (SELECT each.value ->> 0 FROM {parties})))"
)
_TOLD: Final = (
    f"({{item}}.type NOT IN {CHANGES} OR NOT EXISTS"  # noqa: S608
    " (SELECT 1 FROM event_roles of CROSS JOIN event_entities thing WHERE of.item = {item}.id AND of.path = 'AFFECTS'"
    " AND thing.id = of.named AND {hidden}))"
)
_HIDDEN: Final = (
    "thing.restricted = 1 AND NOT EXISTS (SELECT 1 FROM event_readers who WHERE who.item = thing.id"
    " AND who.party IN (SELECT each.value ->> 0 FROM {parties}))"
)
_BLIND: Final = (
    "({role}.path NOT LIKE '%:SENT_TO_BCC%' OR EXISTS (SELECT 1 FROM event_entities who WHERE who.key IN"
    " (SELECT each.value ->> 0 FROM {parties}) AND (who.id = {role}.named OR EXISTS (SELECT 1 FROM event_roles sent"
    " WHERE sent.item = {role}.item AND sent.named = who.id AND sent.path LIKE 'MESSAGING:SENT_BY%'))))"
)


def item(engine: str, alias: str, parties: Parties) -> str:
    """Return the condition that a reader may know of an item, a row of ``events`` by its alias."""
    if parties is None:
        return "1 = 1"
    beneath = _BENEATH.format(item=alias, parties=each(engine, "parties"))
    told = _TOLD.format(item=alias, hidden=hidden(engine))
    return f"{visible(alias, engine)} AND ({alias}.kind <> 1 OR {beneath}) AND {told}"


def entity(engine: str, alias: str, parties: Parties) -> str:
    """Return the condition that a reader may know of an entity, a row of ``event_entities`` by its alias."""
    return "1 = 1" if parties is None else visible(alias, engine)


def hidden(engine: str) -> str:
    """Return the condition that a reader from whom something is kept may not know of an entity called ``thing``."""
    return _HIDDEN.format(parties=each(engine, "parties"))


def role(engine: str, alias: str, parties: Parties) -> str:
    """Return the condition that a reader may know who has a role, a row of ``event_roles`` by its alias."""
    return "1 = 1" if parties is None else _BLIND.format(role=alias, parties=each(engine, "parties"))


def named(parties: Parties) -> dict[str, Value]:
    """Return the parameter that the conditions ask for."""
    return {} if parties is None else {"parties": listed((party,) for party in sorted(parties))}


async def known_items(tx: Transaction, ids: Iterable[int], parties: Parties) -> set[int]:
    """Return which of some items a reader may know of. One statement."""
    return await _known(tx, "events e", "e", item(tx.engine, "e", parties), ids, parties)


async def known_entities(tx: Transaction, ids: Iterable[int], parties: Parties) -> set[int]:
    """Return which of some entities a reader may know of. One statement."""
    return await _known(tx, "event_entities n", "n", entity(tx.engine, "n", parties), ids, parties)


async def _known(
    tx: Transaction, table: str, alias: str, condition: str, ids: Iterable[int], parties: Parties
) -> set[int]:
    wanted = f"SELECT CAST(each.value ->> 0 AS BIGINT) FROM {each(tx.engine, 'ids')}"  # noqa: S608
    rows = await tx.all(
        f"SELECT {alias}.id FROM {table} WHERE {alias}.id IN ({wanted}) AND {condition}",  # noqa: S608
        ids=listed((id,) for id in ids), **named(parties),
    )  # fmt: skip
    return {cast(int, row[0]) for row in rows}
