"""Activity Streams 2.0: an activity or object, a collection or a page of one (Atom §10.2).

An actor is no feed itself: ``outbox`` is where its activities are. What is only named in a collection says nothing.
"""

from collections.abc import Mapping
from typing import Any, Final

from vocab import feedhtml, html
from vocab.dialects.as1 import types, verbs
from vocab.dialects.feedreading import composing, moments
from vocab.dialects.feedreading.composing import address, line
from vocab.dialects.feedreading.errors import NoFeed
from vocab.dialects.feedreading.reading import Item, Reading
from vocab.errors import ParseError
from vocab.jsontext import dumps
from vocab.objects import Object
from vocab.parse import from_json

ITEMS_MAX: Final = 5_000
MANY: Final = 100
PAGES: Final = ("first", "next")
KEPT: Final = frozenset(
    {
        "attachment", "content", "contentMap", "duration", "endTime", "icon", "id", "image", "inReplyTo", "location",
        "mediaType", "name", "nameMap", "oneOf", "anyOf", "published", "sensitive", "startTime", "summary", "tag",
        "type", "updated", "url",
    }
)  # fmt: skip
"""Members of a thing that are taken over; ids of its collections and who it is addressed to are not."""


def read(data: Mapping[str, Any], found_at: str) -> Reading:
    """Read a document. Raises NoFeed for an actor whose activities are elsewhere, see ``outbox``."""
    try:
        whole = from_json(dict(data))
    except ParseError as error:
        raise NoFeed(str(error)) from None
    if not whole.is_collection:
        if whole.is_actor:
            raise NoFeed("it is an actor; its outbox is a feed")
        return Reading("as2", id=whole.id or found_at, here=found_at, items=(_item(whole, found_at),))
    inner = whole.embedded("first")
    listed = whole if whole.get("orderedItems") or whole.get("items") or not inner else inner[0]
    found = [*listed.embedded("orderedItems"), *listed.embedded("items")]
    following = next((name for term in PAGES for name in listed.ids(term)), "")
    return Reading(
        "as2",
        id=whole.id or found_at,
        title=html.plain(whole.text("name") or ""),
        subtitle=html.plain(whole.text("summary") or ""),
        here=address(whole.id),
        next=address(following, found_at),
        items=composing.newest_first([_item(one, found_at) for one in found[:ITEMS_MAX]]),
        warnings=(f"only the first {ITEMS_MAX} items were read",) if len(found) > ITEMS_MAX else (),
    )


def outbox(data: Mapping[str, Any]) -> str:
    """Return where an actor's activities are, empty for what is no actor."""
    found = data.get("outbox")
    return address(found) if isinstance(found, str) and data.get("inbox") else ""


def _item(said: Object, base: str) -> Item:
    """Take an activity over; a thing that is none was created by its author."""
    activity = said if said.is_activity else Object({"type": "Create", "object": said.data})
    things = [_thing(value, base) for value in activity.values("object")[:MANY]]
    first = things[0] if things else {}
    about = activity.embedded("object")[0] if activity.embedded("object") else Object({})
    published = moments.read(_text(activity, "published")) or moments.read(_text(about, "published"))
    updated = moments.read(_text(activity, "updated")) or moments.read(_text(about, "updated"))
    id = activity.id or about.id or ""
    title = feedhtml.title(
        _text(activity, "hw:titleHtml") or activity.text("summary") or activity.text("name") or ""
    )
    url = _url(activity, base) or _url(about, base) or address(about.id) or address(activity.id)
    chain = [verb for verb in activity.values("hw:verb") if isinstance(verb, str)]
    undone = about.type if activity.is_a("Undo") else ""
    entry = {
        "id": id or composing.item(composing.Parts(url=url, title=title), feed=base).key,
        "type": activity.type or "Activity",
        "actor": _people(activity, about, base),
        "object": things[0] if len(things) == 1 else things,
        "target": next((_thing(value, base) for value in activity.values("target")), None),
        "url": url,
        "summary": html.plain(title),
        "published": moments.spelled(published) if published else None,
        "updated": moments.spelled(updated) if updated else None,
        "generator": next((one.data for one in activity.embedded("generator")), None),
        "verb": chain or list(verbs.of_as2(activity.type, undone)),
        "application": _text(activity, "hw:application"),
        "titleHtml": title,
        "category": [one for one in activity.values("hw:category") if isinstance(one, str)],
        "key": [one for one in activity.values("hw:key") if isinstance(one, str)],
        "issueKey": [one for one in activity.values("hw:issueKey") if isinstance(one, str)],
    }
    kept = {name: value for name, value in entry.items() if value not in (None, "", [])}
    answered = first.get("inReplyTo") if isinstance(first.get("inReplyTo"), str) else None
    raw = dumps(dict(said.without("@context").data)).decode()[: composing.RAW_CHARS_MAX]
    return Item(str(kept["id"]), kept, published, updated, (answered,) if answered else (), raw=raw)


def _thing(value: Any, base: str) -> dict[str, Any]:
    if isinstance(value, str):
        return {"id": value, "type": "Object", "url": address(value)} if address(value) else {"id": value}
    if not isinstance(value, dict):
        return {}
    node = Object(value)
    made = {name: member for name, member in value.items() if name in KEPT}
    made["type"] = node.type or "Object"
    if content := node.text("content"):
        made["content"] = feedhtml.body(content, base)
    if name := node.text("name"):
        made["name"] = line(html.plain(name))
    if url := _url(node, base) or address(node.id):
        made["url"] = url
    made["hw:objectType"] = _text(node, "hw:objectType") or types.of_as2(node.type)
    return {name: member for name, member in made.items() if member not in (None, "", [])}


def _people(activity: Object, about: Object, base: str) -> Any:
    """Return who did it: as embedded, else by the last part of a name."""
    said = activity.values("hw:author") or activity.values("actor") or about.values("attributedTo")
    people = [_person(one, base) for one in said[:MANY] if isinstance(one, dict | str)]
    return people[0] if len(people) == 1 else people


def _person(value: dict[str, Any] | str, base: str) -> dict[str, Any]:
    if isinstance(value, str):
        return composing.person(
            username=value.rstrip("/").rpartition("/")[2].lstrip("@"), id=value, url=address(value)
        )
    node = Object(value)
    icon = next((one for one in node.embedded("icon")), Object({}))
    picture = composing.picture(_url(icon, base))
    return composing.person(
        html.plain(node.text("name") or ""),
        username=_text(node, "preferredUsername"),
        id=node.id or "",
        url=_url(node, base) or address(node.id),
        pictures=[picture] if picture else [],
    )


def _url(node: Object, base: str) -> str:
    return next((found for one in node.ids("url") if (found := address(one, base))), "")


def _text(node: Object, term: str) -> str:
    found = node.get(term)
    return found if isinstance(found, str) else ""
