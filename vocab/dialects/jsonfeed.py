"""Activities as JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from collections.abc import Iterable
from typing import Any, Final

from vocab import instants
from vocab.dialects.syndication import Header, Item, Person
from vocab.iri import is_http
from vocab.jsontext import dumps
from vocab.media import Medium

MEDIA_TYPE: Final = "application/feed+json; charset=utf-8"
VERSION: Final = "https://jsonfeed.org/version/1.1"


def feed(header: Header, items: Iterable[dict[str, Any]]) -> bytes:
    """Write a feed document around items, newest first."""
    return dumps(
        _given(
            version=VERSION,
            title=header.title,
            home_page_url=header.page,
            feed_url=header.here,
            description=header.subtitle,
            next_url=header.next,
            icon=_web(header.icon),
            authors=None if header.author is None else [author(header.author)],
            language=header.language,
        )
        | {"items": list(items)}
    )


def entry(item: Item) -> dict[str, Any]:
    """Spell an item; one that never had a name has no title, as the format wants it of short posts."""
    pictures = [one.url for one in item.enclosures if one.kind == "image"]
    return _given(
        id=item.id,
        url=_web(item.page),
        title=item.title if item.named else None,
        content_html=item.content or f"<p>{_escaped(item.title)}</p>",
        image=next(iter(pictures), None),
        date_published=instants.spell(instants.microseconds(item.published)),
        date_modified=instants.spell(instants.microseconds(item.updated)),
        authors=[author(item.author)],
        tags=list(item.categories),
        language=item.language,
        attachments=[_attachment(one) for one in item.enclosures],
    )


def author(person: Person) -> dict[str, Any]:
    """Spell an author."""
    return _given(name=person.name, url=_web(person.page), avatar=_web(person.picture))


def _attachment(medium: Medium) -> dict[str, Any]:
    return _given(
        url=medium.url, mime_type=medium.media_type, title=medium.description, size_in_bytes=medium.size
    )


def _given(**members: Any) -> dict[str, Any]:
    """Leave out what is not known: the format has no null."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _web(address: str | None) -> str | None:
    return address if address is not None and is_http(address) else None
