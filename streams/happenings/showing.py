"""Happenings as entries: with who did it, what it is about and where, as far as an onlooker may see that.

The index is made of the same entries, so that what is found and what is shown cannot disagree.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

from storage import Transaction, happeningpages, happeningvalues
from storage.happeningpages import Named, Told
from storage.happeningsight import Sight
from streams.happenings import assembly, facets
from vocab import Activity, Object, instants, stored
from vocab.dialects.events import entitykinds
from vocab.dialects.syndication.reading import APPLICATION
from vocab.entry import MEMBERS, Entry, Source

EMBEDDED: Final = ("actor", "object", "target")
OF_ACTORS: Final = (
    "type",
    "name",
    "nameMap",
    "summary",
    "url",
    "icon",
    "image",
    "preferredUsername",
    "inbox",
)
"""What is told of an actor."""
_ACTOR: Final = 3
REMEMBERED: Final = 512
"""So many documents are kept as they were read: the same few act in much of what is shown together."""
REMEMBERED_CHARS_MAX: Final = 16 * 1024
"""A document that is longer is read each time: what others send may be very long."""
_OURS: Final = frozenset({*(f"hw:{name}" for name in MEMBERS), "hw:author", "hw:feeds", "hw:source"})


async def entries(tx: Transaction, items: Sequence[int], sight: Sight, base_url: str) -> list[Entry]:
    """Return the entries of happenings that somebody was found to be allowed to see, in their order.

    Three statements, however many there are.
    """
    if not items:
        return []
    rows = await happeningpages.told(tx, items)
    activities = {item: activity(rows[item]) for item in items if item in rows}
    iris = sorted({iri for one in activities.values() for iri in _named(one)})
    known = await happeningpages.named(tx, iris, sight)
    places = await happeningvalues.keys(tx, (row.facets for row in rows.values()))
    return [
        entry(rows[item], one, known, base_url, places=[
            places[id] for id in happeningvalues.read(rows[item].facets) if id in places
        ])
        for item, one in activities.items()
    ]  # fmt: skip


def activity(row: Told) -> Activity:
    """Return the activity of a happening with what it is about in it."""
    about = None if row.about_document is None else stored(row.about_document, row.about_context)
    return assembly.assembled(stored(row.document, row.context), about)


def _named(activity: Object) -> Iterator[str]:
    for term in (*EMBEDDED, "hw:author"):
        yield from activity.ids(term)
    for thing in activity.values("object"):
        yield from facets.node(thing).ids("attributedTo")


def entry(
    row: Told, activity: Activity, known: Mapping[str, Named], base_url: str, *, places: Iterable[str] = ()
) -> Entry:
    """Return an activity as an entry; ``known`` are documents that it names, ``places`` keys of where it is."""
    changed = max(row.updated or 0, row.about_updated or 0, row.published)
    keys = facets.keys(activity, base_url)
    told = {key.casefold() for key in (*keys.containers, *keys.things)}
    return Entry(
        activity=_shown(activity, known, base_url),
        published=instants.moment(row.published),
        updated=instants.moment(changed),
        verb=facets.chain(activity),
        provider=row.provider,
        application=_text(activity, "hw:application") or facets.application(activity) or APPLICATION,
        title_html=_text(activity, "hw:titleHtml"),
        category=tuple(value for value in activity.values("hw:category") if isinstance(value, str)),
        keys=(*keys.containers, *(key for key in places if key not in told)),
        issue_keys=keys.things,
        source=_source(activity),
        item=row.item,
        replies_total=row.replies,
    )


def _source(activity: Object) -> Source | None:
    """Return the feed that it was published in elsewhere, if it was (Atom §3.4)."""
    for one in activity.embedded("hw:source"):
        if one.id:
            return Source(one.id, one.text("name") or "", here=next(iter(one.ids("url")), None))
    return None


def _shown(activity: Activity, known: Mapping[str, Named], base_url: str) -> Activity:
    """Return an activity with all that it names embedded, and without the members that an entry has itself."""
    told: dict[str, Any] = {name: value for name, value in activity.data.items() if name not in _OURS}
    told["actor"] = _one_or_all(
        _embedded(one.data, known, base_url) for one in facets.actors(activity, base_url)
    )
    for term in ("object", "target"):
        values = activity.values(term)
        if values:
            told[term] = _one_or_all(_embedded(value, known, base_url) for value in values)
    return Activity({name: value for name, value in told.items() if value is not None})


def _one_or_all(values: Iterable[Any]) -> Any:
    found = list(values)
    return found[0] if len(found) == 1 else found or None


def _embedded(value: Any, known: Mapping[str, Named], base_url: str) -> Any:
    """Return what a member names as a node: as it stands there, with what is known of it besides."""
    node = facets.node(value)
    row = known.get(node.id or "")
    if row is not None and (row.kind == _ACTOR or set(node.data) <= {"id"}):
        return {**_of_row(row, base_url), **node.without("id", "@context").data}
    entity = facets.entity_of(node.id or "", base_url)
    if entity is not None:
        return {**_of_entity(node.id or "", *entity), **node.data}
    return value if set(node.data) <= {"id"} else node.data


def _of_row(row: Named, base_url: str) -> Mapping[str, Any]:
    is_short = len(row.document) + len(row.context or "") <= REMEMBERED_CHARS_MAX
    return _remembered(row, base_url) if is_short else _remembered.__wrapped__(row, base_url)


@lru_cache(maxsize=REMEMBERED)
def _remembered(row: Named, base_url: str) -> Mapping[str, Any]:
    document = stored(row.document, row.context).without("@context").data
    if row.kind != _ACTOR:
        return document
    said = {term: document[term] for term in OF_ACTORS if term in document}
    told: dict[str, Any] = {"id": row.iri, "type": row.type}
    if row.name is not None:
        told |= {"name": row.name, "preferredUsername": row.name}
        if row.local:
            told["url"] = f"{base_url}/@{row.name}"
    return told | said


def _of_entity(iri: str, type: str, id: str) -> dict[str, Any]:
    """Return as much of an entity as its address says."""
    known = entitykinds.kind_of(type)
    name = {"preferredUsername": id} if known == "Person" else {}
    return {"id": iri, "type": known, "name": id, "hw:objectType": facets.kind(type), **name}


def _text(node: Object, term: str) -> str:
    found = node.get(term)
    return found if isinstance(found, str) else ""
