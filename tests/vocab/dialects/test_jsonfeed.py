"""JSON Feed 1.1 (Atom §14)."""

import json
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects import jsonfeed
from vocab.dialects.syndication import Header, Item, Person, item_of
from vocab.entry import Entry

AT = datetime(2026, 11, 21, 13, 59, 30, tzinfo=UTC)
HERE = "https://here.example"
HEADER = Header(
    f"{HERE}/f", "Ada", f"{HERE}/@ada", f"{HERE}/feed.json", AT, hub=f"{HERE}/websub/hub", next=f"{HERE}/2"
)  # fmt: skip
TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ACTOR = {
    "id": f"{HERE}/users/ada",
    "type": "Person",
    "name": "Ada",
    "preferredUsername": "ada",
    "icon": f"{HERE}/a.png",
}


def told(**members):
    entry = Entry.of({
        "id": f"{HERE}/activities/1", "type": "Create", "actor": ACTOR, "verb": "post",
        "published": "2026-05-02T08:00:00+02:00", **members,
    })  # fmt: skip
    [item] = json.loads(jsonfeed.feed(HEADER, [item_of(entry, HERE)]))["items"]
    return item


def test_an_item_has_what_the_format_knows() -> None:
    article = {
        "id": f"{HERE}/objects/1", "type": "Article", "name": "On fog", "content": "<p>Fog.</p>",
        "tag": [{"type": "Hashtag", "name": "#Fog"}], "contentMap": {"en": "<p>Fog.</p>"},
        "attachment": [{"type": "Image", "mediaType": "image/png", "url": "https://m.example/1.png", "name": "alt",
                        "size": 12}],
    }  # fmt: skip
    assert told(object=article) == {
        "id": f"{HERE}/activities/1", "url": f"{HERE}/objects/1", "title": "Ada posted On fog",
        "content_html": "<p>Fog.</p>", "image": "https://m.example/1.png", "tags": ["Fog"], "language": "en",
        "date_published": "2026-05-02T06:00:00Z", "date_modified": "2026-05-02T06:00:00Z",
        "authors": [{"name": "Ada", "url": f"{HERE}/@ada", "avatar": f"{HERE}/a.png"}],
        "attachments": [
            {"url": "https://m.example/1.png", "mime_type": "image/png", "title": "alt", "size_in_bytes": 12}
        ],
    }  # fmt: skip


def test_a_feed_says_where_its_next_page_and_its_hub_are() -> None:
    made = json.loads(jsonfeed.feed(HEADER, []))
    assert made["next_url"] == f"{HERE}/2"
    assert made["hubs"] == [{"type": "WebSub", "url": f"{HERE}/websub/hub"}]
    assert made["items"] == []


def test_a_short_post_has_no_title_but_always_content() -> None:
    """The format requires content of each item, and wants no titles of what never had one."""
    assert "title" not in told(object={"type": "Note", "content": "<p>Hi</p>"})
    liked = told(type="Like", verb="like", object={"type": "Audio", "name": "<Rain>"})
    assert liked["title"] == "Ada liked <Rain>"
    assert liked["content_html"].endswith("liked &lt;Rain&gt;")


@given(TEXT, TEXT)
def test_any_text_comes_back(title: str, content: str) -> None:
    one = Item("x", title, content or "x", AT, AT, Person("n"), named=True)
    read = json.loads(jsonfeed.feed(HEADER, [one]))
    assert read["items"][0].get("title", "") == title
    assert read["version"] == "https://jsonfeed.org/version/1.1"


def test_links_lead_to_the_web_alone() -> None:
    """SEC-078."""
    one = Item(
        "x", "t", "c", AT, AT, Person("n", "javascript:x", "data:x"), page="javascript:x", via="javascript:x"
    )
    assert "javascript" not in jsonfeed.feed(HEADER, [one]).decode()


def test_addresses_are_plain_ascii_and_tags_stand_once() -> None:
    """JSON Feed 1.1: URLs; how long a recording lasts is told where that is known."""
    sound = {
        "type": "Audio",
        "url": "https://x.example/ü|x",
        "mediaType": "audio/mpeg",
        "duration": "PT1H2M3S",
    }
    item = told(
        object={"type": "Note", "content": "x", "url": "https://bücher.example/ü", "attachment": [sound],
                "tag": [{"type": "Hashtag", "name": "#fog"}]},
        category=["fog", "fog"],
    )  # fmt: skip
    assert item["url"] == "https://xn--bcher-kva.example/%C3%BC"
    assert item["attachments"] == [
        {"url": "https://x.example/%C3%BC%7Cx", "mime_type": "audio/mpeg", "duration_in_seconds": 3723}
    ]
    assert item["tags"] == ["fog"]
