"""Atom: well-formed whatever is said, and true to RFC 4287."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import of
from vocab.dialects import atom
from vocab.dialects.atom import ATOM, THREAD
from vocab.dialects.syndication import Header, Item, Person, item

AT = datetime(2026, 11, 21, 13, 59, 30, tzinfo=UTC)
ADA = Person("Ada", "https://here.example/@ada", "https://here.example/ada.png")
NAMES = {"a": ATOM, "thr": THREAD}
REMOVED = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *map(chr, range(0xFDD0, 0xFDF0))} - set(
    "\t\n\x85"
)


def header(**members):
    given = {"id": "https://here.example/f", "title": "Ada", "page": "https://here.example/@ada",
             "here": "https://here.example/f", "updated": AT}  # fmt: skip
    return Header(**{**given, **members})


def parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def entry(document, **options) -> ElementTree.Element:
    made = atom.entry(item(of(document), ADA, at=AT, **options))
    found = parsed(atom.feed(header(), [made])).find("a:entry", NAMES)
    assert found is not None
    return found


def legal(text: str) -> str:
    """Return text as a strict parser has to give it back."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        one
        for one in joined
        if one not in REMOVED and not 0xD800 <= ord(one) < 0xE000 and ord(one) & 0xFFFE != 0xFFFE
    )


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_text_comes_back_from_a_strict_parser(title: str, content: str, name: str) -> None:
    """SEC-077: less only what XML cannot carry."""
    one = Item(
        "https://here.example/1", title, content, AT, AT, Person(name), categories=(title,), parent=content
    )
    root = parsed(atom.feed(header(title=title, subtitle=content), [atom.entry(one)]))
    assert root.findtext("a:title", None, NAMES) == legal(title)
    assert root.findtext("a:entry/a:content", None, NAMES) == legal(content)
    assert root.findtext("a:entry/a:author/a:name", None, NAMES) == legal(name)


def test_an_activity_is_shown_as_what_it_is_about() -> None:
    """RFC 4287 §4.1.2."""
    document = {
        "id": "https://here.example/activities/1", "type": "Create",
        "object": {
            "id": "https://here.example/objects/1", "type": "Note", "content": "<p>Second steep<script>x</script></p>",
            "contentMap": {"en": "<p>Second steep<script>x</script></p>"},
            "published": "2026-05-02T08:00:00Z", "updated": "2026-05-02T08:09:00.5Z",
            "inReplyTo": "https://there.example/1", "replies": "https://here.example/objects/1/replies",
            "tag": [{"type": "Hashtag", "name": "#Tea"}, {"type": "Mention", "name": "@bob"}],
            "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://m.example/1.png", "name": "a"}],
        },
    }  # fmt: skip
    found = entry(document, replies_total=3)
    assert found.findtext("a:id", None, NAMES) == "https://here.example/activities/1"
    assert found.findtext("a:title", None, NAMES) == "Second steep"
    content = found.find("a:content", NAMES)
    assert content is not None
    assert (content.get("type"), content.text) == ("html", "<p>Second steep</p>")
    assert found.findtext("a:published", None, NAMES) == "2026-05-02T08:00:00Z"
    assert found.findtext("a:updated", None, NAMES) == "2026-05-02T08:09:00Z"
    assert found.get("{http://www.w3.org/XML/1998/namespace}lang") == "en"
    assert [one.get("term") for one in found.findall("a:category", NAMES)] == ["Tea"]
    links = {(one.get("rel"), one.get("type")): one for one in found.findall("a:link", NAMES)}
    assert links["alternate", "text/html"].get("href") == "https://here.example/objects/1"
    assert links["alternate", "application/activity+json"].get("href") == "https://here.example/activities/1"
    assert links["enclosure", "image/png"].get("title") == "a"
    assert links["replies", "application/activity+json"].get(f"{{{THREAD}}}count") == "3"
    answered = found.find("thr:in-reply-to", NAMES)
    assert answered is not None
    assert answered.get("ref") == "https://there.example/1"


def test_a_feed_says_where_its_pages_are() -> None:
    """RFC 5005 §3."""
    root = parsed(
        atom.feed(header(first="https://here.example/f", next="https://here.example/f?before=1"), [])
    )
    links = {one.get("rel"): one.get("href") for one in root.findall("a:link", NAMES)}
    assert links == {
        "self": "https://here.example/f", "alternate": "https://here.example/@ada", "first": "https://here.example/f",
        "next": "https://here.example/f?before=1",
    }  # fmt: skip


def test_what_every_feed_has() -> None:
    """RFC 4287 §4.1.1."""
    root = parsed(
        atom.feed(header(author=ADA, icon="https://m.example/i.png", subtitle="about", language="cy"), [])
    )
    children = [one.tag.removeprefix(f"{{{ATOM}}}") for one in root]
    assert {"id", "title", "updated", "author", "icon", "subtitle", "generator", "link"} == set(children)
    assert root.findtext("a:author/a:uri", None, NAMES) == "https://here.example/@ada"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//m.example/", "/relative", ""]
)
def test_links_lead_to_the_web_alone(address: str) -> None:
    """SEC-078."""
    one = Item("urn:x", "t", "c", AT, AT, Person("n", address), page=address, document=address, parent=address,
               replies=address)  # fmt: skip
    root = parsed(atom.feed(header(next=address, icon=address), [atom.entry(one)]))
    hrefs = [element.get("href") for element in root.iter()]
    assert {href for href in hrefs if href} == {"https://here.example/f", "https://here.example/@ada"}
    assert root.find("a:icon", NAMES) is None


def test_updated_is_never_before_published() -> None:
    """SEC-078: nor is it missing."""
    found = entry({"id": "x", "type": "Note", "content": "x", "published": "2026-02-02T00:00:00Z",
                   "updated": "2026-01-01T00:00:00Z"})  # fmt: skip
    assert found.findtext("a:updated", None, NAMES) == "2026-02-02T00:00:00Z"
    assert entry({"id": "x", "type": "Note"}).findtext("a:updated", None, NAMES) == "2026-11-21T13:59:30Z"


def test_a_warning_stands_before_what_it_warns_of() -> None:
    found = entry(
        {"id": "x", "type": "Note", "summary": "spiders & co", "sensitive": True, "content": "<p>legs</p>"}
    )
    assert found.findtext("a:title", None, NAMES) == "spiders & co"
    assert found.findtext("a:content", None, NAMES) == "<p><strong>spiders &amp; co</strong></p><p>legs</p>"
