"""Reading at the Events API's other doors: items, entities and their histories as documents (Events §23.2).

Private is the default. A caller of the tenant sees what the Events API shows them, anybody else what is addressed to
them or to everyone; what they may not see does not exist.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from json import loads
from typing import Any, Final

from storage import (
    Transaction,
    eventdocuments,
    evententities,
    evententitypages,
    eventitems,
    eventkinds,
    objects,
)
from storage.entries import Viewer
from storage.eventaudience import EVERYBODY
from storage.eventdocuments import NEWEST, Place, Sight
from storage.evententities import EntityRow
from storage.evententitypages import Near, Slice
from storage.eventlists import EARLIEST, LATEST, Span
from streams import read
from streams.errors import NotFound
from streams.events import clusters, finding
from streams.events.reader import Reader
from streams.events.space import Space, above, nearest
from vocab import Activity, Object, dump, stored
from vocab.dialects.events import BadReference, Entity, Link, Ref, as2, casting
from vocab.dump import Text

LINKS_MAX: Final = 200
"""So many links of an entity its document has."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks: a caller of the tenant, or else somebody known to other servers or nobody."""

    viewer: Viewer | None = None
    reader: Reader | None = None

    def sight(self, engine: str) -> Sight:
        """Return what they may see."""
        if self.reader is None:
            return Sight.of_viewer(self.viewer)
        return Sight.of_parties(engine, self.reader.asks)


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of a history: the documents, newest first, and where the page after it begins, if there is one."""

    documents: list[Text]
    after: Place | None


async def item(tx: Transaction, space: Space, stream_id: str, asking: Asking) -> Text:
    """Return an event or comment as a document, or a vote on what everybody may read. Raises NotFound."""
    iri = space.item_iri(stream_id)
    if asking.reader is None:
        return await read.document(tx, iri, asking.viewer)
    row = await eventitems.by_stream_id(tx, space.tenant.id, stream_id)
    if row is None:
        return await read.document(tx, iri, None)
    if not await finding.items(tx, asking.reader, [row]):
        raise NotFound(iri)
    written = (await eventdocuments.written(tx, [row.id]))[row.id]
    return Text(written.document, written.context)


async def note(tx: Transaction, space: Space, stream_id: str, asking: Asking) -> Text:
    """Return the Note that a comment is the Create of. Raises NotFound."""
    said = stored(*await item(tx, space, stream_id, asking))
    inner = said.inner if isinstance(said, Activity) else None
    if inner is None or not inner.is_a(as2.COMMENT):
        raise NotFound(f"{space.item_iri(stream_id)}/note")
    return dump.document(inner)


async def entity(tx: Transaction, space: Space, ref: Ref, asking: Asking) -> Object | None:
    """Return an entity with all that is known of it; None for who may know no more than that it is there."""
    row = await _find(tx, space, ref)
    if row is None or not await _may_know(tx, row, asking):
        return None
    links = await _links(tx, row, asking)
    known = Entity(_ref(row), loads(row.aspects), loads(row.properties), links)
    return as2.entity(
        known, iri_of=space.entity_iri, name_of=lambda ref: ref.id, public=_is_public(row),
        settings=await settings_of(tx, space, row.type),
    )  # fmt: skip


async def settings_of(tx: Transaction, space: Space, type: str) -> Mapping[str, Any]:
    """Return the settings of a type of entities, or of the nearest above it that has some. One statement."""
    rows = await eventkinds.several(tx, space.tenant.id, eventkinds.ENTITY_TYPE, above(type))
    return nearest({row.name: loads(row.settings) for row in rows if row.settings != "{}"}, type)


async def history(
    tx: Transaction, space: Space, ref: Ref, asking: Asking, *, before: Place = NEWEST, limit: int
) -> Chapter:
    """Return what an entity took part in, with those that it is equated with (Events §6.4). Raises NotFound."""
    row = await _find(tx, space, ref)
    found = [] if row is None else await _places(tx, row, asking, before=before, limit=limit + 1)
    if row is None or (not found and not await _may_know(tx, row, asking)):
        raise NotFound(space.entity_iri(ref))
    shown = found[:limit]
    written = await eventdocuments.written(tx, [place.item for place in shown])
    texts = [Text(one.document, one.context) for place in shown if (one := written.get(place.item))]
    return Chapter(texts, shown[-1] if len(found) > limit else None)


async def took_part(tx: Transaction, space: Space, ref: Ref, asking: Asking) -> bool:
    """Tell whether somebody may see anything that an entity took part in."""
    row = await _find(tx, space, ref)
    return row is not None and bool(await _places(tx, row, asking, limit=1))


async def _places(
    tx: Transaction, row: EntityRow, asking: Asking, *, before: Place = NEWEST, limit: int
) -> list[Place]:
    """Return where an entity's history goes on; what nobody may be told of has one for callers of the tenant alone."""
    if asking.reader is None and casting.hidden(_ref(row)):
        return []
    spans = [
        Span(named, *_open(since, until)) for named, since, until in await clusters.histories(tx, row.id)
    ]
    return await eventdocuments.places(tx, spans, asking.sight(tx.engine), before=before, limit=limit)


def named(type: str, name: str) -> Ref | None:
    """Return the entity that a path names, None for what the Events API could not name so."""
    try:
        return Ref.parse(f"{type}/{name}")
    except BadReference:
        return None


async def _find(tx: Transaction, space: Space, ref: Ref) -> EntityRow | None:
    """Find an entity by what it is called, or where that is too long for an address, by its address."""
    row = await evententities.by_key(tx, space.tenant.id, ref.key)
    known = await objects.id_of(tx, space.entity_iri(ref)) if row is None else None
    return row if known is None else (await evententities.by_ids(tx, [known])).get(known)


async def _may_know(tx: Transaction, row: EntityRow, asking: Asking) -> bool:
    """Tell whether somebody may know what is known of an entity: callers by its rules, others if all may read it."""
    if asking.reader is None:
        return _is_public(row) and not row.deleted and not casting.hidden(_ref(row))
    return bool(await finding.entities(tx, asking.reader, [row]))


def _is_public(row: EntityRow) -> bool:
    """Tell whether everyone may read an entity: it has rules, and they keep nobody away."""
    return row.acl is not None and not row.restricted


async def _links(tx: Transaction, row: EntityRow, asking: Asking) -> tuple[Link, ...]:
    """Return the links that lead away from an entity to what somebody may know of too."""
    parties = frozenset((EVERYBODY,)) if asking.reader is None else asking.reader.asks
    near, _ = await evententitypages.links(
        tx, row.id, (), Slice(LINKS_MAX, 0, parties), outward=True, inward=False
    )
    others = await evententities.by_ids(tx, {one.link.target for one in near})
    known = {id for id, other in others.items() if await _may_know(tx, other, asking)}
    return tuple(_link(row, one) for one in near if one.link.target in known)


def _link(row: EntityRow, near: Near) -> Link:
    link = near.link
    return Link(
        _ref(row), link.path, Ref(near.type, near.name), link.external_id, link.weight, loads(link.properties),
        link.active_from, link.active_until,
    )  # fmt: skip


def _ref(row: EntityRow) -> Ref:
    return Ref(row.type, row.name)


def _open(since: int | None, until: int | None) -> tuple[int, int]:
    return EARLIEST if since is None else since, LATEST if until is None else until
