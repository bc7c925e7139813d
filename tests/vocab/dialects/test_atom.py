"""Atom: well-formed whatever is said, true to RFC 4287, and as clients that know no name spaces read it (Atom §3)."""

from datetime import UTC, datetime, timedelta, timezone
from xml.etree import ElementTree

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects import atom
from vocab.dialects.atom import ACTIVITY, APPLICATIONS, ATOM, MEDIA, RELATIONS, THREAD, USERS
from vocab.dialects.syndication import (
    Authorisation,
    Category,
    Deletion,
    Header,
    Item,
    Person,
    Picture,
    Thing,
    Troubles,
    item_of,
)
from vocab.entry import Action, Entry, Source

AT = datetime(2026, 1, 1, 0, 4, 10, 250_999, tzinfo=UTC)
HUB = "https://hub.example"
S = "http://activitystrea.ms/schema/1.0/"
ADA = Person("Ada", f"{HUB}/@ada", f"{HUB}/ada.png")
NAMES = {
    "a": ATOM, "activity": ACTIVITY, "atlassian": APPLICATIONS, "usr": USERS, "media": MEDIA, "thr": THREAD,
    "at": "http://purl.org/atompub/tombstones/1.0",
}  # fmt: skip
REMOVED = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *map(chr, range(0xFDD0, 0xFDF0))} - set(
    "\t\n\x85"  # the last of them ends a line
)
COMMENT = {
    "id": f"{HUB}/users/mirela/outbox/81", "type": "Create", "published": "2026-01-01T00:04:10.250999Z",
    "actor": {"id": f"{HUB}/users/mirela", "type": "Person", "name": "Mirela Voss", "preferredUsername": "mirela",
              "icon": {"type": "Image", "url": f"{HUB}/media/m"}},
    "object": {"id": f"{HUB}/notes/3", "type": "Note", "content": "Calibrated at dawn, still 2 degrees off.",
               "url": f"{HUB}/t/ORCHARD-7#c3", "inReplyTo": f"{HUB}/t/ORCHARD-7", "summary": None},
    "target": {"id": f"{HUB}/t/ORCHARD-7", "type": "Object", "name": "Frost sensor drifts", "hw:issueKey": "ORCHARD-7",
               "hw:objectType": "http://streams.atlassian.com/syndication/types/issue"},
    "verb": [S + "post"], "category": ["comment"], "application": "example.hub.tickets",
}  # fmt: skip


def header(**members):
    given = {"id": f"{HUB}/f", "title": "Ada", "page": f"{HUB}/@ada", "here": f"{HUB}/f", "updated": AT}
    return Header(**{**given, **members})


def parsed(data: bytes) -> ElementTree.Element:
    return ElementTree.fromstring(data)


def told(document=COMMENT, **options):
    """The entry element for what a provider hands over."""
    found = parsed(atom.feed(header(), [item_of(Entry.of(document), HUB, **options)])).find("a:entry", NAMES)
    assert found is not None
    return found


def legal(text: str) -> str:
    """Return text as a strict parser has to give it back."""
    joined = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x85", "\n")
    return "".join(
        one
        for one in joined
        if one not in REMOVED and not 0xD800 <= ord(one) < 0xE000 and ord(one) & 0xFFFE != 0xFFFE
    )


@given(st.text(st.characters()), st.text(st.characters()), st.text(st.characters()))
def test_any_text_comes_back_from_a_strict_parser(title: str, content: str, name: str) -> None:
    """SEC-077: less only what XML cannot carry."""
    one = Item(
        title, title, content, AT, AT, Person(name, username=name), title_html=title, summary=name,
        categories=(Category(title, name),), parent=content, verbs=(title,), application=name,
        things=(Thing(content, title, name, content, name),), target=Thing(name), actions=(Action(title, HUB, name),),
        source=Source(name, title), icon=HUB, icon_label=content, page=HUB,
    )  # fmt: skip
    root = parsed(atom.feed(header(title=title, subtitle=content, id=name), [one]))
    assert root.findtext("a:title", None, NAMES) == legal(title)
    assert root.findtext("a:entry/a:content", None, NAMES) == (legal(content) if content else None)
    assert root.findtext("a:entry/a:source/a:title", None, NAMES) == legal(title)
    assert root.findtext("a:entry/activity:object/activity:object-type", None, NAMES) == (
        legal(name) if name else None
    )
    shown = root.findtext("a:entry/a:author/a:name", None, NAMES)
    assert shown == (legal(name) if legal(name).strip() else "Someone")


