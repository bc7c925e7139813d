"""JSON Feed 1.0 and 1.1 (Atom §10.2)."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from vocab import feedhtml, html
from vocab.dialects.feedreading import composing, moments
from vocab.dialects.feedreading.composing import Parts, address, line
from vocab.dialects.feedreading.reading import Item, Reading
from vocab.jsontext import dumps

ITEMS_MAX: Final = 5_000
MANY: Final = 100
VERSION: Final = "https://jsonfeed.org/version/"


def read(data: Mapping[str, Any], found_at: str) -> Reading:
    """Read a feed."""
    here, home = address(_text(data, "feed_url"), found_at), address(_text(data, "home_page_url"), found_at)
    feed = here or found_at
    listed = data.get("items")
    found = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    authors = _authors(data)
    items = [_item(one, home or found_at, feed, authors) for one in found[:ITEMS_MAX]]
    hubs = [
        one for one in _nodes(data, "hubs") if _text(one, "type").lower() == "websub" or not one.get("type")
    ]
    return Reading(
        "jsonfeed",
        id=feed,
        title=line(_text(data, "title")),
        subtitle=line(_text(data, "description")),
        here=here,
        home=home,
        icon=address(_text(data, "icon") or _text(data, "favicon"), found_at),
        next=address(_text(data, "next_url"), found_at),
        hubs=tuple(hub for one in hubs if (hub := address(_text(one, "url"), found_at))),
        items=composing.newest_first(items),
        warnings=(f"only the first {ITEMS_MAX} items were read",) if len(found) > ITEMS_MAX else (),
    )


def _item(data: Mapping[str, Any], base: str, feed: str, authors: list[dict[str, Any]]) -> Item:
    id = data.get("id")
    content = _text(data, "content_html")
    if not content and _text(data, "content_text"):
        content = "<p>" + escape(_text(data, "content_text"), quote=False).replace("\n", "<br>") + "</p>"
    picture = address(_text(data, "image"), base)
    files = [_file(one, base) for one in _nodes(data, "attachments")]
    parts = Parts(
        id=line(str(id)) if isinstance(id, str | int | float) and not isinstance(id, bool) else "",
        title=feedhtml.title(escape(_text(data, "title"), quote=False)),
        summary=feedhtml.body(escape(_text(data, "summary"), quote=False)),
        content=feedhtml.body(content, base),
        url=address(_text(data, "url"), base) or address(_text(data, "external_url"), base),
        published=moments.read(_text(data, "date_published")),
        updated=moments.read(_text(data, "date_modified")),
        dated=_text(data, "date_published"),
        authors=_authors(data) or authors,
        categories=[line(one) for one in _values(data, "tags") if isinstance(one, str) and line(one)],
        attachments=[
            *([composing.attachment(picture, media_type="") | {"type": "Image"}] if picture else []),
            *[one for one in files if one is not None],
        ],
        raw=dumps(dict(data)).decode(),
    )
    return composing.item(parts, feed=feed)


def _file(data: Mapping[str, Any], base: str) -> dict[str, Any] | None:
    url = address(_text(data, "url"), base)
    if not url:
        return None
    size, seconds = data.get("size_in_bytes"), data.get("duration_in_seconds")
    return composing.attachment(
        url,
        media_type=_text(data, "mime_type"),
        name=_text(data, "title"),
        size=str(int(size)) if isinstance(size, int | float) and 0 <= size < 1e15 else "",
        seconds=str(int(seconds)) if isinstance(seconds, int | float) and 0 <= seconds < 1e9 else "",
    )


def _authors(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the authors: several of version 1.1, the one of version 1.0."""
    found = _nodes(data, "authors") or _nodes(data, "author")
    people = []
    for one in found:
        avatar = composing.picture(address(_text(one, "avatar")))
        if _text(one, "name") or _text(one, "url"):
            name = html.plain(feedhtml.title(escape(_text(one, "name"), quote=False)))
            people.append(
                composing.person(name, url=address(_text(one, "url")), pictures=[avatar] if avatar else [])
            )
    return people


def _text(data: Mapping[str, Any], name: str) -> str:
    found = data.get(name)
    return found if isinstance(found, str) else ""


def _values(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    return (found if isinstance(found, list) else [] if found is None else [found])[:MANY]


def _nodes(data: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    return [one for one in _values(data, name) if isinstance(one, dict)]
