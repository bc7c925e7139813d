"""The feed element (Atom §3.3)."""

from collections.abc import Iterable
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from vocab.dialects.atom.entries import entry
from vocab.dialects.atom.names import APPLICATIONS, ATOM, LANGUAGE, TOMBSTONES
from vocab.dialects.atom.persons import author
from vocab.dialects.atom.writing import add, document, followed, instant, link, text
from vocab.dialects.syndication.headers import Header, Troubles
from vocab.dialects.syndication.items import Item, Person

BARE_TYPE: Final = "application/atom+xml"
MEDIA_TYPE: Final = f"{BARE_TYPE}; charset=utf-8"
ENTRY_TYPE: Final = f"{BARE_TYPE}; type=entry; charset=utf-8"
GENERATOR: Final = "Headwater"
_PAGES: Final = ("first", "previous", "next", "last")


def feed(header: Header, items: Iterable[Item]) -> bytes:
    """Write a feed document around entries, newest first."""
    root = Element(f"{{{ATOM}}}feed", {} if header.language is None else {LANGUAGE: text(header.language)})
    items = tuple(items)
    _about(root, header, alone=not items)
    _links(root, header)
    _troubles(root, header.troubles)
    root.extend(entry(item) for item in items)
    for gone in header.deletions:
        SubElement(root, f"{{{TOMBSTONES}}}deleted-entry", {"ref": text(gone.id), "when": instant(gone.at)})
    return document(root)


def document_of(item: Item) -> bytes:
    """Write a document that is one entry (RFC 4287 §2)."""
    return document(entry(item))


def _about(root: Element, header: Header, *, alone: bool) -> None:
    """Say what the feed is; one without entries has an author of its own (RFC 4287 §4.1.1)."""
    add(root, "id", header.id)
    link(root, "self", header.here, type=BARE_TYPE)
    add(root, "title", header.title, type="text")
    if text(header.subtitle).strip():
        add(root, "subtitle", header.subtitle, type="text")
    add(root, "timezone-offset", header.offset, space=APPLICATIONS)
    add(root, "updated", instant(header.updated))
    if header.author is not None:
        root.append(author(header.author))
    elif alone:
        root.append(author(Person(GENERATOR, header.page)))


def _links(root: Element, header: Header) -> None:
    link(root, "alternate", header.page, type="text/html")
    for name in ("icon", "logo"):
        address = getattr(header, name)
        if followed(address):
            add(root, name, address)
    add(root, "generator", GENERATOR)
    link(root, "hub", header.hub)
    for rel in _PAGES:
        link(root, rel, getattr(header, rel), type=BARE_TYPE)


def _troubles(root: Element, troubles: Troubles) -> None:
    """Say which providers are missing, and which applications want the reader's consent."""
    lists = {"timed-out": troubles.timed_out, "throttled": troubles.throttled, "banned": troubles.banned}
    for kind, names in lists.items():
        if names:
            listed = SubElement(root, f"{{{APPLICATIONS}}}{kind}-source-list")
            for name in names:
                add(listed, "activity-source", name, space=APPLICATIONS)
    for one in troubles.authorisations:
        message = SubElement(root, f"{{{APPLICATIONS}}}authorisation-message")
        add(message, "application-id", one.id, space=APPLICATIONS)
        add(message, "application-name", one.name, space=APPLICATIONS)
        add(message, "application-uri", one.url, space=APPLICATIONS)
        add(message, "authorisation-uri", one.consent, space=APPLICATIONS)
