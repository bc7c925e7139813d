"""Posts as pages show them: what is sanitised, covered, linked and left out."""

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.pages import cards, render
from server.pages.cards import Card
from storage.posts import Post
from streams.posts import Around

BASE = "https://here.example"
HOSTILE = [
    '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>"><b>bold</b>',
    "<svg/onload=alert(1)><math><mi//xlink:href='data:x,<script>alert(4)</script>'>",
    '"><iframe srcdoc="<script>alert(1)</script>">',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<form><button formaction=javascript:alert(1)>x",
    "<p style=background:url(javascript:alert(1)) onclick=alert(1)>x</p>",
    "{{ 7 * 7 }}{% raw %}",
    "<details open ontoggle=alert(1)>:cup:",
    '<a href="https://x.example/\':cup:" class="invisible">&lt;script&gt;alert(1)&lt;/script&gt;</a>',
]
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
PLAIN = {"type": "Note", "content": "<p>Hello</p>", "published": "2026-11-21T13:59:30Z"}


def post(
    document: dict[str, Any], *, local: bool = False, author: dict[str, Any] | None = None, id: int = 1
) -> Post:
    host = "here.example" if local else "there.example"
    return Post(
        id, f"https://{host}/objects/{id}", 1, str(document.get("type", "")), int(local), json.dumps(document), None,
        0, None, None, 7, f"https://{host}/users/ada", int(local), json.dumps(author or {"name": "Ada"}), None, "ada",
        host, "ada" if local else None, 2, 3 if local else None, None,
    )  # fmt: skip


def page(card: Card, **context: Any) -> str:
    return render(
        "thread.html", host="here.example", alternates=(), canonical=f"{BASE}/objects/1", title="A post", post=card,
        **{"public": True, "indexable": True, "above": [], "replies": [], "older": None, "newer": None, **context},
    )  # fmt: skip


def shown(document: dict[str, Any], **options: Any) -> str:
    return page(cards.card(post(document, **options), BASE))


