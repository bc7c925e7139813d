"""The entry element, its children in the order that clients rely on (Atom §3.4)."""

from datetime import datetime
from xml.etree.ElementTree import Element, SubElement

from vocab import iri as iris
from vocab.dialects.atom.names import (
    ACTIVITY,
    ACTIVITY_JSON,
    APPLICATIONS,
    ATOM,
    LANGUAGE,
    RELATIONS,
    THREAD,
)
from vocab.dialects.atom.persons import author
from vocab.dialects.atom.writing import add, followed, instant, link, text
from vocab.dialects.syndication.items import Item, Thing
from vocab.entry import Source


def entry(item: Item) -> Element:
    """Spell an entry."""
    root = Element(f"{{{ATOM}}}entry", {} if item.language is None else {LANGUAGE: text(item.language)})
    _said(root, item)
    for name in item.categories:
        label = {"label": text(name.label)} if name.label else {}
        SubElement(root, f"{{{ATOM}}}category", {"term": text(name.term), **label})
    _links(root, item)
    if item.parent is not None:
        _answers(root, item)
    if item.source is not None:
        root.append(_source(item.source, item.updated))
    _done(root, item)
    return root


def _said(root: Element, item: Item) -> None:
    add(root, "id", item.id)
    add(root, "title", item.title_html or item.title, type="html" if item.title_html else "text")
    if item.summary:
        add(root, "summary", item.summary, type="html")
    content = item.content or ("" if followed(item.page) else item.title_html)
    if content:  # what leads nowhere has to say something (RFC 4287 §4.1.2)
        add(root, "content", content, type="html")
    root.extend(author(one) for one in item.authors)
    add(root, "published", instant(item.published))
    add(root, "updated", instant(item.updated))


def _links(root: Element, item: Item) -> None:
    """Add links; of those that lead to a page there is one, which readers take for the entry's (Atom §3.1.6)."""
    link(root, "alternate", item.page, type="text/html")
    for rel in ("canonical", "self"):
        link(root, rel, item.document, type=ACTIVITY_JSON)
    link(root, f"{RELATIONS}icon", item.icon, title=item.icon_label)
    for action in item.actions:
        link(root, action.rel, action.href, title=action.name)
    link(root, "via", item.via)
    for one in item.enclosures:
        link(root, "enclosure", one.url, type=one.media_type, title=one.description, length=one.size)
    replies = link(root, "replies", item.replies, type=ACTIVITY_JSON)
    if replies is not None and item.replies_total is not None:
        replies.set(f"{{{THREAD}}}count", str(item.replies_total))
    for iri in item.mentioned:
        link(root, "mentioned", iri)


def _answers(root: Element, item: Item) -> None:
    """Say what an entry answers (RFC 4685 §3)."""
    reference = SubElement(root, f"{{{THREAD}}}in-reply-to", {"ref": text(item.parent or "")})
    if followed(item.parent_page):
        reference.set("href", text(item.parent_page or ""))
        reference.set("type", "text/html")
    for iri in item.further_parents:
        SubElement(root, f"{{{THREAD}}}in-reply-to", {"ref": text(iri)})


def _source(source: Source, seen: datetime) -> Element:
    """Name the feed that an entry was first published in, updated when the entry was at least (RFC 4287 §4.2.11)."""
    root = Element(f"{{{ATOM}}}source")
    add(root, "id", iris.identifier(source.id))
    add(root, "title", source.title, type="text")
    add(root, "updated", instant(source.updated or seen))
    link(root, "self", source.here)
    return root


def _done(root: Element, item: Item) -> None:
    """Say where it was done, what, to what, and how late that was where the reader is."""
    made = add(root, "generator", item.generator.name)
    if followed(item.generator.url):
        made.set("uri", text(item.generator.url))
    add(root, "application", item.application, space=APPLICATIONS)
    for verb in item.verbs:
        add(root, "verb", verb, space=ACTIVITY)
    for thing in item.things:
        root.append(_thing("object", thing))
    if item.target is not None:
        root.append(_thing("target", item.target))
    add(root, "timezone-offset", item.offset, space=APPLICATIONS)


def _thing(role: str, thing: Thing) -> Element:
    """Spell an object or target (Atom §3.6)."""
    root = Element(f"{{{ACTIVITY}}}{role}")
    if thing.id:
        add(root, "id", thing.id)
    if thing.title:
        add(root, "title", thing.title, type="text")
    if thing.summary:
        add(root, "summary", thing.summary, type="text")
    link(root, "alternate", thing.page)
    if thing.type:
        add(root, "object-type", thing.type, space=ACTIVITY)
    return root
