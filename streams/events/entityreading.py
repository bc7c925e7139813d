"""Reading entities, their links and the votes of and on them (Events §5.4, §6, §10). Units of work that only read."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from storage import Transaction, evententities, evententitypages, objects
from storage.evententities import EntityRow
from storage.evententitypages import REACH, Near, Slice
from streams.errors import NotFound, Refused
from streams.events import clusters, finding, shown
from streams.events.reader import Reader
from streams.events.space import Space
from streams.events.wanted import SIZE, Page
from streams.filters import Filter
from vocab import jsontext
from vocab.dialects.events import Ref, linktypes, moments

SEVERAL_MAX: Final = 300
"""So many entities are read by their names at once."""
BUMP_CLASS: Final = "ASBump"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page of a list of entities, links or votes, and what is left out of it."""

    page: int = 1
    size: int = SIZE
    filter: Filter | None = None

    def slice(self, reader: Reader) -> Slice:
        """Return the part of the list that is read. Raises Refused when that reaches too far."""
        offset = (self.page - 1) * self.size
        if self.page < 1 or offset + self.size > REACH:
            raise Refused("page", f"paging reaches the first {REACH} of a list")
        return Slice(self.size, offset, reader.asks, None if self.filter is None else self.filter.tree)


async def one(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID) -> dict[str, Any]:
    """Return an entity; one that other doors alone have named has its name alone. Raises NotFound."""
    try:
        row = await finding.entity(tx, space, reader, of)
    except NotFound:
        return await _named_elsewhere(tx, space, reader, of)
    return (await shown.entities(tx, space, reader, [row]))[0]


async def _named_elsewhere(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID) -> dict[str, Any]:
    if isinstance(of, UUID) or await evententities.by_key(tx, space.tenant.id, of.key) is not None:
        raise NotFound(str(of))
    named = await objects.by_iri(tx, space.entity_iri(of))
    if named is None:
        raise NotFound(str(of))
    at = named.published
    row = EntityRow(
        named.id,
        space.tenant.id,
        of.key,
        of.root.lower(),
        of.type.lower(),
        of.type,
        of.id,
        str(of.stream_id),
        registered=at,
        updated=at,
    )
    return (await shown.entities(tx, space, reader, [row]))[0]


async def several(
    tx: Transaction, space: Space, reader: Reader, named: Sequence[Ref | UUID]
) -> list[dict[str, Any]]:
    """Return those of some entities that are there, in the order they were asked for."""
    wanted = list(dict.fromkeys(named))[:SEVERAL_MAX]
    keys = [of.key for of in wanted if isinstance(of, Ref)]
    ids = [str(of) for of in wanted if isinstance(of, UUID)]
    by_key = await evententities.by_keys(tx, space.tenant.id, keys) if keys else {}
    by_id = await evententities.by_stream_ids(tx, space.tenant.id, ids) if ids else {}
    rows = [by_key.get(of.key) if isinstance(of, Ref) else by_id.get(str(of)) for of in wanted]
    known = await finding.entities(tx, reader, dict.fromkeys(row for row in rows if row is not None))
    return await shown.entities(tx, space, reader, known)


async def of_type(tx: Transaction, space: Space, reader: Reader, type: str, sheet: Sheet) -> Page:
    """Return a page of the entities of a type and of those below it (Events §2.1)."""
    rows, total = await evententitypages.of_type(tx, space.tenant.id, type, sheet.slice(reader))
    return Page(await shown.entities(tx, space, reader, rows), total)


async def links(
    tx: Transaction,
    space: Space,
    reader: Reader,
    of: Ref | UUID,
    sheet: Sheet,
    *,
    types: Sequence[str] = (),
    direction: str = "BOTH",
) -> Page:
    """Return a page of the links of an entity, ``IN``, ``OUT`` or ``BOTH``; of some types and all below them."""
    row = await finding.entity(tx, space, reader, of)
    wanted = [label for type in types for label in _labels(type)]
    found, total = await evententitypages.links(
        tx, row.id, wanted, sheet.slice(reader),
        outward=direction != "IN", inward=direction != "OUT", follows=True,
    )  # fmt: skip
    return Page([_link(near) for near in found], total)


def _labels(type: str) -> tuple[str, ...]:
    """Return the labels that a type stands for: its last one, or those of a family."""
    label = type.upper().rpartition(":")[2]
    return linktypes.members(linktypes.LINKS.synonyms.get(label, label))


def _link(near: Near) -> dict[str, Any]:
    """Return a link as it is answered (Events §5.4)."""
    link = near.link
    told: dict[str, Any] = {
        "type": link.path,
        "$direction": "OUT" if near.leads_out else "IN",
        "entity_ref": f"{near.type}/{near.name}",
        "properties": jsontext.loads(link.properties),
        "weight": link.weight or 0,
        "active_from": None if link.active_from is None else moments.spell(link.active_from),
        "active_until": None if link.active_until is None else moments.spell(link.active_until),
        "_stream_id": link.stream_id,
    }
    return told | {"external_id": link.external_id} if link.external_id else told


async def bumps(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID, sheet: Sheet) -> Page:
    """Return a page of the votes on an entity, and on all that are the same, or on an item (Events §10)."""
    thing = await finding.thing(tx, space, reader, of)
    on = await clusters.of(tx, thing.id) if isinstance(thing, EntityRow) else [thing.id]
    rows, total = await evententitypages.votes(tx, sheet.slice(reader), on=on)
    return Page([_bump(row.body, row.stream_id) for row in rows], total)


async def bumped(tx: Transaction, space: Space, reader: Reader, of: Ref | UUID, sheet: Sheet) -> Page:
    """Return a page of the votes that an entity, or one that is the same, has made."""
    row = await finding.entity(tx, space, reader, of)
    by = await clusters.of(tx, row.id)
    rows, total = await evententitypages.votes(tx, sheet.slice(reader), by=by)
    return Page([_bump(row.body, row.stream_id) for row in rows], total)


def _bump(body: str, stream_id: str) -> dict[str, Any]:
    message: dict[str, Any] = jsontext.loads(body)  # type: ignore[assignment]
    return message | {"_stream_id": stream_id, "_class": BUMP_CLASS}
