"""What an entry has beside its activity: the verb, the keys of what it is about, the application (Atom §3.4, §4.4).

Everything here follows from the activity with what it is about embedded (``assembly``).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from streams import ids
from vocab.dialects.as1 import types, verbs
from vocab.objects import Object

OUTSIDE: Final = "hw:sourceId"
"""The member of an activity that one of ours tells and somebody did elsewhere: ``hw:author`` is who (Atom §6, §11)."""
CONTAINERS: Final = frozenset(
    {"board", "channel", "folder", "group", "jira-project", "project", "repository", "space", "team"}
)
"""Types of entities that have others in them: their ids are keys (Atom §4.4)."""
KEY_CHARS_MAX: Final = 255
KEYS_MAX: Final = 50
"""So many keys of an activity are noted, and so many of its users."""

_ENTITY: Final = re.compile(r"(?:/tenants/[^/?#]+)?/entities/([^/?#]+)/([^/?#]+)")
_ISSUE: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-[0-9]+")
_NO_KEY: Final = frozenset({"activity", "reaction"})


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of containers and of things, each once, as they were written."""

    containers: tuple[str, ...]
    things: tuple[str, ...]


def actors(activity: Object, base_url: str) -> list[Object]:
    """Return who did it: the actors, or who did it elsewhere as ours say; what others say of that binds nobody.

    One of ours is named by nothing but their IRI, which only who may say so puts there; whoever is described is
    somebody elsewhere, whatever they are called there.
    """
    told_here = bool(activity.get(OUTSIDE)) and ids.is_ours(base_url, activity.id or "")
    outside = activity.values("hw:author") if told_here else ()
    found = [somebody(value, base_url) for value in outside] or map(node, activity.values("actor"))
    return list(found)[:KEYS_MAX]


def somebody(value: Any, base_url: str) -> Object:
    """Return who did something elsewhere, who is none of ours unless named by their IRI alone."""
    named = node(value)
    if not isinstance(value, dict):
        return named
    return named.without(*(
        term for term in ("id", "url", "inbox") if any(ids.is_ours(base_url, iri) for iri in named.ids(term))
    ))  # fmt: skip


def chain(activity: Object) -> tuple[str, ...]:
    """Return the verb with all that it is a kind of, most general first (Atom §3.9)."""
    said = [verb for verb in activity.values("hw:verb") if isinstance(verb, str) and verb]
    if said:
        return verbs.chain(said[0]) if len(said) == 1 else tuple(verbs.iri(verb) for verb in said)
    type = next((type for type in activity.types if not type.startswith("hw:")), "")
    event = activity.get("hw:eventType")
    if not isinstance(event, str) or not event:
        return verbs.of_as2(type)
    known = () if type in ("", verbs.UNTYPED) else verbs.of_as2(type)
    return (*known, verbs.STANDARD + event)


def kind(type: str) -> str:
    """Return the IRI of the type of an entity by the name of that: a vendors' type where they have one (Atom §3.9)."""
    name = type.lower()
    return types.vendor(name) if types.vendor(name) in types.VENDORS else types.iri(name)


def entity_of(iri: str, base_url: str) -> tuple[str, str] | None:
    """Return type and id of an entity of ours by its IRI, None for any other IRI."""
    found = _ENTITY.fullmatch(iri.removeprefix(base_url)) if iri.startswith(base_url + "/") else None
    return None if found is None else (unquote(found[1]), unquote(found[2]))


def keys(activity: Object, base_url: str) -> Keys:
    """Return the keys of an activity's objects and target, and of what they answer (Atom §4.4)."""
    things = [node(thing) for term in ("object", "target") for thing in activity.values(term)]
    told = [activity, *things]
    answered = [node(value) for one in told for term in ("inReplyTo", "target") for value in one.values(term)]
    containers: list[str] = list(_texts(told, "hw:key"))
    found: list[str] = list(_texts(told, "hw:issueKey"))
    for thing in (*things, *answered):
        for type, id in _named(thing, base_url):
            found.append(id)
            if type in CONTAINERS:
                containers.append(id)
    containers += [issue[1] for id in found if (issue := _ISSUE.fullmatch(id))]
    return Keys(_once(containers), _once(found))


def node(value: Any) -> Object:
    """Return the value of a member as a node, which of a mere IRI has nothing but its id."""
    return Object({"id": value} if isinstance(value, str) else value if isinstance(value, dict) else {})


def _named(thing: Object, base_url: str) -> Iterator[tuple[str, str]]:
    """Return type and id by which a thing has a key: an entity's, or a name like ``ORCHARD-7``."""
    entity = entity_of(thing.id or "", base_url)
    if entity is not None and entity[0].lower() not in _NO_KEY:
        yield entity[0].lower(), entity[1]
    name = thing.data.get("name")
    if isinstance(name, str) and _ISSUE.fullmatch(name):
        yield "", name


def _texts(nodes: Iterable[Object], term: str) -> Iterator[str]:
    for one in nodes:
        yield from (value for value in one.values(term) if isinstance(value, str))


def _once(keys: Iterable[str]) -> tuple[str, ...]:
    """Return keys that differ not only by case, without those that nobody would write."""
    told: dict[str, str] = {}
    for key in keys:
        if 0 < len(key) <= KEY_CHARS_MAX:
            told.setdefault(key.lower(), key)
    return tuple(told.values())[:KEYS_MAX]


def application(activity: Object) -> str:
    """Return the id of the application in which it happened, empty when none is told (Atom §3.4)."""
    return next(iter(activity.ids("generator")), "")


def generator(activity: Object) -> str:
    """Return the value of ``provider_name``: id and name of the application that told it (Atom §4.5)."""
    told = next(iter(activity.embedded("generator")), None)
    return f"{told.id}@{told.text('name') or ''}" if told is not None and told.id else ""
