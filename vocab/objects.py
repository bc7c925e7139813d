"""Objects, links and collections over one dict; unknown members survive (AP-009, AP-011).

A value is never changed: ``with_`` and ``without`` return another. Reading goes through methods that fold
the several shapes a member may have into one (SEC-055), so that no other code looks at raw JSON.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any, Self

from vocab import instants, terms
from vocab.errors import Ambiguous
from vocab.extensions import ACTIVITY_TYPES as EXTENSION_ACTIVITY_TYPES
from vocab.extensions import OBJECT_TYPES as EXTENSION_OBJECT_TYPES

_MARKS_OF_ACTIVITY = ("actor", "object", "target", "result", "origin", "instrument")
_OWN_CONTEXT = frozenset({"@context", "proof", "signature"})
_ACTIVITIES = terms.ACTIVITY_TYPES | EXTENSION_ACTIVITY_TYPES
_NOT_ACTIVITIES = (terms.KNOWN_TYPES - terms.ACTIVITY_TYPES) | EXTENSION_OBJECT_TYPES
_TELLING = _ACTIVITIES | _NOT_ACTIVITIES
"""Types that tell by themselves what a node is, whatever else it says."""


class Object:
    """One node of a document: an object, activity, actor, collection or link."""

    __slots__ = ("data",)

    data: dict[str, Any]

    def __init__(self, data: dict[str, Any]) -> None:
        self.data = data

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.type or 'untyped'} {self.id or 'anonymous'}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Object) and self.data == other.data

    @classmethod
    def describes(cls, node: "Object") -> bool:
        """Tell whether this class, rather than plain Object, is the one for a node."""
        return False

    @property
    def id(self) -> str | None:
        """The IRI, or None for an anonymous node (AP-061)."""
        found = self.data.get("id")
        return found if isinstance(found, str) and found else None

    @property
    def types(self) -> tuple[str, ...]:
        """All types, in order (AP-007)."""
        found = self.data.get("type")
        if type(found) is str:
            return (found,)
        return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()

    @property
    def type(self) -> str:
        """The first type, or the empty text."""
        return next(iter(self.types), "")

    def is_a(self, *names: str) -> bool:
        """Tell whether one of the types is one of these names; kinds of a type do not count (AP-034)."""
        found = self.data.get("type")
        return found in names if type(found) is str else not set(names).isdisjoint(self.types)

    @property
    def is_activity(self) -> bool:
        """Whether this is an activity: by type, or for want of a known type by its members (AP-196)."""
        types = self.types
        if not _ACTIVITIES.isdisjoint(types):
            return True
        return _NOT_ACTIVITIES.isdisjoint(types) and any(self.get(term) for term in _MARKS_OF_ACTIVITY)

    @property
    def is_actor(self) -> bool:
        """Whether this is an actor: it has an inbox and an outbox, whatever its type (AP-032)."""
        return self.get("inbox") is not None and self.get("outbox") is not None

    @property
    def is_collection(self) -> bool:
        """Whether this is a collection or a page of one."""
        return not terms.COLLECTION_TYPES.isdisjoint(self.types)

    @property
    def is_link(self) -> bool:
        """Whether this is a link: a type of links, or nothing but an ``href`` to go by."""
        if not terms.LINK_TYPES.isdisjoint(self.types):
            return True
        return not self.types and isinstance(self.data.get("href"), str)

    def get(self, term: str) -> Any:
        """Return a member as it stands; null and the empty array are absent (AP-005)."""
        found = self.data.get(term)
        return None if found == [] else found

    def values(self, term: str) -> list[Any]:
        """Return the values of a member, one or many, without nulls (AP-006)."""
        found = self.data.get(term)
        if isinstance(found, list):
            return [value for value in found if value is not None]
        return [] if found is None else [found]

    def ids(self, term: str) -> tuple[str, ...]:
        """Return the IRI of every value that has one: text, a node's id, a link's target (AP-020)."""
        found = self.data.get(term)
        if type(found) is str:
            return (found,) if found else ()
        return tuple([iri for value in self.values(term) if (iri := _iri_of(value))])

    def one_id(self, term: str) -> str | None:
        """Return the one IRI of a member, None when it is absent; raise Ambiguous otherwise (SEC-027)."""
        values = self.values(term)
        if not values:
            return None
        found = _iri_of(values[0]) if len(values) == 1 else None
        if found is None:
            raise Ambiguous(term)
        return found

    def embedded(self, term: str) -> "list[Object]":
        """Return the nodes embedded in a member, each as the class that describes it.

        They take this document's ``@context`` along, which explains their terms (AP-010), unless they have
        one of their own or are signed as they stand.
        """
        nodes = [value for value in self.values(term) if isinstance(value, dict)]
        around = self.data.get("@context")
        if around is None:
            return [of(node) for node in nodes]
        return [of(node if _OWN_CONTEXT & node.keys() else {"@context": around, **node}) for node in nodes]

    def text(self, term: str, language: str | None = None) -> str | None:
        """Read ``name``, ``summary`` or ``content`` for one language (AP-013).

        The exact tag first, then a shorter or longer one, the plain text, ``und``, and any at all.
        """
        plain = next((value for value in self.values(term) if isinstance(value, str)), None)
        by_language = self._by_language(term, plain)
        candidates = _tags(language, by_language) if language else iter(())
        for tag in candidates:
            return by_language[tag]
        return plain if plain is not None else by_language.get("und", next(iter(by_language.values()), None))

    def _by_language(self, term: str, plain: str | None) -> dict[str, str]:
        """Collect texts by language; the context's ``@language`` labels the plain one (AP-013)."""
        found = self.data.get(term + "Map")
        members = found.items() if isinstance(found, dict) else ()
        texts = {tag.lower(): text for tag, text in members if isinstance(text, str)}
        for entry in self.context:
            label = entry.get("@language") if isinstance(entry, dict) else None
            if isinstance(label, str) and plain is not None:
                texts.setdefault(label.lower(), plain)
        return texts

    def instant(self, term: str) -> datetime | None:
        """Return a date-time in UTC; None when it is absent or cannot be read (AP-016)."""
        found = self.data.get(term)
        return instants.parse(found) if isinstance(found, str) else None

    def count(self, term: str) -> int | None:
        """Return a counter or size; digits as text will do, negatives and fractions will not (AP-018)."""
        found = self.data.get(term)
        if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 16:
            return int(found)
        if isinstance(found, bool) or not isinstance(found, int | float) or found < 0 or found != int(found):
            return None
        return int(found)

    def flag(self, term: str) -> bool | None:
        """Return true, false, or None when the member is absent or no boolean."""
        found = self.data.get(term)
        return found if isinstance(found, bool) else None

    def with_(self, **members: Any) -> Self:
        """Return a copy with these members replaced; None removes one."""
        merged = self.data | members
        for term, value in members.items():
            if value is None:
                del merged[term]
        return type(self)(merged)

    def without(self, *names: str) -> Self:
        """Return a copy without these members."""
        return type(self)({term: value for term, value in self.data.items() if term not in names})

    @property
    def context(self) -> tuple[Any, ...]:
        """The sender's further ``@context`` entries, the normative one removed (AP-010)."""
        return extra_context(self.data.get("@context"))