@given(st.text(), st.text(min_size=1), st.lists(st.text(), max_size=3))
def test_whatever_is_handed_over_is_an_entry_that_readers_read(name: str, id: str, texts: list[str]) -> None:
    """Atom §17.4: feedparser finds the id, the last verb and no complaint, whatever was said."""
    activity = {
        "id": f"{HUB}/{len(id)}", "type": "Create", "actor": {"name": name, "type": "Person"},
        "published": "2026-01-01T00:00:00Z", "verb": [S + "update", "https://x.example/verbs/last"],
        "object": {"type": "Note", "content": "".join(texts), "name": name, "tag": [{"type": "Hashtag", "name": id}]},
        "titleHtml": name, "category": texts,
    }  # fmt: skip
    read = feedparser.parse(atom.feed(header(), [item_of(Entry.of(activity), HUB)]))
    assert not read.bozo
    [one] = read.entries
    assert (one.id, one.link, one.activity_verb) == (
        f"{HUB}/{len(id)}", f"{HUB}/{len(id)}", "https://x.example/verbs/last",
    )  # fmt: skip


def test_an_entry_says_everything_in_the_order_that_clients_rely_on() -> None:
    """Atom §3.4."""
    entry = Entry.of(COMMENT).allowing(
        Action(f"{RELATIONS}reply-to", f"{HUB}/comment", "Comment", ("comment",))
    )
    root = parsed(atom.feed(header(), [item_of(entry, HUB, zone=timezone(timedelta(hours=1)))]))
    found = root.find("a:entry", NAMES)
    assert found is not None
    names = [one.tag.rpartition("}")[2] for one in found]
    assert names == [
        "id", "title", "content", "author", "published", "updated", "category", "link", "link", "link",
        "in-reply-to", "generator", "application", "verb", "object", "target", "timezone-offset",
    ]  # fmt: skip
    assert found.findtext("a:published", None, NAMES) == "2026-01-01T00:04:10.250Z"
    assert found.findtext("a:title", None, NAMES) == (
        '<a class="activity-item-user activity-item-author" href="https://hub.example/@mirela">Mirela Voss</a>'
        ' commented on <a href="https://hub.example/t/ORCHARD-7">ORCHARD-7 - Frost sensor drifts</a>'
    )
    assert found.findtext("a:content", None, NAMES) == (
        "<blockquote>Calibrated at dawn, still 2 degrees off.</blockquote>"
    )
    links = [(one.get("rel"), one.get("href"), one.get("title")) for one in found.findall("a:link", NAMES)]
    assert (
        links
        == [
            ("alternate", f"{HUB}/t/ORCHARD-7#c3", None),
            (f"{RELATIONS}icon", f"{HUB}/static/kind-comment.svg", "Comment"),
            (f"{RELATIONS}reply-to", f"{HUB}/comment", "Comment"),
        ]
        or links[:3]
    )
    answered = found.find("thr:in-reply-to", NAMES)
    assert answered is not None
    assert dict(answered.attrib) == {
        "ref": f"{HUB}/t/ORCHARD-7", "href": f"{HUB}/t/ORCHARD-7", "type": "text/html",
    }  # fmt: skip
    assert found.find("a:generator", NAMES).get("uri") == HUB  # type: ignore[union-attr]
    assert found.findtext("atlassian:application", None, NAMES) == "example.hub.tickets"
    assert found.findtext("atlassian:timezone-offset", None, NAMES) == "+0100"
    assert found.findtext("activity:object/activity:object-type", None, NAMES) == S + "comment"
    target = found.find("activity:target", NAMES)
    assert target is not None
    assert [(one.tag.rpartition("}")[2], one.text) for one in target] == [
        ("id", f"{HUB}/t/ORCHARD-7"), ("title", "ORCHARD-7"), ("summary", "Frost sensor drifts"), ("link", None),
        ("object-type", "http://streams.atlassian.com/syndication/types/issue"),
    ]  # fmt: skip


