"""JSON Activity Streams 1.0: an activity, an array of them, or a collection (Atom §10.2, §13)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab import feedhtml, html
from vocab.dialects.as1 import types
from vocab.dialects.feedreading import composing, moments
from vocab.dialects.feedreading.composing import Parts, address, line
from vocab.dialects.feedreading.reading import Item, Reading
from vocab.jsontext import dumps

ITEMS_MAX: Final = 5_000
MANY: Final = 100
NESTED: Final = ("actor", "object", "target", "generator")


def recognises(data: Any) -> bool:
    """Tell whether JSON is this, and not AS2."""
    if isinstance(data, list):
        return any(isinstance(one, dict) and recognises(one) for one in data[:MANY])
    if not isinstance(data, dict) or "@context" in data:
        return False
    if isinstance(data.get("items"), list) and "type" not in data:
        return not data["items"] or recognises(data["items"])
    return "verb" in data or "objectType" in data


def read(data: Any, found_at: str) -> Reading:
    """Read a collection, an array or a single activity."""
    whole: Mapping[str, Any] = data if isinstance(data, dict) else {}
    listed = data if isinstance(data, list) else whole.get("items", [data] if "items" not in whole else [])
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    next_link = _linked(whole.get("links"), "next")
    items = [_item(one, found_at, found_at) for one in found[:ITEMS_MAX]]
    return Reading(
        "as1",
        id=_text(whole, "id") or _text(whole, "url") or found_at,
        title=html.plain(feedhtml.title(_text(whole, "displayName") or _text(whole, "title"))),
        next=address(next_link if isinstance(next_link, str) else _text(_node(next_link), "href"), found_at),
        items=composing.newest_first(items),
        warnings=(f"only the first {ITEMS_MAX} activities were read",) if len(found) > ITEMS_MAX else (),
    )


def _linked(links: Any, rel: str) -> Any:
    """Return a link by its relation, from an object of them or a list."""
    if isinstance(links, list):
        return next((one for one in links if isinstance(one, dict) and one.get("rel") == rel), None)
    return links.get(rel) if isinstance(links, dict) else None


def _item(data: Mapping[str, Any], base: str, feed: str) -> Item:
    thing = _node(data.get("object"))
    generator = _node(data.get("generator"))
    target = data.get("target")
    icon = composing.picture(address(_text(_node(data.get("icon")), "url"), base))
    parts = Parts(
        id=line(_text(data, "id")),
        title=feedhtml.title(_text(data, "title"), base),
        content=feedhtml.body(_text(data, "content") or _text(thing, "content"), base),
        url=address(_text(data, "url"), base) or address(_text(thing, "url"), base),
        published=moments.read(_text(data, "published")),
        updated=moments.read(_text(data, "updated")),
        dated=_text(data, "published"),
        authors=[_person(one, base) for one in _several(data.get("actor"))],
        verbs=[_text(data, "verb")] if _text(data, "verb") else [],
        objects=[_thing(one, base) for one in _several(data.get("object"))],
        target=_thing(_node(target), base) if target else None,
        tags=[one for tag in _several(thing.get("tags")) if (one := _tag(tag, base))],
        attachments=[one for file in _several(thing.get("attachments")) if (one := _file(file, base))],
        refs=[ref for one in _several(thing.get("inReplyTo")) for ref in (_text(one, "id"), _text(one, "url")) if ref],
        generator=_generator(generator, base),
        application=_text(generator, "id"),
        icon=icon,
        raw=dumps(dict(data)).decode(),
    )  # fmt: skip
    return composing.item(parts, feed=feed)


def _person(data: Mapping[str, Any], base: str) -> dict[str, Any]:
    image = _node(data.get("image"))
    found = composing.picture(
        address(_text(image, "url"), base), width=_number(image, "width"), height=_number(image, "height")
    )
    made = composing.person(
        html.plain(feedhtml.title(_text(data, "displayName"))),
        username=_text(data, "preferredUsername") or _text(data, "username"),
        id=_text(data, "id"),
        url=address(_text(data, "url"), base),
        pictures=[found] if found else [],
    )
    kind = types.as2(_text(data, "objectType"))
    return made | ({"type": kind} if kind in ("Application", "Group", "Organization", "Service") else {})


def _thing(data: Mapping[str, Any], base: str) -> dict[str, Any]:
    made = composing.thing(
        _text(data, "id"),
        type=_text(data, "objectType"),
        name=html.plain(feedhtml.title(_text(data, "displayName"))),
        summary=html.plain(feedhtml.title(_text(data, "summary"))),
        url=address(_text(data, "url"), base),
        media_type=_text(data, "mimeType"),
    )
    content = feedhtml.body(_text(data, "content"), base)
    return made | ({"content": content} if content else {})


def _tag(data: Mapping[str, Any], base: str) -> dict[str, Any] | None:
    name = line(_text(data, "displayName"))
    if not name:
        return None
    href = address(_text(data, "url"), base)
    return {"type": "Hashtag", "name": f"#{name.lstrip('#')}", **({"href": href} if href else {})}


def _file(data: Mapping[str, Any], base: str) -> dict[str, Any] | None:
    picture = _node(data.get("fullImage")) or _node(data.get("image")) or _node(data.get("stream"))
    url = address(_text(picture, "url"), base) or address(_text(data, "url"), base)
    kind = types.as2(_text(data, "objectType"), _text(data, "mimeType"))
    if not url:
        return None
    made = composing.attachment(url, media_type=_text(data, "mimeType"), name=_text(data, "displayName"))
    return made | ({"type": kind} if kind in ("Audio", "Image", "Video", "Page") else {})


def _generator(data: Mapping[str, Any], base: str) -> dict[str, Any] | None:
    made = {
        "type": "Application",
        "id": _text(data, "id"),
        "name": line(_text(data, "displayName")),
        "url": address(_text(data, "url"), base),
    }
    kept = {name: text for name, text in made.items() if text}
    return kept if len(kept) > 1 else None


def _node(value: Any) -> Mapping[str, Any]:
    """Return a member that is an object; a text in its place is its id."""
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, dict) else {"id": value} if isinstance(value, str) else {}


def _several(value: Any) -> list[Mapping[str, Any]]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [_node(one) for one in values[:MANY] if isinstance(one, dict | str)]


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _number(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return str(found) if isinstance(found, int | str) and not isinstance(found, bool) else ""
