"""RSS 2.0 (Atom §14)."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects import rss
from vocab.dialects.syndication import Category, Header, Item, Person
from vocab.entry import Source
from vocab.media import Medium

AT = datetime(2026, 11, 1, 13, 59, 30, 999, tzinfo=UTC)
HUB = "https://hub.example"
HEADER = Header(
    f"{HUB}/f", "Ada", f"{HUB}/@ada", f"{HUB}/f.rss", AT, subtitle="About", hub=f"{HUB}/websub/hub", next=f"{HUB}/2"
)  # fmt: skip


def test_an_item_has_what_the_format_knows() -> None:
    one = Item(
        "urn:x", "On fog", "<p>Fog.</p>", AT, AT, Person("Ada"), page=f"{HUB}/1", categories=(Category("fog"),),
        enclosures=(Medium(f"{HUB}/a.png", "image", "image/png", size=12), Medium(f"{HUB}/b.png", "image")),
        source=Source("urn:f", "Elsewhere", here="https://there.example/feed"),
    )  # fmt: skip
    channel = ElementTree.fromstring(rss.feed(HEADER, [one])).find("channel")
    assert channel is not None
    assert channel.findtext("lastBuildDate") == "Sun, 01 Nov 2026 13:59:30 GMT"
    assert (channel.findtext("description"), channel.findtext("ttl")) == ("About", "15")
    links = {
        link.get("rel"): link.get("href") for link in channel.findall("{http://www.w3.org/2005/Atom}link")
    }
    assert links == {"self": f"{HUB}/f.rss", "hub": f"{HUB}/websub/hub", "next": f"{HUB}/2"}
    item = channel.find("item")
    assert item is not None
    assert [(child.tag.rpartition("}")[2], child.text) for child in item] == [
        ("title", "On fog"), ("link", f"{HUB}/1"), ("guid", "urn:x"), ("pubDate", "Sun, 01 Nov 2026 13:59:30 GMT"),
        ("creator", "Ada"), ("description", "<p>Fog.</p>"), ("encoded", "<p>Fog.</p>"), ("category", "fog"),
        ("enclosure", None), ("source", "Elsewhere"),
    ]  # fmt: skip
    guid, enclosure = item.find("guid"), item.find("enclosure")
    assert guid is not None
    assert enclosure is not None
    assert guid.get("isPermaLink") == "false"
    assert dict(enclosure.attrib) == {"url": f"{HUB}/a.png", "type": "image/png", "length": "12"}


@given(st.text(st.characters()), st.text(st.characters()))
def test_it_is_well_formed_whatever_is_said(title: str, content: str) -> None:
    """SEC-077."""
    one = Item(
        title, title, content, AT, AT, Person(content), page=content, categories=(Category(title),),
        source=Source(title, content, here=f"{HUB}/{title}"),
    )  # fmt: skip
    assert len(ElementTree.fromstring(rss.feed(HEADER, [one, one])).findall("channel/item")) == 2


def test_readers_read_it() -> None:
    read = feedparser.parse(
        rss.feed(HEADER, [Item("urn:x", "On <fog>", "c", AT, AT, Person("Ada"), page=f"{HUB}/1")])
    )
    assert not read.bozo
    assert (read.feed.title, read.feed.link) == ("Ada", f"{HUB}/@ada")
    [one] = read.entries
    assert (one.id, one.link, one.author) == ("urn:x", f"{HUB}/1", "Ada")


def test_addresses_are_plain_ascii() -> None:
    """RSS 2.0 knows URIs alone (RFC 3986)."""
    odd, plain = "https://bücher.example/ü|x", "https://xn--bcher-kva.example/%C3%BC%7Cx"
    one = Item(
        "urn:x", "x", "x", AT, AT, Person("Ada"), page=odd, enclosures=(Medium(odd, "image", "image/png"),),
        source=Source("urn:f", " ", here=odd),
    )  # fmt: skip
    channel = ElementTree.fromstring(rss.feed(HEADER, [one])).find("channel")
    assert channel is not None
    assert channel.findtext("item/link") == plain
    enclosure, source = channel.find("item/enclosure"), channel.find("item/source")
    assert enclosure is not None
    assert source is not None
    assert (enclosure.get("url"), source.get("url"), source.text) == (plain, plain, "xn--bcher-kva.example")
