"""Collections of Activity Streams 1.0, in and out (Atom §13)."""

from collections.abc import Iterable
from typing import Any, Final

from vocab import instants
from vocab.dialects.as1 import types
from vocab.dialects.as1.reading import to_activity, to_object
from vocab.dialects.as1.shapes import members, within
from vocab.dialects.as1.writing import from_activity
from vocab.dialects.syndication.headers import Header
from vocab.dialects.syndication.items import Item
from vocab.entry import Entry
from vocab.errors import ParseError
from vocab.jsontext import dumps
from vocab.objects import Object

BARE_TYPE: Final = "application/stream+json"
MEDIA_TYPE: Final = f"{BARE_TYPE}; charset=utf-8"
WITHHELD: Final = ("bto", "bcc", "hw:provider", "hw:actions")
"""What is said to some alone, or means something here alone."""


def is_as1(data: Any) -> bool:
    """Tell whether JSON of no particular type is to be read by the rules of AS1: a list by its first item."""
    if isinstance(data, list):
        return bool(data) and is_as1(data[0])
    if not isinstance(data, dict) or "@context" in data:
        return False
    return (
        "verb" in data
        or "objectType" in data
        or (isinstance(data.get("items"), list) and is_as1(data["items"]))
    )


def activities(data: Any) -> list[Object]:
    """Return the activities of a collection, of a list of them, or one by itself; what is left open stays so.

    A thing that stands where an activity should was posted. Raises ParseError with the path of what cannot be read.
    """
    if isinstance(data, list):
        return [_one(item, within("", index)) for index, item in enumerate(data)]
    given = members(data, "")
    items = given.get("items")
    if "verb" in given or "object" in given or items is None:
        return [_one(given, "")]
    if not isinstance(items, list):
        raise ParseError("must be a list", "items")
    return [_one(item, within("items", index)) for index, item in enumerate(items)]


def feed(header: Header, entries: Iterable[tuple[Entry, Item]]) -> bytes:
    """Write a collection of entries, newest first, with where its neighbours are (Atom §6.3, §13)."""
    items = [spelled(entry, item) for entry, item in entries]
    links = {
        "self": header.here, "first": header.first, "prev": header.previous, "next": header.next, "last": header.last,
        "hub": header.hub,
    }  # fmt: skip
    shown = {rel: href for rel, href in links.items() if href is not None}
    named = {"displayName": header.title, "url": header.page, "updated": _at(header)}
    return dumps({**named, "totalItems": len(items), "items": items, "links": shown})


def spelled(entry: Entry, item: Item) -> dict[str, Any]:
    """Return an entry as Activity Streams 1.0: with its title, and who did it and when, which it always has."""
    made: dict[str, Any] = {
        "hw:verb": list(entry.verb), "hw:titleHtml": item.title_html, "hw:category": list(entry.category) or None,
        "published": instants.spell(instants.microseconds(entry.published)),
    }  # fmt: skip
    told = from_activity(entry.activity.without(*WITHHELD).with_(**made))
    if "actor" not in told:
        told["actor"] = {"objectType": "person", "displayName": item.author.name}
    return told


def _one(value: Any, path: str) -> Object:
    given = members(value, path)
    if (
        "verb" in given
        or "object" in given
        or given.get("objectType") in ("activity", types.STANDARD + "activity")
    ):
        return to_activity(given, complete=False, path=path)
    thing = to_object(given, path)
    by = {"actor": thing.get("attributedTo")} if thing.get("attributedTo") is not None else {}
    when = {"published": thing.get("published")} if thing.get("published") is not None else {}
    return Object(
        {"type": "Create", "hw:verb": [types.STANDARD + "post"], **by, **when, "object": thing.data}
    )


def _at(header: Header) -> str:
    return instants.spell(instants.microseconds(header.updated))