class Link(Object):
    """A link or mention: what it leads to is in ``href``."""

    __slots__ = ()

    @classmethod
    def describes(cls, node: Object) -> bool:
        """Describe links, by type or by having only an ``href``."""
        return node.is_link

    @property
    def href(self) -> str | None:
        """Where the link leads."""
        found = self.data.get("href")
        return found if isinstance(found, str) else None

    @property
    def relations(self) -> frozenset[str]:
        """Relations in lower case, from an array or a list in one text (AP-027)."""
        texts = (value for value in self.values("rel") if isinstance(value, str))
        return frozenset(word.lower() for text in texts for word in text.split())


class Collection(Object):
    """A collection or a page of one, ordered or not."""

    __slots__ = ()

    @classmethod
    def describes(cls, node: Object) -> bool:
        """Describe collections and their pages."""
        return node.is_collection

    @property
    def is_page(self) -> bool:
        """Whether this is one page of a collection."""
        return self.is_a("CollectionPage", "OrderedCollectionPage")

    @property
    def is_ordered(self) -> bool:
        """Whether the order of the members means something."""
        return self.is_a("OrderedCollection", "OrderedCollectionPage")

    @property
    def members(self) -> list[Any]:
        """What is in it, whichever of the two names it uses."""
        return self.values("orderedItems") or self.values("items")

    @property
    def member_ids(self) -> tuple[str, ...]:
        """The IRIs of what is in it."""
        return self.ids("orderedItems") or self.ids("items")


def of(data: dict[str, Any]) -> Object:
    """Return a node as the class that describes it: Activity, Collection, Link or plain Object."""
    named = data.get("type")
    return (_class_of(named) if type(named) is str and named in _TELLING else _class(Object(data)))(data)


@cache
def _class_of(name: str) -> type[Object]:
    """Return the class of nodes of a type that tells by itself; there are so many and no more."""
    return _class(Object({"type": name}))


def _class(node: Object) -> type[Object]:
    return next((kind for kind in Object.__subclasses__() if kind.describes(node)), Object)


def extra_context(context: Any) -> tuple[Any, ...]:
    """Return the entries of a ``@context`` beyond the normative one, without repeats (AP-010)."""
    entries = context if isinstance(context, list) else [context]
    found: list[Any] = []
    for entry in entries:
        usable = isinstance(entry, str | dict) and entry
        if usable and not (isinstance(entry, str) and entry in terms.AS_SPELLINGS) and entry not in found:
            found.append(entry)
    return tuple(found)


def _iri_of(value: Any) -> str | None:
    """Return what one value refers to; a link refers to its target (AP-020)."""
    if type(value) is str:
        return value or None
    if isinstance(value, dict):
        node = Object(value)
        value = value.get("href") if node.is_link else node.id
    return value if isinstance(value, str) and value else None


def _tags(language: str, texts: dict[str, str]) -> Iterator[str]:
    """Yield the tags that serve a language, best first: exact, shorter, longer."""
    wanted = language.lower()
    shorter = wanted
    while shorter:
        if shorter in texts:
            yield shorter
        shorter = shorter.rpartition("-")[0]
    yield from (tag for tag in texts if tag.startswith(wanted + "-"))
