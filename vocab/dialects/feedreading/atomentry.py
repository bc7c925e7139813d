"""One entry of Atom as an activity, by the tolerant rules (Atom §10.3)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from vocab import feedhtml, html
from vocab.dialects.feedreading import composing, moments, texts
from vocab.dialects.feedreading.composing import Parts, address, line
from vocab.dialects.feedreading.media import attached, face
from vocab.dialects.feedreading.names import (
    ACTIVITY,
    ATLASSIAN,
    ATOM_MEDIA,
    LINKS,
    MEDIA,
    POCO,
    THREAD,
    USR,
    children,
    first,
    own,
    value,
)
from vocab.dialects.feedreading.reading import Item
from vocab.entry import Source

_MARKUP: Final = re.compile(r"</[a-z]+>|<br", re.IGNORECASE)
"""What shows that a text is markup, though it does not say so."""
MANY: Final = 100
"""No more of one kind of element is read in one entry."""


@dataclass(frozen=True, slots=True)
class Around:
    """What an entry has from its feed: the feed's id, and its authors for want of others."""

    feed: str
    authors: Sequence[dict[str, Any]]


def entry(element: Element, base: str, around: Around) -> Item:
    """Read one entry."""
    base = texts.based(element, base)
    links = own(element, "link")[:MANY]
    published, updated = (
        first(element, "published", "issued", "created"),
        first(element, "updated", "modified"),
    )
    source = first(element, "source")
    parts = Parts(
        id=line(texts.plain(first(element, "id"))),
        title=texts.title(first(element, "title"), base),
        summary=texts.body(first(element, "summary"), base),
        content=_content(element, base),
        url=_alternate(links, base),
        published=moments.read(texts.plain(published)) if published is not None else None,
        updated=moments.read(texts.plain(updated)) if updated is not None else None,
        dated=line(texts.plain(published if published is not None else updated)),
        authors=_faced(_authors(element, source, base, around), element, base),
        verbs=[texts.plain(one).strip() for one in children(element, ACTIVITY, "verb")[:MANY]],
        objects=[_thing(one, base) for one in children(element, ACTIVITY, "object")[:MANY]],
        target=next((_thing(one, base) for one in children(element, ACTIVITY, "target")), None),
        attachments=attached(element, links, base),
        refs=_refs(element, base),
        generator=_generator(element, base),
        application=line(value(element, ATLASSIAN, "application")),
        icon=_icon(links, base),
        source=_source(source, base),
        raw=tostring(element, encoding="unicode"),
    )
    for one in own(element, "category")[:MANY]:
        term, label = line(one.get("term")), line(one.get("label"))
        tag = composing.hashtag(term, one.get("scheme") or "", label)
        if tag is not None:
            parts.tags.append(tag)
        elif term or label:
            parts.categories.append(term or label)
    if parts.published is None and parts.updated is None:
        parts.dated = ""
    return composing.item(parts, feed=around.feed)


def authors(element: Element, base: str) -> list[dict[str, Any]]:
    """Return the authors named in an element itself, in their order."""
    return [_person(one, base) for one in own(element, "author")[:MANY]]


def _authors(element: Element, source: Element | None, base: str, around: Around) -> list[dict[str, Any]]:
    """Return the entry's authors, else the feed's, else those of the feed it came from (Atom §10.3.2)."""
    of_source = [] if source is None else authors(source, base)
    return authors(element, base) or list(around.authors) or of_source


def _faced(found: list[dict[str, Any]], element: Element, base: str) -> list[dict[str, Any]]:
    """Return authors, one alone with the picture that stands beside the entry, for want of another."""
    shown = face(element, base)
    if shown is None or len(found) != 1 or "icon" in found[0]:
        return found
    return [{**found[0], "icon": shown}]


