"""Entries as JSON Feed, version 1.1 (https://www.jsonfeed.org/version/1.1/; Atom §14)."""

from collections.abc import Iterable
from html import escape
from typing import Any, Final

from vocab import instants
from vocab import iri as iris
from vocab.dialects.syndication.headers import Header
from vocab.dialects.syndication.items import Item, Person
from vocab.html import plain
from vocab.jsontext import dumps
from vocab.media import Medium

BARE_TYPE: Final = "application/feed+json"
MEDIA_TYPE: Final = f"{BARE_TYPE}; charset=utf-8"
VERSION: Final = "https://jsonfeed.org/version/1.1"


def feed(header: Header, items: Iterable[Item]) -> bytes:
    """Write a feed document around items, newest first."""
    return dumps(
        _given(
            version=VERSION,
            title=header.title,
            home_page_url=_web(header.page),
            feed_url=_web(header.here),
            description=header.subtitle,
            next_url=_web(header.next),
            icon=_web(header.logo or header.icon),
            favicon=_web(header.icon) if header.logo else None,
            authors=None if header.author is None else [_author(header.author)],
            language=header.language,
            hubs=None if header.hub is None else [{"type": "WebSub", "url": header.hub}],
        )
        | {"items": [_item(one) for one in items]}
    )


def _item(item: Item) -> dict[str, Any]:
    """Spell an item; one that never had a name has no title, as the format wants it of short posts."""
    pictures = [_web(one.url) for one in item.enclosures if one.kind == "image"]
    return _given(
        id=item.id,
        url=_web(item.page),
        external_url=_web(item.via),
        title=item.title if item.named or not item.content else None,
        content_html=item.content or item.title_html or f"<p>{escape(item.title, quote=False)}</p>",
        summary=item.summary and _plain(item.summary),
        image=next(iter(pictures), None),
        date_published=instants.spell(instants.microseconds(item.published)),
        date_modified=instants.spell(instants.microseconds(item.updated)),
        authors=[_author(one) for one in item.authors],
        tags=list(dict.fromkeys(one.term for one in item.categories)),
        language=item.language,
        attachments=[_attachment(one) for one in item.enclosures],
    )


def _author(person: Person) -> dict[str, Any]:
    return _given(name=person.name, url=_web(person.page), avatar=_web(person.picture))


def _attachment(medium: Medium) -> dict[str, Any]:
    return _given(
        url=_web(medium.url), mime_type=medium.media_type, title=medium.description, size_in_bytes=medium.size,
        duration_in_seconds=medium.seconds,
    )  # fmt: skip


def _given(**members: Any) -> dict[str, Any]:
    """Leave out what is not known: the format has no null."""
    return {name: value for name, value in members.items() if value not in (None, "", [])}


def _plain(markup: str) -> str:
    return " ".join(plain(markup).split())


def _web(address: str | None) -> str | None:
    return iris.as_ascii(address) if address is not None and iris.is_http(address) else None
