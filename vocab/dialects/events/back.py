"""Activities of any other door as event messages, so that an entity's stream shows all it did (Events §23.5).

What is made here was never sent as an event: it is told with the words of one. Types are ``as.activity.create``.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from vocab import html, instants, iri, telling
from vocab.activities import Activity
from vocab.audience import without_blind
from vocab.dialects.events.catalogue import IMPORTANCE
from vocab.dialects.events.references import LABEL, TYPE_CHARS_MAX, BadReference, Ref, named
from vocab.errors import BadIri
from vocab.objects import Object, of

DOCUMENT: Final = "_as2"
"""The property that holds the document of an activity whose own members no event message has."""
REMOTE: Final = "ASRemoteActor"
"""The type of actors of other servers; their ids are their IRIs (Events §23.5)."""
UNTYPED: Final = "Object"
UNKNOWN: Final = "unspecified"
"""The origin of what has no host."""

_ROLES: Final = (("actor", "ACTOR"), ("object", "AFFECTS"), ("target", "INVOLVES"))
_WORD: Final = re.compile(r"[^a-z0-9_-]+")

RefOf = Callable[[str], Ref | None]


def event(activity: Activity, *, ref_of: RefOf, origin: str = "") -> dict[str, Any]:
    """Return an activity as an event message that was answered: with ``_stream_id``, ``_class`` and ``_as2``.

    ``ref_of`` returns the entity of an IRI, None for what is none. The ``origin`` of what others sent is their host.
    """
    iri_of_it = activity.id or ""
    roles = list(_roles(activity, ref_of))
    published = activity.instant("published")
    message: dict[str, Any] = {
        "type": type_of(activity),
        "origin": origin or _origin(iri_of_it),
        "occurred_at": None if published is None else _spelled(instants.microseconds(published)),
        "importance": IMPORTANCE,
        "description": description(activity, ref_of),
        "involves": roles,
        "aspects": _aspects(activity),
        "properties": _properties(activity),
    }
    told = {name: value for name, value in message.items() if value not in (None, "", {})}
    return told | {"_stream_id": stream_id(iri_of_it), "_class": message["type"], "_as2": iri_of_it}


def stream_id(iri: str) -> str:
    """Return the id that follows from the IRI of an activity, as those of events follow from what they say (§2.2)."""
    return str(named(iri))


def type_of(activity: Activity) -> str:
    """Return the event type of an activity: by the word of an application for what no type says, else by its type."""
    verb = activity.get("hw:verb")
    plain = activity.type in ("", "Activity")
    word = verb if plain and isinstance(verb, str) else activity.type.rpartition(":")[2] or "activity"
    return f"as.activity.{_WORD.sub('-', word.lower()).strip('-') or 'activity'}"[:TYPE_CHARS_MAX]


def description(activity: Activity, ref_of: RefOf) -> str:
    """Tell an activity in a sentence, with the beginning of what it brings."""
    actors = activity.ids("actor")
    who = _called(activity, "actor", actors[0], ref_of) if actors else ""
    told = telling.title(activity, who)
    inner = activity.inner
    begun = None if inner is None or inner.is_activity else inner.text("name") or inner.text("content")
    words = " ".join(html.plain(begun).split()) if begun else ""
    return (
        told if not words or words in told else f"{told}: {telling.shortened(words, telling.TITLE_CHARS_MAX)}"
    )


def _roles(activity: Activity, ref_of: RefOf) -> Iterator[dict[str, Any]]:
    """Name those who take part; what is neither an entity nor an actor is an object with its IRI for an id."""
    for term, role in _ROLES:
        for value in activity.values(term):
            node = of(value) if isinstance(value, dict) else Object({"id": value})
            named = Object({term: value}).ids(term)
            ref = _ref(node, named[0], REMOTE if term == "actor" else UNTYPED, ref_of) if named else None
            if ref is not None:
                yield {"role": role, "entity_ref": str(ref)}


def _ref(node: Object, named: str, untyped: str, ref_of: RefOf) -> Ref | None:
    known = ref_of(named)
    if known is not None:
        return known
    type = node.type if untyped == UNTYPED and LABEL.fullmatch(node.type) else untyped
    try:
        return Ref.parse(f"{type}/{named}")
    except BadReference:
        return None


def _called(activity: Activity, term: str, named: str, ref_of: RefOf) -> str:
    """Return what somebody is called: by their name, as an entity, or by where they are found."""
    nodes = activity.embedded(term)
    name = nodes[0].text("name") if nodes else None
    ref = ref_of(named)
    return name or (ref.id if ref is not None else named)


def _aspects(activity: Activity) -> dict[str, Any]:
    """Say what an activity brings in aspects: a title, a text, hashtags."""
    inner = activity.inner
    if inner is None or inner.is_activity:
        return {}
    name, content = inner.text("name"), inner.text("content")
    written = {"title": name and html.plain(name), "content": content and html.plain(content)}
    tags = (tag.text("name") or "" for tag in inner.embedded("tag") if tag.is_a("Hashtag"))
    found: dict[str, Any] = {
        "summary": {part: text for part, text in written.items() if text},
        "tags": list(dict.fromkeys(tag.removeprefix("#") for tag in tags if tag.strip("#"))),
    }
    return {aspect: value for aspect, value in found.items() if value}


def _properties(activity: Activity) -> dict[str, Any]:
    """Return the members of an application, or the whole document of what no application made."""
    custom = activity.get("hw:custom")
    if activity.get("hw:verb") is not None:
        return custom if isinstance(custom, dict) else {}
    return {DOCUMENT: without_blind(activity).without("@context").data}


def _origin(of: str) -> str:
    """Return where an activity comes from: the host of its IRI, in the letters that an origin may have."""
    try:
        labels = iri.host(of).lower().split(".")
    except BadIri:
        return UNKNOWN
    return ".".join(filter(None, (_WORD.sub("-", label) for label in labels))) or UNKNOWN


def _spelled(at: int) -> str:
    """Write an instant as answers do: whole milliseconds, always (Events §1.3)."""
    then = instants.moment(at)
    return f"{then:%Y-%m-%dT%H:%M:%S}.{then.microsecond // 1_000:03d}Z"