def _person(element: Element, base: str) -> dict[str, Any]:
    base = texts.based(element, base)
    username = value(element, USR, "username") or value(element, POCO, "preferredUsername")
    photos = [
        composing.picture(
            address(one.get("href"), base),
            width=one.get(f"{{{ATOM_MEDIA}}}width") or "",
            height=one.get(f"{{{ATOM_MEDIA}}}height") or "",
        )
        for one in own(element, "link")[:MANY]
        if one.get("rel") in ("photo", "avatar")
    ]
    return composing.person(
        texts.plain(first(element, "name")) or value(element, POCO, "displayName"),
        username=username,
        id=line(texts.plain(first(element, "id"))),
        url=address(texts.plain(first(element, "uri", "url")), base),
        pictures=[one for one in photos if one is not None],
    )


def _thing(element: Element, base: str) -> dict[str, Any]:
    """Read an object or target; links in it are its own (Atom §10.3.6)."""
    base = texts.based(element, base)
    made = composing.thing(
        texts.plain(first(element, "id")),
        type=value(element, ACTIVITY, "object-type"),
        name=html.plain(texts.title(first(element, "title"), base)),
        summary=html.plain(texts.title(first(element, "summary"), base)),
        url=_alternate(own(element, "link"), base),
    )
    content = texts.body(first(element, "content"), base)
    return made | ({"content": content} if content else {})


def _content(element: Element, base: str) -> str:
    found = first(element, "content")
    return texts.body(found, base) or feedhtml.body(_described(element), base)


def _described(element: Element) -> str:
    """Return what the media of an entry say of themselves, for an entry that has no text: plain, unless it says not."""
    groups = [element, *children(element, MEDIA, "group")]
    found = [one for group in groups for one in children(group, MEDIA, "description")]
    for one in found[:MANY]:
        text = texts.plain(one).strip()
        if text and (one.get("type") == "html" or _MARKUP.search(text)):
            return text
        if text:
            return "<br>".join(escape(row, quote=False) for row in text.splitlines())
    return ""


def _alternate(links: Sequence[Element], base: str) -> str:
    """Return the permalink: the first that is a page, else the first."""
    found = [
        (one, href)
        for one in links
        if (one.get("rel") or "alternate")
        in ("alternate", "http://www.iana.org/assignments/relation/alternate")
        and (href := address(one.get("href"), texts.based(one, base)))
    ]
    pages = [href for one, href in found if (one.get("type") or "text/html").lower() == "text/html"]
    return next(iter(pages or [href for _, href in found]), "")


def _refs(element: Element, base: str) -> list[str]:
    """Return what an entry answers: of each reference its id, then its address (Atom §10.3.9)."""
    found: list[str] = []
    for one in children(element, THREAD, "in-reply-to")[:MANY]:
        found += [name for name in (line(one.get("ref")), address(one.get("href"), base)) if name]
    return found


def _generator(element: Element, base: str) -> dict[str, Any] | None:
    found = first(element, "generator")
    if found is None:
        return None
    uri, name = address(found.get("uri") or found.get("url"), base), line(texts.plain(found))
    made = {"type": "Application", "id": uri, "name": name, "url": uri}
    return {member: text for member, text in made.items() if text} if uri or name else None


def _icon(links: Sequence[Element], base: str) -> dict[str, Any] | None:
    for one in links:
        if one.get("rel") == f"{LINKS}icon":
            return composing.picture(address(one.get("href"), base), name=one.get("title") or "")
    return None


def _source(element: Element | None, base: str) -> Source | None:
    """Read the feed that an entry was first published in."""
    if element is None:
        return None
    base = texts.based(element, base)
    here = next(
        (address(one.get("href"), base) for one in own(element, "link") if one.get("rel") == "self"), ""
    )
    id = line(texts.plain(first(element, "id"))) or here
    if not id:
        return None
    return Source(
        id,
        html.plain(texts.title(first(element, "title"), base)),
        moments.read(texts.plain(first(element, "updated"))),
        here or None,
    )