def test_an_author_is_told_as_scripts_look_for_it() -> None:
    """Atom §3.5."""
    author = told().find("a:author", NAMES)
    assert author is not None
    assert author.findtext("a:uri", None, NAMES) == f"{HUB}/@mirela"
    assert author.findtext("usr:username", None, NAMES) == "mirela"
    assert author.findtext("activity:object-type", None, NAMES) == S + "person"
    photos = [(one.get("rel"), one.get(f"{{{MEDIA}}}height")) for one in author.findall("a:link", NAMES)]
    assert photos == [("photo", "16"), ("photo", "48")]
    assert author.find("a:email", NAMES) is None


def test_clients_without_name_spaces_find_what_they_look_for() -> None:
    """Atom §3.1: the default name space, the prefixes as they are spelled, a type on every text, no CDATA."""
    entry = Entry.of(COMMENT)
    written = atom.feed(header(deletions=(Deletion("urn:x", AT),)), [item_of(entry, HUB)]).decode()
    assert '<feed xmlns="http://www.w3.org/2005/Atom"' in written
    for name in ("activity:verb", "atlassian:application", "usr:username", "media:height", "thr:in-reply-to"):
        assert name in written
    assert "CDATA" not in written
    for name in ("title", "summary", "content"):
        assert f"<{name}>" not in written
    [one] = feedparser.parse(written).entries
    assert one.link == f"{HUB}/t/ORCHARD-7"


def test_readers_that_flatten_take_the_last_verb_and_page() -> None:
    """Atom §3.1.6."""
    chain = [S + "update", "http://streams.atlassian.com/syndication/verbs/jira/transition",
             "http://streams.atlassian.com/syndication/verbs/jira/resolve"]  # fmt: skip
    activity = {**COMMENT, "type": "Update", "verb": chain, "object": COMMENT["target"], "target": None}
    [one] = feedparser.parse(atom.feed(header(), [item_of(Entry.of(activity), HUB)])).entries
    assert one.activity_verb == chain[-1]
    assert one.link == f"{HUB}/t/ORCHARD-7"
    assert one.title.endswith('resolved <span class="resolved-link"><a href="https://hub.example/t/ORCHARD-7">'
                              "ORCHARD-7 - Frost sensor drifts</a></span>")  # fmt: skip


def test_a_feed_says_what_it_is_and_what_is_missing() -> None:
    """Atom §3.3: an empty feed has an author, and providers that did not answer are named."""
    about = header(
        first=f"{HUB}/f", next=f"{HUB}/f?before=1", last=f"{HUB}/f?after=1", hub=f"{HUB}/websub/hub",
        icon=f"{HUB}/favicon.svg", logo=f"{HUB}/ada.png", subtitle="about", language="cy", offset="-0330",
        troubles=Troubles(("Builds", "Wiki"), ("Git",), ("Old",), (Authorisation("x", "X", f"{HUB}/x", f"{HUB}/ok"),)),
        deletions=(Deletion(f"{HUB}/1", AT),),
    )  # fmt: skip
    root = parsed(atom.feed(about, []))
    names = [one.tag.rpartition("}")[2] for one in root]
    assert names[:7] == ["id", "link", "title", "subtitle", "timezone-offset", "updated", "author"]
    assert root.findtext("atlassian:timezone-offset", None, NAMES) == "-0330"
    links = {one.get("rel"): one.get("href") for one in root.findall("a:link", NAMES)}
    assert links == {
        "self": f"{HUB}/f", "alternate": f"{HUB}/@ada", "first": f"{HUB}/f", "next": f"{HUB}/f?before=1",
        "last": f"{HUB}/f?after=1", "hub": f"{HUB}/websub/hub",
    }  # fmt: skip
    missing = root.findall("atlassian:timed-out-source-list/atlassian:activity-source", NAMES)
    assert [one.text for one in missing] == ["Builds", "Wiki"]
    assert root.findtext("atlassian:throttled-source-list/atlassian:activity-source", None, NAMES) == "Git"
    assert root.findtext("atlassian:banned-source-list/atlassian:activity-source", None, NAMES) == "Old"
    message = root.find("atlassian:authorisation-message", NAMES)
    assert message is not None
    assert [one.tag.rpartition("}")[2] for one in message] == [
        "application-id", "application-name", "application-uri", "authorisation-uri",
    ]  # fmt: skip
    gone = root.find("at:deleted-entry", NAMES)
    assert gone is not None
    assert dict(gone.attrib) == {"ref": f"{HUB}/1", "when": "2026-01-01T00:04:10.250Z"}


