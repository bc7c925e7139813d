"""A page of the stream as Activity Streams 2.0: activities with what belongs to entries beside it (Atom §7.6, §12.1).

Members of entries stand under their plain names, which the context explains. Who signed an activity signed it without.
"""

from collections.abc import Iterable
from typing import Any, Final

from vocab.dialects.syndication.headers import Header
from vocab.dump import collection, document
from vocab.entry import Action, Entry
from vocab.extensions import PREFIXES
from vocab.objects import Object

BARE_TYPE: Final = "application/activity+json"
MEDIA_TYPE: Final = f"{BARE_TYPE}; charset=utf-8"


def _list(name: str) -> dict[str, str]:
    return {"@id": f"hw:{name}", "@container": "@list"}


CONTEXT: Final[dict[str, Any]] = {
    "hw": PREFIXES["hw"],
    **{name: f"hw:{name}" for name in ("application", "titleHtml", "category", "key", "issueKey", "method")},
    **{name: _list(name) for name in ("verb", "actions", "fields")},
}
"""What the members of entries and actions mean."""
REPEATED: Final = (
    "hw:verb", "hw:application", "hw:titleHtml", "hw:category", "hw:key", "hw:issueKey", "hw:actions", "hw:provider",
    "proof", "signature",
)  # fmt: skip
"""Members of a stored activity that the entry has as its own, that nobody else is told, or that would not hold here."""


def page(header: Header, entries: Iterable[Entry]) -> bytes:
    """Write a page of an ordered collection, newest first."""
    links = {"first": header.first, "last": header.last, "next": header.next, "prev": header.previous}
    about = {
        "@context": CONTEXT, "id": header.here, "type": "OrderedCollectionPage", "partOf": header.id,
        "name": header.title, **{name: iri for name, iri in links.items() if iri is not None},
    }  # fmt: skip
    return collection(about, [document(spelled(entry)) for entry in entries])


def spelled(entry: Entry) -> Object:
    """Return an entry as an activity with members of its own; actions are those of this reader (Atom §7.6)."""
    own = entry.as_dict()
    members = {
        name: own[name]
        for name in ("verb", "application", "titleHtml", "category", "key", "issueKey")
        if own.get(name)
    }
    if entry.actions:
        members["actions"] = [_action(action) for action in entry.actions]
    return Object({**entry.activity.without(*REPEATED).data, **members})


def _action(action: Action) -> dict[str, Any]:
    told: dict[str, Any] = {
        "type": "Link", "rel": action.rel, "href": action.href, "method": action.method, "name": action.name,
    }  # fmt: skip
    return {**told, "fields": list(action.fields)} if action.fields else told