class Elements(HTMLParser):
    """Collects the elements, links and texts of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.anchors: list[dict[str, str | None]] = []
        self.texts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [
            value or "" for name, value in attrs if name in ("href", "src", "poster", "cite", "action")
        ]
        if tag == "img":
            self.images.append(dict(attrs))
        if tag == "a":
            self.anchors.append(dict(attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def safe(text: str) -> bool:
    found = Elements(text)
    handlers = [
        name
        for name in found.attributes
        if name.startswith("on") or name in ("style", "srcdoc", "formaction")
    ]
    schemes = [link for link in found.links if not link.startswith(("https://", "http://", "/", "#"))]
    return (
        not handlers
        and not schemes
        and not found.names & {"script", "iframe", "form", "object", "button", "math"}
    )


def members(value: str) -> list[dict[str, Any]]:
    """Return documents that carry a text in each of the members that a page shows."""
    return [
        *(
            {term: value}
            for term in ("name", "summary", "content", "type", "inReplyTo", "quoteUrl", "url", "updated")
        ),
        {"contentMap": {value: "x", "en": value}},
        {"tag": [{"type": "Emoji", "name": ":cup:", "icon": {"url": value}}], "content": ":cup:"},
        {
            "tag": [{"type": "Emoji", "name": value, "icon": {"url": "https://a.example/x.png"}}],
            "content": value,
        },
        {"attachment": [{"type": "Image", "url": "https://a.example/x.png", "name": value, "width": value}]},
        {"attachment": [{"type": "Image", "mediaType": "image/png", "url": value}]},
        {
            "attachment": [
                {"type": "Document", "mediaType": value, "url": "https://a.example/x", "name": value}
            ]
        },
        {"attachment": [{"type": "Video", "url": "https://a.example/x.mp4", "icon": {"url": value}}]},
        {"oneOf": [{"name": value, "replies": {"totalItems": value}}], "endTime": value},
        {"type": "Event", "location": {"name": value}, "startTime": value},
        {"formerRepresentations": value},
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_posts_are_harmless(hostile: str) -> None:
    """SEC-069, SEC-070: through every member that is shown."""
    for document in members(hostile):
        assert safe(shown({**PLAIN, **document})), document
        assert safe(shown({**PLAIN, **document}, local=True)), document


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_authors_are_harmless(hostile: str) -> None:
    """SEC-069, SEC-070."""
    for author in ({"name": hostile}, {"name": "x", "icon": {"url": hostile}}, {"name": "x", "url": hostile}):
        assert safe(shown(PLAIN, author=author)), author


@given(TEXT, TEXT)
def test_no_text_breaks_a_page(name: str, content: str) -> None:
    """SEC-069."""
    assert safe(shown({**PLAIN, "name": name, "summary": content, "content": content}))


def test_a_link_to_elsewhere_gives_nothing_away() -> None:
    """SEC-066: nofollow, noopener, noreferrer, ugc."""
    found = Elements(
        shown({**PLAIN, "content": '<a href="https://x.example/">x</a>', "inReplyTo": "https://y.example/1"})
    )
    away = [one for one in found.anchors if (one["href"] or "").startswith("https://")]
    assert len(away) >= 4
    assert all({"nofollow", "noopener", "noreferrer"} <= set((one["rel"] or "").split()) for one in away)


def test_a_link_that_claims_another_host_names_its_own() -> None:
    """SEC-072."""
    lie = '<a href="https://evil.example/"><span class="invisible">https://</span>bank.example/login</a>'
    assert "(evil.example)" in "".join(Elements(shown({**PLAIN, "content": lie})).texts)


def test_a_post_of_others_leads_home() -> None:
    """AP-021: to its page for people, not to its document."""
    url = [{"type": "Link", "mediaType": "application/json", "href": "https://there.example/api/1"},
           {"type": "Link", "mediaType": "text/html", "href": "https://there.example/@ada/1"}]  # fmt: skip
    assert cards.card(post({**PLAIN, "url": url}), BASE).link == "https://there.example/@ada/1"
    assert cards.card(post(PLAIN), BASE).link == "https://there.example/objects/1"
    assert cards.card(post(PLAIN, local=True), BASE).link == "/objects/1"


def test_pictures_are_described_and_do_not_tell_who_looks() -> None:
    picture = {
        "type": "Document",
        "mediaType": "image/png",
        "url": "https://m.example/1.png",
        "name": "A white gaiwan",
    }
    image = next(
        one
        for one in Elements(shown({**PLAIN, "attachment": [picture]})).images
        if one["src"] == picture["url"]
    )
    assert (image["alt"], image["referrerpolicy"], image["loading"]) == (
        "A white gaiwan",
        "no-referrer",
        "lazy",
    )


@pytest.mark.parametrize(
    "attachment",
    [
        {"type": "Image", "mediaType": "image/png", "url": "http://m.example/1.png"},
        {"type": "Image", "mediaType": "image/svg+xml", "url": "https://m.example/1.svg"},
        {"type": "Document", "mediaType": "application/pdf", "url": "https://m.example/1.pdf"},
        {"type": "Link", "href": "https://m.example/"},
        "https://m.example/page",
    ],
)
def test_what_cannot_be_shown_safely_is_linked_to(attachment: Any) -> None:
    """SEC-063, SEC-071."""
    card = cards.card(post({**PLAIN, "attachment": [attachment]}), BASE)
    assert (card.media, len(card.files)) == ([], 1)


def test_a_private_post_loads_nothing_from_elsewhere() -> None:
    """SEC-068: no preview either."""
    document = {**PLAIN, "attachment": [{"type": "Image", "url": "https://m.example/1.png"}]}
    card = cards.card(post(document), BASE, public=False)
    text = page(card, public=False, indexable=False)
    assert card.media == []
    assert not [one for one in Elements(text).images if one["src"] == "https://m.example/1.png"]
    assert "og:" not in text
    assert 'name="robots" content="noindex"' in text


@pytest.mark.parametrize(
    ("document", "warning"),
    [
        ({"sensitive": True, "summary": "spiders"}, "spiders"),
        ({"summary": "spiders"}, "spiders"),
        ({"sensitive": False, "summary": "spiders"}, ""),
        ({"type": "Article", "summary": "An abstract"}, ""),
        ({"sensitive": True}, ""),
        ({"sensitive": None, "summary": ""}, ""),
    ],
)
def test_what_is_sensitive_waits_behind_its_summary(document: dict[str, Any], warning: str) -> None:
    """AP-644: ``sensitive`` has three states."""
    card = cards.card(post({**PLAIN, **document}), BASE)
    assert card.warning == warning
    assert ("<details" in page(card)) is bool(warning)


def test_a_warned_post_is_previewed_by_its_warning() -> None:
    document = {**PLAIN, "sensitive": True, "summary": "spiders", "content": "eight legs",
                "attachment": [{"type": "Image", "url": "https://m.example/1.png"}]}  # fmt: skip
    text = shown(document)
    assert 'property="og:description" content="spiders"' in text
    assert "og:image" not in text


def test_sensitive_pictures_are_covered() -> None:
    text = shown(
        {**PLAIN, "sensitive": True, "attachment": [{"type": "Image", "url": "https://m.example/1.png"}]}
    )
    assert '<details class="cover">' in text
    assert "og:image" not in text


def test_a_poll_shows_its_shares() -> None:
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
               for name, count in (("Tea", 3), ("Coffee", 1))]  # fmt: skip
    card = cards.card(
        post({**PLAIN, "type": "Question", "oneOf": options, "endTime": "2026-01-01T00:00:00Z"}), BASE
    )
    assert card.poll is not None
    assert [(one.name, one.votes, one.share) for one in card.poll.options] == [
        ("Tea", 3, 75),
        ("Coffee", 1, 25),
    ]
    assert (card.poll.voters, card.poll.closed) == (4, True)
    assert "75%" in page(card)


def test_shares_are_of_the_voters_where_each_may_choose_several() -> None:
    """AP-745."""
    options = [{"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": count}}
               for name, count in (("Tea", 4), ("Coffee", 2))]  # fmt: skip
    card = cards.card(post({**PLAIN, "type": "Question", "anyOf": options, "votersCount": 4}), BASE)
    assert card.poll is not None
    assert [one.share for one in card.poll.options] == [100, 50]
    assert (card.poll.voters, card.poll.closed) == (4, False)
    assert cards.card(post({**PLAIN, "type": "Question", "anyOf": [{"name": "x"}]}), BASE).poll is not None


def test_custom_emoji_are_pictures() -> None:
    """AP-746: in text, never in attributes."""
    tag = [{"type": "Emoji", "name": ":cup:", "icon": {"type": "Image", "url": "https://m.example/cup.png"}}]
    content = '<p>:cup: <a href="https://a.example/:cup:">tea</a> :saucer:</p>'
    found = Elements(shown({**PLAIN, "tag": tag, "content": content}))
    assert [(one["alt"], one["src"]) for one in found.images] == [(":cup:", "https://m.example/cup.png")]
    assert "https://a.example/:cup:" in found.links


def test_a_quotation_is_a_card_once_it_may_be_shown() -> None:
    """AP-735: else a link."""
    quoting, quoted = post({**PLAIN, "quoteUrl": "https://there.example/objects/2"}), post(PLAIN, id=2)
    with_card = cards.card(quoting, BASE, Around({}, {quoting.id: quoted}))
    assert with_card.quote is not None
    assert '<blockquote class="quote"' in page(with_card)
    without = page(cards.card(quoting, BASE))
    assert "<blockquote" not in without
    assert 'href="https://there.example/objects/2"' in without


def test_text_says_its_language() -> None:
    """AP-013."""
    assert 'lang="cy"' in shown({**PLAIN, "contentMap": {"cy": PLAIN["content"]}})


def test_an_activity_without_text_is_told_in_a_sentence() -> None:
    """AP-025."""
    document = {"type": "Listen", "object": {"type": "Audio", "name": "Rain"}}
    assert cards.card(post(document), BASE).name == "Ada listened to Rain"


def test_an_edit_is_marked_and_leads_to_what_was_before() -> None:
    document = {
        **PLAIN,
        "updated": "2026-11-22T10:00:00Z",
        "formerRepresentations": f"{BASE}/objects/1/history",
    }
    text = shown(document, local=True)
    assert "Edited" in text
    assert f'href="{BASE}/objects/1/history"' in text


def test_hashtags_lead_to_our_pages_of_them() -> None:
    """AP-747."""
    tag = [{"type": "Hashtag", "name": "#Caf\u00e9"}]
    assert 'href="/tags/Caf%C3%A9" rel="tag"' in shown({**PLAIN, "tag": tag}, local=True)
    linked = '<a class="hashtag" href="https://x.example/">#Caf\u00e9</a>'
    assert "/tags/" not in shown({**PLAIN, "content": linked, "tag": tag}, local=True)
    assert "/tags/" not in shown({**PLAIN, "tag": tag})


def test_an_event_says_when_and_where() -> None:
    document = {
        **PLAIN,
        "type": "Event",
        "startTime": "2026-12-03T18:00:00Z",
        "location": {"name": "The library"},
    }
    text = "".join(Elements(shown(document)).texts)
    assert "3 December 2026, 18:00 UTC" in text
    assert "The library" in text


def test_a_page_has_a_preview() -> None:
    """OpenGraph and the tags of Twitter's cards."""
    picture = {"type": "Image", "url": "https://m.example/1.png", "name": "alt"}
    text = shown({**PLAIN, "attachment": [picture]})
    for line in (
        'property="og:title" content="A post"', 'property="og:description" content="Hello"',
        'property="og:image" content="https://m.example/1.png"', 'name="twitter:card" content="summary_large_image"',
        'rel="canonical" href="https://here.example/objects/1"', 'property="article:published_time"',
    ):  # fmt: skip
        assert line in text
