"""By what an activity is found: its verb, its users, the keys of what it is about, its words (Atom §4.3, §4.4).

Everything here follows from the activity with what it is about embedded (``assembly``), so that the index and an entry
that is shown cannot disagree.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote

from vocab import html, telling
from vocab import iri as iris
from vocab.dialects.as1 import types, verbs
from vocab.errors import BadIri
from vocab.objects import Object, of

OUTSIDE: Final = "hw:sourceId"
"""The member of an activity that one of ours tells and somebody did elsewhere: ``hw:author`` is who (Atom §6, §11)."""
CONTAINERS: Final = frozenset(
    {"board", "channel", "folder", "group", "jira-project", "project", "repository", "space", "team"}
)
"""Types of entities that have others in them: their ids are keys (Atom §4.4)."""
UNTYPED: Final = "object"
COMMENT: Final = types.STANDARD + "comment"
KEY_CHARS_MAX: Final = 255
KEYS_MAX: Final = 50
"""So many keys of an activity are noted, and so many of its users."""
TEXT_CHARS_MAX: Final = 100_000

_ENTITY: Final = re.compile(r"(?:/tenants/[^/?#]+)?/entities/([^/?#]+)/([^/?#]+)")
_ISSUE: Final = re.compile(r"([A-Za-z][A-Za-z0-9_]*)-[0-9]+")
_NO_KEY: Final = frozenset({"activity", "reaction"})


@dataclass(frozen=True, slots=True)
class Person:
    """Who did it: ``id`` is their IRI, or what stands for it; they are also called by ``name`` here and by ``handle``.

    All three are as they are compared (Atom §4.3 7): names and handles in lower case, empty where there is none.
    """

    id: str
    name: str = ""
    handle: str = ""

    @property
    def texts(self) -> frozenset[str]:
        """Everything by which a filter may name them."""
        return frozenset({self.id, self.name, self.handle} - {""})


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys of containers and of things, each once, as they were written."""

    containers: tuple[str, ...]
    things: tuple[str, ...]


def called(text: str) -> str:
    """Return a user's name from a filter as it is compared: IRIs as they are, names in lower case without ``@``."""
    text = text.strip()
    return text if iris.is_http(text) or ":" in text else text.removeprefix("@").lower()


def actors(activity: Object) -> list[Object]:
    """Return who did it: the actors, or who they say did it elsewhere."""
    outside = activity.embedded("hw:author") if activity.get(OUTSIDE) else []
    named = [of({"id": value}) if isinstance(value, str) else None for value in activity.values("actor")]
    return outside or [one for one in named if one is not None] + activity.embedded("actor")


def people(activity: Object, base_url: str) -> tuple[Person, ...]:
    """Return who did it, as filters name them."""
    return tuple(dict.fromkeys(person(one, base_url) for one in actors(activity)[:KEYS_MAX]))


def person(actor: Object, base_url: str) -> Person:
    """Return somebody as filters name them. Local names are those of this server and of its entities."""
    id, said = actor.id or "", (actor.text("preferredUsername") or "").lower()
    path = id.removeprefix(base_url) if id.startswith(base_url + "/") else ""
    entity = _ENTITY.fullmatch(path)
    if entity or path.startswith("/users/"):
        name = unquote(entity[2] if entity else path.removeprefix("/users/")).lower()
        return Person(id, name, f"{name}@{iris.host(base_url)}")
    if not id or not iris.is_http(id):
        return Person(id or f"~{said or (actor.text('name') or '').lower()}", said)
    try:
        return Person(id, "", f"{said}@{iris.host(id)}" if said else "")
    except BadIri:
        return Person(id)


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


def kind(thing: Any, base_url: str) -> str:
    """Return the IRI of the type of a thing, which may be a mere IRI; empty when nothing is known of it."""
    node = of({"id": thing}) if isinstance(thing, str) else of(thing) if isinstance(thing, dict) else of({})
    said = node.get("hw:objectType")
    if isinstance(said, str) and said:
        return types.iri(said)
    entity = entity_of(node.id or "", base_url)
    if entity is not None:
        name = entity[0].lower()
        return types.vendor(name) if types.vendor(name) in types.VENDORS else types.iri(name)
    if node.is_a("Note") and (node.get("inReplyTo") or node.is_a("hw:Comment")):
        return COMMENT
    return types.of_as2(next((type for type in node.types if not type.startswith("hw:")), ""))


def deeds(activity: Object, base_url: str) -> tuple[str, ...]:
    """Return what was done to what, as the option ``activity`` has it: ``ticket:post`` (Atom §4.5)."""
    verb = verbs.key(chain(activity)[-1])
    things = activity.values("object") or [None]
    named = (types.key(kind(thing, base_url)) or UNTYPED for thing in things[:KEYS_MAX])
    return tuple(dict.fromkeys(f"{name}:{verb}" for name in named))


def entity_of(iri: str, base_url: str) -> tuple[str, str] | None:
    """Return type and id of an entity of ours by its IRI, None for any other IRI."""
    found = _ENTITY.fullmatch(iri.removeprefix(base_url)) if iri.startswith(base_url + "/") else None
    return None if found is None else (unquote(found[1]), unquote(found[2]))


def keys(activity: Object, base_url: str) -> Keys:
    """Return the keys of an activity's objects and target, and of what they answer (Atom §4.4)."""
    things = [thing for term in ("object", "target") for thing in activity.values(term)]
    about = [of(thing) for thing in things if isinstance(thing, dict)]
    answered = [
        value
        for node in (activity, *about)
        for term in ("inReplyTo", "target")
        for value in node.values(term)
    ]
    containers: list[str] = list(_texts([activity, *about], "hw:key"))
    found: list[str] = list(_texts([activity, *about], "hw:issueKey"))
    for thing in (*things, *answered):
        for type, id in _named(thing, base_url):
            found.append(id)
            if type in CONTAINERS:
                containers.append(id)
    containers += [issue[1] for id in found if (issue := _ISSUE.fullmatch(id))]
    return Keys(_once(containers), _once(found))


def _named(thing: Any, base_url: str) -> Iterator[tuple[str, str]]:
    """Return type and id by which a thing has a key: an entity's, or a name like ``ORCHARD-7``."""
    node = of({"id": thing}) if isinstance(thing, str) else of(thing) if isinstance(thing, dict) else of({})
    entity = entity_of(node.id or "", base_url)
    if entity is not None and entity[0].lower() not in _NO_KEY:
        yield entity[0].lower(), entity[1]
    name = (node.text("name") or "").strip()
    if _ISSUE.fullmatch(name):
        yield "", name


def _texts(nodes: Iterable[Object], term: str) -> Iterator[str]:
    for node in nodes:
        yield from (value for value in node.values(term) if isinstance(value, str))


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


def words(activity: Object, names: Iterable[str] = ()) -> str:
    """Return all that an entry may say of an activity, in lower case and without markup, to look for words in."""
    told = [*names, telling.sentence(activity)]
    nodes = (activity, *actors(activity), *activity.embedded("object"), *activity.embedded("target"))
    for node in nodes:
        told += [html.plain(text) for term in ("name", "summary", "content") if (text := node.text(term))]
        told += [html.plain(text) for text in _texts([node], "hw:titleHtml")]
        custom = node.get("hw:custom")
        if isinstance(custom, dict):
            told += [text for text in custom.values() if isinstance(text, str)]
    return " ".join(" ".join(told).split())[:TEXT_CHARS_MAX].lower()
