"""Entries as RSS 2.0, with what Dublin Core and the content module add to it (Atom §14)."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement

from vocab import iri as iris
from vocab.dialects.atom.feeds import GENERATOR
from vocab.dialects.atom.names import ATOM, CONTENT, DUBLIN_CORE
from vocab.dialects.atom.writing import document, followed, text
from vocab.dialects.syndication.headers import Header
from vocab.dialects.syndication.items import Item

BARE_TYPE: Final = "application/rss+xml"
MEDIA_TYPE: Final = f"{BARE_TYPE}; charset=utf-8"
TTL_MINUTES: Final = 15
"""How long a reader may keep a feed before it asks again."""


def feed(header: Header, items: Iterable[Item]) -> bytes:
    """Write a channel around items, newest first."""
    root = Element("rss", {"version": "2.0", "xmlns:atom": ATOM})
    channel = SubElement(root, "channel")
    _add(channel, "title", header.title)
    _add(channel, "link", header.page)
    _add(channel, "description", header.subtitle if text(header.subtitle).strip() else header.title)
    if header.language:
        _add(channel, "language", header.language)
    _add(channel, "lastBuildDate", date(header.updated))
    _add(channel, "generator", GENERATOR)
    _add(channel, "ttl", str(TTL_MINUTES))
    _link(channel, "self", header.here)
    for rel in ("hub", "first", "previous", "next", "last"):
        _link(channel, rel, getattr(header, rel))
    channel.extend(_item(one) for one in items)
    return document(root)


def date(moment: datetime) -> str:
    """Spell an instant as RSS wants it (RFC 822, four digits of the year)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True)


def _item(item: Item) -> Element:
    root = Element("item")
    _add(root, "title", item.title)
    if followed(item.page):
        _add(root, "link", iris.as_ascii(item.page or ""))
    _add(root, "guid", item.id).set("isPermaLink", "false")
    _add(root, "pubDate", date(item.published))
    for person in item.authors:
        _add(root, f"{{{DUBLIN_CORE}}}creator", person.name)
    if item.summary or item.content:
        _add(root, "description", item.summary or item.content)
    if item.content:
        _add(root, f"{{{CONTENT}}}encoded", item.content)
    for category in item.categories:
        _add(root, "category", category.term)
    _attached(root, item)
    if item.source is not None and followed(item.source.here):
        where = iris.as_ascii(item.source.here or "")
        title = item.source.title if text(item.source.title).strip() else iris.host(where)
        _add(root, "source", title).set("url", where)
    return root


def _attached(root: Element, item: Item) -> None:
    """Add the first file: the format has room for one, and wants its size, which is 0 when nobody knows."""
    first = next((one for one in item.enclosures if followed(one.url)), None)
    if first is not None:
        given = {
            "url": iris.as_ascii(first.url), "type": text(first.media_type), "length": str(first.size or 0),
        }  # fmt: skip
        SubElement(root, "enclosure", given)


def _add(parent: Element, name: str, value: str) -> Element:
    child = SubElement(parent, name)
    child.text = text(value)
    return child


def _link(parent: Element, rel: str, href: str | None) -> None:
    """Add a link of Atom's, by its prefix: unlike there, its name space is not the default one here."""
    if followed(href):
        kind = {} if rel == "hub" else {"type": BARE_TYPE}
        SubElement(parent, "atom:link", {"rel": rel, "href": iris.as_ascii(href or ""), **kind})
