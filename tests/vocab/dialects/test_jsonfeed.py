"""JSON Feed 1.1."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from vocab import of
from vocab.dialects import jsonfeed
from vocab.dialects.syndication import Header, Item, Person, item

AT = datetime(2026, 11, 21, 13, 59, 30, tzinfo=UTC)
ADA = Person("Ada", "https://here.example/@ada", "https://here.example/ada.png")
HEADER = Header(
    "https://here.example/f", "Ada", "https://here.example/@ada", "https://here.example/feed.json", AT
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_an_item_has_what_the_format_knows() -> None:
    document = {
        "id": "https://here.example/objects/1", "type": "Article", "name": "On fog", "content": "<p>Fog.</p>",
        "tag": [{"type": "Hashtag", "name": "#Fog"}], "published": "2026-05-02T08:00:00+02:00",
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://m.example/1.png", "name": "alt",
                        "size": 12}],
    }  # fmt: skip
    assert jsonfeed.entry(item(of(document), ADA, at=AT)) == {
        "id": "https://here.example/objects/1", "url": "https://here.example/objects/1", "title": "On fog",
        "content_html": "<p>Fog.</p>", "image": "https://m.example/1.png", "tags": ["Fog"],
        "date_published": "2026-05-02T06:00:00Z", "date_modified": "2026-05-02T06:00:00Z",
        "authors": [{"name": "Ada", "url": "https://here.example/@ada", "avatar": "https://here.example/ada.png"}],
        "attachments": [
            {"url": "https://m.example/1.png", "mime_type": "image/png", "title": "alt", "size_in_bytes": 12}
        ],
    }  # fmt: skip


def test_a_short_post_has_no_title_but_always_content() -> None:
    """The format requires content of each item, and wants no titles of what never had one."""
    made = jsonfeed.entry(
        item(of({"id": "x", "type": "Listen", "object": {"type": "Audio", "name": "<Rain>"}}), ADA, at=AT)
    )
    assert "title" not in made
    assert made["content_html"] == "<p>Ada listened to &lt;Rain></p>"


@given(TEXT, TEXT)
def test_any_text_comes_back(title: str, content: str) -> None:
    one = Item("x", title, content or "x", AT, AT, Person("n"), named=True)
    read = json.loads(jsonfeed.feed(HEADER, [jsonfeed.entry(one)]))
    assert read["items"][0].get("title", "") == title
    assert read["version"] == "https://jsonfeed.org/version/1.1"


def test_links_lead_to_the_web_alone() -> None:
    """SEC-078."""
    one = Item("x", "t", "c", AT, AT, Person("n", "javascript:x", "data:x"), page="javascript:x")
    assert "javascript" not in json.dumps(jsonfeed.entry(one))
