"""Pages for people."""

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from server import pages
from storage.objects import Kind, ObjectRow

HOSTILE = (
    '<script>alert(1)</script><img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>"><b>bold</b>'
)


def row(document: str, *, public: int = 1) -> ObjectRow:
    return ObjectRow(
        1,
        "https://a.example/objects/1",
        Kind.OBJECT,
        "Note",
        1,
        2,
        None,
        public,
        document,
        None,
        0,
        None,
        None,
    )


def actor(**members: Any) -> dict[str, Any]:
    return {"id": "https://a.example/users/ada", "name": "Ada", "acct": "ada@a.example",
            "url": "https://a.example/@ada", **members}  # fmt: skip


class Elements(HTMLParser):
    """Collects the elements and links of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]


def safe(text: str) -> bool:
    found = Elements(text)
    handlers = [name for name in found.attributes if name.startswith("on") or name == "style"]
    schemes = [link for link in found.links if not link.startswith(("https://", "http://", "/", "#"))]
    return not handlers and not schemes and not found.names & {"script", "iframe", "img", "form", "object"}


@pytest.mark.parametrize("field", ["name", "summary", "content"])
def test_hostile_posts_are_harmless(field: str) -> None:
    """SEC-069."""
    post = pages.post_of(row(json.dumps({"type": "Note", "content": "x", field: HOSTILE})))
    assert safe(pages.render("post.html", post=post, link=post["iri"]))


@pytest.mark.parametrize(
    "members",
    [
        {"name": HOSTILE},
        {"summary": HOSTILE},
        {"attachment": [{"type": "PropertyValue", "name": HOSTILE, "value": HOSTILE}]},
        {"acct": HOSTILE},
    ],
)
def test_hostile_profiles_are_harmless(members: dict[str, Any]) -> None:
    """SEC-069."""
    assert safe(
        pages.render("actor.html", actor=actor(**members), posts=[], link="https://a.example/users/ada")
    )


@given(st.text(), st.text())
def test_no_text_breaks_a_page(name: str, content: str) -> None:
    """SEC-069."""
    post = pages.post_of(row("{}")) | {"name": name, "excerpt": content, "summary": content}
    assert safe(pages.render("post.html", post=post, link=None))


def test_a_link_is_followed_only_to_the_web() -> None:
    """SEC-070: checked again when shown."""
    post = pages.post_of(row('{"type":"Note","attributedTo":"javascript:alert(1)"}'))
    assert 'href="javascript' not in pages.render("post.html", post=post, link=None)


def test_a_private_post_is_kept_by_nobody() -> None:
    """SEC-014, SEC-068: no cache, no preview, no index."""
    post = pages.post_of(row('{"type":"Note","content":"between us"}', public=0))
    answer = pages.answer("post.html", post=post, link=post["iri"])
    assert answer.headers["cache-control"] == "private, no-store"
    assert b"og:" not in answer.body
    assert b"noindex" in answer.body


def test_a_public_post_leads_to_its_document() -> None:
    """AP-065."""
    post = pages.post_of(row('{"type":"Note","content":"<p>Hello</p>","published":"2026-11-21T13:59:30Z"}'))
    answer = pages.answer("post.html", post=post, link=post["iri"])
    assert answer.headers["link"] == f'<{post["iri"]}>; rel="alternate"; type="application/activity+json"'
    assert answer.headers["vary"] == "Accept"
    page = bytes(answer.body).decode()
    assert f'<link rel="alternate" type="application/activity+json" href="{post["iri"]}">' in page
    assert "<p>Hello</p>" in page
    assert "21 November 2026, 13:59 UTC" in page


def test_what_is_sensitive_waits_behind_its_summary() -> None:
    post = pages.post_of(row('{"type":"Note","sensitive":true,"summary":"spiders","content":"eight legs"}'))
    page = pages.render("post.html", post=post, link=None)
    assert "<details>" in page
    assert 'og:description" content="spiders"' in page


@pytest.mark.parametrize(("members", "noindex"), [({}, True), ({"indexable": True}, False)])
def test_only_who_wants_to_be_found_is_indexed(members: dict[str, Any], noindex: bool) -> None:
    page = pages.render("actor.html", actor=actor(**members), posts=[], link="https://a.example/users/ada")
    assert ('name="robots" content="noindex"' in page) is noindex


def test_a_profile_lists_its_posts() -> None:
    post = {"iri": "https://a.example/objects/1", "type": "Note", "public": True, "author": None, "name": None,
            "summary": "", "content": Markup("<p>Hi</p>"), "excerpt": "Hi", "hidden": False,
            "published": datetime(2026, 1, 2, tzinfo=UTC)}  # fmt: skip
    page = pages.render("actor.html", actor=actor(), posts=[post], link="https://a.example/users/ada")
    assert "<p>Hi</p>" in page
    assert "Nothing public yet" not in page
