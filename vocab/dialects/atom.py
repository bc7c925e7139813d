"""Activities as Atom: RFC 4287, threads by RFC 4685, pages by RFC 5005.

Built as a tree and written by the standard library, never by hand (SEC-077). Text loses what XML cannot
carry; links are followed only to the web (SEC-078).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from vocab.dialects.syndication import Header, Item, Person
from vocab.iri import is_http

MEDIA_TYPE: Final = "application/atom+xml; charset=utf-8"
ATOM: Final = "http://www.w3.org/2005/Atom"
THREAD: Final = "http://purl.org/syndication/thread/1.0"
ACTIVITY_JSON: Final = "application/activity+json"
GENERATOR: Final = "Headwater"

_LANGUAGE: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_FORBIDDEN: Final = re.compile(
    "[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    f"|[{''.join(chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))}]"
)
"""What may not or should not stand in XML 1.0: controls, surrogates and noncharacters (§2.2)."""

register_namespace("", ATOM)
register_namespace("thr", THREAD)


def feed(header: Header, entries: Iterable[Element]) -> bytes:
    """Write a feed document around entries, newest first."""
    root = Element(f"{{{ATOM}}}feed", {} if header.language is None else {_LANGUAGE: text(header.language)})
    _add(root, "id", header.id)
    _add(root, "title", header.title)
    if header.subtitle:
        _add(root, "subtitle", header.subtitle)
    _add(root, "updated", instant(header.updated))
    if header.author is not None:
        root.append(person("author", header.author))
    if _followed(header.icon):
        _add(root, "icon", header.icon or "")
    _add(root, "generator", GENERATOR)
    _link(root, "self", header.here, type="application/atom+xml")
    _link(root, "alternate", header.page, type="text/html")
    for rel in ("first", "previous", "next"):
        _link(root, rel, getattr(header, rel), type="application/atom+xml")
    root.extend(entries)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'.encode()


def entry(item: Item) -> Element:
    """Spell an entry (RFC 4287 §4.1.2): what it says as escaped HTML, what is attached as enclosures."""
    root = Element(f"{{{ATOM}}}entry", {} if item.language is None else {_LANGUAGE: text(item.language)})
    _add(root, "id", item.id)
    _add(root, "title", item.title)
    _add(root, "content", item.content).set("type", "html")
    root.append(person("author", item.author))
    _add(root, "published", instant(item.published))
    _add(root, "updated", instant(item.updated))
    for name in item.categories:
        SubElement(root, f"{{{ATOM}}}category", {"term": text(name), "label": text(f"#{name}")})
    _link(root, "alternate", item.page, type="text/html")
    _link(root, "alternate", item.document, type=ACTIVITY_JSON)
    for one in item.enclosures:
        _link(root, "enclosure", one.url, type=one.media_type, title=one.description, length=one.size)
    if item.replies is not None:
        replies = _link(root, "replies", item.replies, type=ACTIVITY_JSON)
        if replies is not None and item.replies_total is not None:
            replies.set(f"{{{THREAD}}}count", str(item.replies_total))
    if item.parent is not None:
        _answers(root, item.parent)
    return root


def person(role: str, person: Person) -> Element:
    """Spell a person (§3.2): a name there always is, the page when it can be visited."""
    root = Element(f"{{{ATOM}}}{role}")
    _add(root, "name", person.name)
    if _followed(person.page):
        _add(root, "uri", person.page or "")
    return root


def instant(moment: datetime) -> str:
    """Spell an instant (§3.3)."""
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def text(value: str) -> str:
    """Return text without what XML cannot carry, its line ends as a parser will read them."""
    return _FORBIDDEN.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))


def _add(parent: Element, name: str, value: str) -> Element:
    child = SubElement(parent, f"{{{ATOM}}}{name}")
    child.text = text(value)
    return child


def _link(parent: Element, rel: str, href: str | None, **attributes: str | int | None) -> Element | None:
    """Add a link that can be followed; anything else is left out."""
    if not _followed(href):
        return None
    given = {name: text(str(value)) for name, value in attributes.items() if value not in (None, "")}
    return SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": text(href or ""), **given})


def _answers(root: Element, parent: str) -> None:
    """Say what an entry answers (RFC 4685 §3)."""
    reference = SubElement(root, f"{{{THREAD}}}in-reply-to", {"ref": text(parent)})
    if _followed(parent):
        reference.set("href", text(parent))


def _followed(href: str | None) -> bool:
    return href is not None and is_http(href)
