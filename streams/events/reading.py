"""Reading stream items: single ones, several, and pages of every kind of list (Events §3.5, §16).

All of these are units of work that only read. What the reader may not know of is not there.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from storage import Transaction, eventitems, eventlists, eventpages
from storage.eventitems import ItemRow
from storage.eventlists import COMMENT, EARLIEST, LATEST, ORDERS, Asked, Involving, Span
from storage.eventpages import REACH, Placed
from streams.errors import NotFound, Refused
from streams.events import clusters, companions, finding, histories, shown
from streams.events.reader import Reader
from streams.events.space import Space
from streams.events.wanted import Batch, Comments, Everything, Followed, History, Page, Tagged, Wanted
from vocab.dialects.events import Ref, moments
from vocab.dialects.events.roletypes import ROLES

SEVERAL_MAX: Final = 300
"""So many items are read by their ids at once."""


class Ambiguous(Refused):
    """Events of several origins have the same external id (Events §3.5)."""


async def item(
    tx: Transaction, space: Space, reader: Reader, stream_id: UUID, *, detailed: bool = False
) -> dict[str, Any]:
    """Return one item; with ``detailed`` also the entities that it names, and those near them. Raises NotFound."""
    row = await eventitems.by_stream_id(tx, space.tenant.id, str(stream_id))
    found = await _shown(tx, space, reader, [] if row is None else [row])
    if row is None or not found:
        raise NotFound(str(stream_id))
    if detailed:
        await companions.join(tx, space, reader, {row.id: found[0]}, nearby=True)
    return found[0]


async def items(
    tx: Transaction, space: Space, reader: Reader, stream_ids: Sequence[UUID]
) -> list[dict[str, Any]]:
    """Return those of some items that are there, in the order they were asked for."""
    wanted = list(dict.fromkeys(map(str, stream_ids)))[:SEVERAL_MAX]
    rows = await eventitems.by_stream_ids(tx, space.tenant.id, wanted)
    return await _shown(tx, space, reader, [rows[id] for id in wanted if id in rows])


async def rows(tx: Transaction, space: Space, reader: Reader, ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return those of some items that the reader may know of, by their rows and in their order."""
    wanted = list(ids)
    found = await eventitems.by_ids(tx, wanted) if wanted else {}
    return await _shown(tx, space, reader, [found[id] for id in wanted if id in found])


async def by_external_id(
    tx: Transaction, space: Space, reader: Reader, external_id: str, *, origin: str = ""
) -> dict[str, Any]:
    """Return the event of an external id. Raises NotFound; Ambiguous when events of several origins have it."""
    named = await eventitems.by_external_id(
        tx, space.tenant.id, external_id, origin=origin.lower(), limit=SEVERAL_MAX
    )
    found = await _shown(tx, space, reader, [row for row in named if not row.hidden])
    if not found:
        raise NotFound(external_id)
    if len({one["origin"] for one in found}) > 1:
        raise Ambiguous("origin", "events of several origins have this external id")
    return found[0]


async def page(tx: Transaction, space: Space, reader: Reader, wanted: Wanted) -> Page:
    """Return a page of a list. Raises NotFound for a list of what is not there, Refused for what reaches too far."""
    if wanted.page < 1 or wanted.offset + wanted.size > REACH:
        raise Refused("page", f"paging reaches the first {REACH} items; narrow the list by from and to")
    if isinstance(wanted.source, History):
        return await _history(tx, space, reader, wanted, wanted.source.of)
    asked = asked_for(space, reader, wanted, await _place(tx, space, reader, wanted))
    placed = await eventpages.page(tx, asked, limit=wanted.size, offset=wanted.offset)
    total = await _total(tx, asked, wanted, len(placed))
    return Page(await _told(tx, space, reader, wanted, placed), total)


async def _history(tx: Transaction, space: Space, reader: Reader, wanted: Wanted, ref: Ref) -> Page:
    """Return a page of an entity's stream: its events, and among them what it did at other doors."""
    past = await histories.of(tx, space, reader, ref)
    asked = asked_for(space, reader, wanted, Involving(past.spans))
    others = {
        message["_stream_id"]: message for message in await histories.elsewhere(tx, space, past, wanted)
    }
    if not others:
        placed = await eventpages.page(tx, asked, limit=wanted.size, offset=wanted.offset)
        total = await _total(tx, asked, wanted, len(placed))
        return Page(await _told(tx, space, reader, wanted, placed), total)
    first = await eventpages.page(tx, asked, limit=wanted.offset + wanted.size)
    merged = sorted(
        sorted((*first, *map(_placed, others.values())), key=lambda one: one.stream_id),
        key=lambda one: (one.occurred, one.received),
        reverse=not asked.ascending,
    )
    placed = merged[wanted.offset : wanted.offset + wanted.size]
    total = min(REACH, await eventpages.count(tx, asked) + len(others))
    return Page(await _told(tx, space, reader, wanted, placed, others), total)


