"""Which emoji a reaction carries."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import Object, emoji


@pytest.mark.parametrize(
    ("activity", "found"),
    [
        ({"type": "EmojiReact", "content": "🍵"}, "🍵"),
        ({"type": "EmojiReact", "content": " :cup: "}, ":cup:"),
        ({"type": "EmojiReact"}, ""),
        ({"type": "Like", "content": "❤️"}, "❤️"),
        ({"type": "Like", "content": "1️⃣"}, "1️⃣"),
        ({"type": "Like", "content": "🇩🇪"}, "🇩🇪"),
        ({"type": "Like", "content": ":cup@there.example:"}, ":cup@there.example:"),
        ({"type": "Like", "_misskey_reaction": "👍"}, "👍"),
        ({"type": "Like"}, None),
        ({"type": "Like", "content": "so true 🍵"}, None),
        ({"type": "Like", "content": "好"}, None),
        ({"type": "Like", "content": "<p>nice</p>"}, None),
        ({"type": "Like", "content": {"en": "🍵"}}, None),
        ({"type": "Dislike", "content": "🍵"}, None),
    ],
)
def test_the_emoji_of_a_reaction(activity: dict[str, Any], found: str | None) -> None:
    """AP-365, IQ-717: a Like with an emoji is an emoji reaction; one with a sentence is a Like."""
    assert emoji.of(Object(activity)) == found


@given(st.text())
def test_any_text_will_do(text: str) -> None:
    """IQ-717: whatever stands there, the answer is a short text or none."""
    for type in ("Like", "EmojiReact"):
        found = emoji.of(Object({"type": type, "content": text}))
        assert found is None or len(found) <= emoji.CHARS_MAX
