"""What leaves in our name is safe, described, and can be shown by those who know notes alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import Object, authoring, html


def completed(**members: object) -> dict:
    return authoring.completed(Object(members)).data


@pytest.mark.parametrize(
    ("written", "leaves"),
    [
        ("<p>Tea</p><script>alert(1)</script>", "<p>Tea</p>"),
        ('<p onclick="x()">Tea</p>', "<p>Tea</p>"),
        ('<a href="javascript:x()">Tea</a>', "<a>Tea</a>"),
        ("<h2>Tea</h2><table><tbody><tr><td>1</td></tr></tbody></table>",) * 2,
        ('<p><a href="https://a.example/" class="u-url mention" rel="me">@ada</a></p>',) * 2,
        ("Fish & chips, 'quoted' \"twice\"",) * 2,
        ("",) * 2,
    ],
)
def test_markup_leaves_without_what_could_run(written: str, leaves: str) -> None:
    """AP-026: in content, summary and their versions by language; what is harmless stays as it was written."""
    assert completed(content=written)["content"] == leaves
    assert completed(summary=written)["summary"] == leaves
    assert completed(contentMap={"en": written})["contentMap"] == {"en": leaves}


def test_other_text_is_no_markup() -> None:
    """AP-026: names are plain, a source is the author's own, and text of another type is no markup."""
    text = "<script>"
    kept = {"name": text, "source": {"content": text, "mediaType": "text/markdown"}}
    assert completed(**kept) == kept
    assert completed(content=text, mediaType="text/plain")["content"] == text


@given(st.text())
def test_what_leaves_can_leave_again(text: str) -> None:
    """AP-026: an edit of an object changes nothing that was not edited."""
    once = html.inert(text)
    assert html.inert(once) == once
    assert "<script" not in once.lower()


@pytest.mark.parametrize(
    ("given_as", "described"),
    [
        ({"name": "A gaiwan"}, {"name": "A gaiwan", "summary": "A gaiwan"}),
        ({"summary": "A gaiwan"}, {"name": "A gaiwan", "summary": "A gaiwan"}),
        ({"name": "gaiwan.jpg", "summary": "A gaiwan"}, {"name": "gaiwan.jpg", "summary": "A gaiwan"}),
        ({}, {}),
    ],
)
@pytest.mark.parametrize("type", ["Document", "Image", "Audio", "Video"])
def test_alternative_text_is_where_readers_look(type: str, given_as: dict, described: dict) -> None:
    """IQ-704: in ``summary`` and in ``name``; what the author wrote is kept."""
    picture = {"type": type, "url": "https://a.example/1.jpg"}
    assert completed(attachment=[picture | given_as])["attachment"] == [picture | described]


def test_other_attachments_stay_as_they_are() -> None:
    """IQ-704: fields of a profile, links and bare addresses are no pictures."""
    attached = [
        {"type": "PropertyValue", "name": "Site", "value": "x"},
        {"type": "Link", "href": "https://a.example/", "name": "x"},
        "https://a.example/1",
    ]
    assert completed(attachment=attached)["attachment"] == attached


def test_an_article_has_a_preview() -> None:
    """IQ-701, AP-747: a Note with name and summary, or how the text begins, for those who show nothing but notes."""
    article = {
        "type": "Article",
        "name": "Tea & <milk>",
        "content": "<p>First.</p><p>Then.</p>",
        "url": "https://x.example/1",
    }
    assert completed(**article)["preview"] == {
        "type": "Note",
        "url": "https://x.example/1",
        "content": "<p><strong>Tea &amp; &lt;milk&gt;</strong></p><p>First. Then.</p>",
    }
    assert completed(**article, summary="In short")["preview"]["content"].endswith("<p>In short</p>")
    own = {"type": "Note", "content": "mine"}
    assert completed(**article, preview=own)["preview"] == own
    assert "preview" not in completed(type="Note", content="x")