def _placed(message: Mapping[str, Any]) -> Placed:
    """Return the place of what was said at another door."""
    at = histories.instant(message)
    return Placed(0, at, at, message["_stream_id"], None, 1, at, at)


async def _place(tx: Transaction, space: Space, reader: Reader, wanted: Wanted) -> eventlists.Source:
    """Return where a list is read."""
    match wanted.source:
        case Everything():
            return eventlists.Tenantwide()
        case Comments(of, said):
            return Involving(await _spans(tx, space, reader, of), COMMENT, f"COMMENT:{said.value}")
        case Tagged(tag):
            return eventlists.Tagged(tag.lower())
        case Batch(id, origin):
            return eventlists.Batched(id, origin.lower())
        case Followed(by):
            return eventlists.Matched(by)
        case History():
            raise TypeError("the stream of an entity is put together of several lists")


async def _spans(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID) -> tuple[Span, ...]:
    """Return whose roles are meant: an item's, or those of an entity and of all that are the same (Events §6.4)."""
    row = await finding.thing(tx, space, reader, of)
    same = [row.id] if isinstance(row, ItemRow) else await clusters.of(tx, row.id)
    return tuple(map(Span, same))


def asked_for(space: Space, reader: Reader, wanted: Wanted, place: eventlists.Source) -> Asked:
    """Return what the database is asked for a list. Raises Refused for an order that no list has."""
    order = wanted.order.removeprefix("-")
    if order not in ORDERS:
        raise Refused("order", f"must be one of {', '.join(ORDERS)}, with - before it for the largest first")
    return Asked(
        tenant=space.tenant.id,
        source=place,
        parties=reader.asks,
        since=EARLIEST if wanted.since is None else wanted.since,
        until=LATEST if wanted.until is None else wanted.until,
        min_importance=wanted.min_importance,
        types=tuple(dict.fromkeys(type.lower() for type in wanted.types)),
        tags=tuple(dict.fromkeys(tag.lower() for tag in wanted.tags)),
        roles=tuple(dict.fromkeys(map(_label, wanted.roles))),
        filter=None if wanted.filter is None else wanted.filter.tree,
        order=order,
        ascending=not wanted.order.startswith("-"),
        collapse=wanted.collapse,
    )


def _label(role: str) -> str:
    """Return the last label of a role, which stands for it and all below it (Events §4.3)."""
    label = role.upper().rpartition(":")[2]
    return ROLES.synonyms.get(label, label)


async def _total(tx: Transaction, asked: Asked, wanted: Wanted, found: int) -> int:
    """Return how many items a list has; the last page says so by itself."""
    if found < wanted.size and (found or not wanted.offset):
        return wanted.offset + found
    return await eventpages.count(tx, asked)


async def _told(
    tx: Transaction,
    space: Space,
    reader: Reader,
    wanted: Wanted,
    placed: Sequence[Placed],
    others: Mapping[str, dict[str, Any]] | None = None,
) -> list[dict[str, Any]]:
    """Return what is on a page as it is shown; ``others`` are not kept as items."""
    found = await shown.items(tx, space, reader, [one.id for one in placed if one.id])
    if wanted.expand:
        await companions.join(tx, space, reader, found)
    told = []
    for one in placed:
        message = found.get(one.id) or (others or {}).get(one.stream_id)
        if message is not None:
            told.append(message | _group(one) if wanted.collapse else message)
    return told


def _group(one: Placed) -> dict[str, Any]:
    """Say for how many items of its group one stands (Events §7.19)."""
    if one.topic is None:
        return {}
    return {
        "_group": {"count": one.members, "first": moments.spell(one.begun), "last": moments.spell(one.ended)}
    }


async def _shown(
    tx: Transaction, space: Space, reader: Reader, rows: Sequence[ItemRow]
) -> list[dict[str, Any]]:
    """Return those of some items that the reader may know of."""
    return await shown.known_items(tx, space, reader, await finding.items(tx, reader, rows))
