"""Things told in a few words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import of, telling


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({"type": "Article", "name": "On fog", "summary": "x", "content": "y"}, "On fog"),
        ({"type": "Note", "summary": "<p>spiders</p>", "content": "y"}, "spiders"),
        ({"type": "Note", "content": "<p>One &amp;<br>two</p><p>three</p>"}, "One & two three"),
        ({"type": "Note"}, "Note by Ada"),
        ({}, "Post by Ada"),
        ({"type": "Like", "object": "https://a.example/1"}, "Ada liked something"),
        ({"type": "Listen", "object": {"type": "Audio", "name": "Rain"}}, "Ada listened to Rain"),
        ({"type": "View", "object": {"type": "Article"}}, "Ada viewed an article"),
        ({"type": ["Brew", "Activity"]}, "Ada did “Brew”"),
        ({"type": "Arrive"}, "Ada arrived"),
        ({"type": ["Brew", "Activity"], "object": {"type": "Note", "name": "Tea"}}, "Ada did “Brew”: Tea"),
    ],
)
def test_name_summary_content_sentence(document, title):
    """AP-025: in this order."""
    assert telling.title(of(document), "Ada") == title


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_title_is_one_short_line(text):
    """AP-025."""
    title = telling.title(of({"type": "Note", "name": text, "content": text}), "Ada")
    assert 0 < len(title) <= telling.TITLE_CHARS_MAX
    assert "\n" not in title
