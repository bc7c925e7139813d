"""Feeds that mean harm, or nothing at all (Atom §10.2, §17.1, §17.4)."""

import json

import pytest
from fixtures import AS1, AS2, ATOM03, CONFLUENCE, GITHUB, JIRA, JSONFEED, MASTODON, RSS10, WORDPRESS, YOUTUBE
from hypothesis import given
from hypothesis import strategies as st

from vocab import xmltree
from vocab.dialects.feedreading import Malformed, NoFeed, read
from vocab.errors import XmlError

AT = "https://found.example/feed"
LAUGHS = """<?xml version="1.0"?><!DOCTYPE feed [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><feed xmlns="http://www.w3.org/2005/Atom"><title>&c;</title></feed>"""
OUTSIDE = """<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]><rss><channel><title>&x;</title></channel></rss>"""
EVERY = [JIRA, CONFLUENCE, GITHUB, WORDPRESS, YOUTUBE, MASTODON, RSS10, ATOM03, JSONFEED, AS1, AS2]


@pytest.mark.parametrize(
    "text", [LAUGHS, OUTSIDE, '<!DOCTYPE rss PUBLIC "x" "https://x.example/rss.dtd"><rss/>']
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_every_encoding(text: str, encoding: str) -> None:
    """Atom §17.4: and no more lenient reader is tried."""
    with pytest.raises(NoFeed, match="document type"):
        read(text.encode(encoding), found_at=AT)
    with pytest.raises(XmlError, match="document type"):
        xmltree.parse(text)


def test_what_only_looks_like_a_declaration_is_text() -> None:
    text = "<rss><channel><title><![CDATA[<!DOCTYPE html>]]></title><!-- <!ENTITY --></channel></rss>"
    assert read(text.encode(), found_at=AT).format == "rss"


def test_depth_nodes_and_bytes_have_limits() -> None:
    """Atom §17.4."""
    with pytest.raises(NoFeed, match="deeper"):
        read(b"<rss>" + b"<a>" * 100 + b"</a>" * 100 + b"</rss>", found_at=AT)
    assert read(b"<rss>" + b"<a>" * 99 + b"</a>" * 99 + b"</rss>", found_at=AT).format == "rss"
    with pytest.raises(NoFeed, match="more than"):
        read(b"<rss>" + b"<a/>" * xmltree.NODES_MAX + b"</rss>", found_at=AT)
    with pytest.raises(NoFeed, match="bytes"):
        read(b"<rss>" + b" " * xmltree.BYTES_MAX, found_at=AT)
    with pytest.raises(NoFeed, match="deep"):
        read(b'{"a":' * 100_000, found_at=AT)


def test_no_more_entries_than_the_limit_are_read_and_that_is_said() -> None:
    """Atom §10.1."""
    items = "".join(f"<item><guid>{number}</guid></item>" for number in range(5_001))
    found = read(f"<rss><channel>{items}</channel></rss>".encode(), found_at=AT)
    assert len(found.items) == 5_000
    assert found.warnings
    listed = json.dumps(
        {"version": "https://jsonfeed.org/version/1", "items": [{"id": str(n)} for n in range(5_001)]}
    )
    assert len(read(listed.encode(), found_at=AT).items) == 5_000


def test_what_is_not_well_formed_is_left_to_a_more_lenient_reader() -> None:
    for text in ("<rss><channel><title>a & b</title></channel></rss>", "<rss><channel>", "<rss>&nbsp;</rss>"):
        with pytest.raises(Malformed):
            read(text.encode(), found_at=AT)


def test_control_characters_are_left_out() -> None:
    item = read(b"<rss><channel><item><title>a\x0bb\x00</title></item></channel></rss>", found_at=AT).items[0]
    assert item.entry["summary"] == "ab"


def test_nothing_that_runs_is_kept() -> None:
    """Atom §17.1."""
    markup = (
        "<svg onload=alert(1)><p onclick=alert(1) style='position:fixed'>x</p><a href='java\nscript:alert(1)'>y</a>"
        "<img src='data:image/svg+xml,x' onerror=alert(1)><iframe src='https://x.example'></iframe><form><input></form>"
    )
    text = json.dumps(
        {
            "version": "https://jsonfeed.org/version/1",
            "items": [{"id": "1", "title": markup, "content_html": markup}],
        }
    )
    thing = str(read(text.encode(), found_at=AT).items[0].entry["object"]["content"])
    for word in ("script", "onclick", "onerror", "onload", "style", "iframe", "form", "svg", "data:"):
        assert word not in thing
    assert "<p>x</p>" in thing


@given(st.binary(max_size=300))
def test_any_bytes_are_a_feed_or_none(body: bytes) -> None:
    _survives(body)


@given(st.sampled_from(EVERY), st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=12))
def test_a_feed_that_was_damaged_is_read_or_refused(text: str, start: int, length: int, put: bytes) -> None:
    body = text.encode()
    start %= len(body)
    _survives(body[:start] + put + body[start + length :])


_NAMES = (  # noqa: SIM905
    "version items id url title actor object target verb objectType type orderedItems attributedTo tags image authors"
    " attachments hubs published content name icon generator inReplyTo links first next @context"
).split()
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(_NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(_VALUES, st.sampled_from(["", "https://jsonfeed.org/version/1", "as2"]))
def test_any_json_is_a_feed_or_none(value: object, kind: str) -> None:
    if isinstance(value, dict) and kind:
        value = (
            {**value, "@context": "https://www.w3.org/ns/activitystreams"}
            if kind == "as2"
            else {**value, "version": kind}
        )
    _survives(json.dumps(value).encode())


def _survives(body: bytes) -> None:
    try:
        found = read(body, found_at=AT)
    except (NoFeed, Malformed):
        return
    assert all(item.key for item in found.items)