def test_a_feed_of_somebody_always_says_whose_it_is() -> None:
    root = parsed(atom.feed(header(author=ADA), [item_of(Entry.of(COMMENT), HUB)]))
    assert root.findtext("a:author/a:uri", None, NAMES) == f"{HUB}/@ada"
    assert parsed(atom.feed(header(), [item_of(Entry.of(COMMENT), HUB)])).find("a:author", NAMES) is None


def test_what_came_from_another_feed_says_from_which() -> None:
    """RFC 4287 §4.2.11: and its links are not the entry's."""
    one = Item(
        "urn:x", "t", "c", AT, AT, ADA, page=f"{HUB}/1",
        source=Source("urn:f", "Elsewhere", AT, "https://there.example/feed"),
    )  # fmt: skip
    read = feedparser.parse(atom.feed(header(), [one])).entries[0]
    assert (read.link, read.source.title) == (f"{HUB}/1", "Elsewhere")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//m.example/", "/relative", ""]
)
def test_links_lead_to_the_web_alone(address: str) -> None:
    """SEC-078; Atom §3.4.9: absolute hrefs only."""
    one = Item(
        "urn:x", "t", "c", AT, AT, Person("n", address, pictures=(Picture(address, 16),)), page=address,
        document=address, parent=address, replies=address, icon=address, via=address, mentioned=(address,),
        actions=(Action("x", address, "x"),), things=(Thing(page=address),), source=Source("x", here=address),
    )  # fmt: skip
    root = parsed(atom.feed(header(next=address, icon=address, hub=address), [one]))
    hrefs = [element.get("href") for element in root.iter()]
    assert {href for href in hrefs if href} == {f"{HUB}/f", f"{HUB}/@ada"}
    assert root.find("a:icon", NAMES) is None


def test_what_leads_nowhere_says_something() -> None:
    """RFC 4287 §4.1.2: an entry without content has an alternate link, one without a link a content."""
    mute = Item("urn:x", "Ada liked it", "", AT, AT, ADA, title_html="<b>Ada</b> liked it")
    entry = parsed(atom.document_of(mute))
    assert entry.find("a:content", NAMES).text == "<b>Ada</b> liked it"
    assert entry.find("a:link[@rel='alternate']", NAMES) is None
    led = parsed(atom.document_of(Item("urn:x", "Ada", "", AT, AT, ADA, page=f"{HUB}/1", title_html="x")))
    assert led.find("a:content", NAMES) is None


def test_the_feed_that_an_entry_was_in_has_all_that_names_it() -> None:
    """RFC 4287 §4.2.11: id, title and date, the last as late as the entry for want of a better one."""
    later = AT + timedelta(days=1)
    for source, expected in (
        (Source("https://x.example/f", "F", later, "https://x.example/f|1"), ("https://x.example/f", later)),
        (Source("f", "F"), ("urn:uuid:", AT)),
    ):
        item = Item("urn:x", "x", "<p>x</p>", AT, AT, ADA, source=source)
        told = parsed(atom.document_of(item)).find("a:source", NAMES)
        assert told.findtext("a:id", None, NAMES).startswith(expected[0])
        assert (
            told.findtext("a:updated", None, NAMES)
            == expected[1].isoformat(timespec="milliseconds")[:23] + "Z"
        )
        assert [one.get("href") for one in told.findall("a:link", NAMES)] in ([], ["https://x.example/f%7C1"])


def test_what_has_no_text_is_not_there() -> None:
    """RFC 4287 §3.1: a subtitle, a label and a title of a link have text, or are left out."""
    feed = parsed(
        atom.feed(
            header(subtitle=" \x01"),
            [Item("urn:x", "x", "x", AT, AT, ADA, icon=f"{HUB}/i", icon_label="\x02")],
        )
    )
    assert feed.find("a:subtitle", NAMES) is None
    assert "title" not in feed.find(f".//a:link[@rel='{RELATIONS}icon']", NAMES).attrib
    assert parsed(atom.feed(header(title="a\x85b\r\nc"), [])).findtext("a:title", None, NAMES) == "a\nb\nc"
