"""Catalogues of what exists in a tenant: types of entities, events, roles and links, and origins (Events §5.4)."""

from typing import Any, Final

from storage import Transaction, eventcensus, eventlabels
from storage.eventcensus import Counted
from storage.eventkinds import ENTITY_TYPE, EVENT_TYPE, ORIGIN
from streams.events.entityreading import Sheet
from streams.events.reader import Reader
from streams.events.space import Space
from streams.events.wanted import Page
from vocab import jsontext
from vocab.dialects.events import catalogue as catalogued
from vocab.dialects.events import moments
from vocab.dialects.events.linktypes import LINKS
from vocab.dialects.events.places import Places
from vocab.dialects.events.roletypes import ROLES

CATALOGUES: Final = {"event-types": EVENT_TYPE, "entity-types": ENTITY_TYPE, "origins": ORIGIN}
HIERARCHIES: Final = {"role-types": ROLES, "link-types": LINKS}


async def kinds(tx: Transaction, space: Space, reader: Reader, catalogue: str, sheet: Sheet) -> Page:
    """Return a page of one of ``CATALOGUES``."""
    part = sheet.slice(reader)
    found, total = await eventcensus.page(
        tx, space.tenant.id, CATALOGUES[catalogue], reader.asks, limit=part.limit, offset=part.offset
    )
    return Page([_kind(catalogue, one) for one in found], total)


def _kind(catalogue: str, one: Counted) -> dict[str, Any]:
    member = "origin" if catalogue == "origins" else "type"
    told: dict[str, Any] = {member: one.name, "count": one.often, "first_seen": moments.spell(one.first)}
    settings = jsontext.loads(one.settings)
    entry = catalogued.find(one.name) if catalogue == "event-types" else None
    return told | ({"known": entry.spell()} if entry else {}) | ({"settings": settings} if settings else {})


async def known(tx: Transaction, space: Space, reader: Reader, sheet: Sheet) -> Page:
    """Return a page of the types of events that are known beforehand, whether they have occurred or not (§20)."""
    part, entries = sheet.slice(reader), sorted(catalogued.KNOWN)
    shown = entries[part.offset : part.offset + part.limit]
    return Page([catalogued.KNOWN[type].spell() for type in shown], len(entries))


async def labels(tx: Transaction, space: Space, reader: Reader, catalogue: str, sheet: Sheet) -> Page:
    """Return a page of one of ``HIERARCHIES``: the predefined labels, and those that the tenant made."""
    part, places = sheet.slice(reader), HIERARCHIES[catalogue]
    made = await eventlabels.of(tx, space.tenant.id)
    own = {label: path for (sort, label), path in made.items() if sort == places.space}
    found = sorted((_label(label, path, places) for label, path in (own | places.paths).items()), key=_path)
    return Page(found[part.offset : part.offset + part.limit], len(found))


def _label(label: str, path: str, places: Places) -> dict[str, Any]:
    return {"label": label, "type": path, "predefined": label in places.paths}


def _path(told: dict[str, Any]) -> str:
    return str(told["type"])
