"""Emoji reactions: the emoji that a Like or EmojiReact carries (FEP-c0e0, IQ-717, AP-365)."""

import re
from typing import Final

from vocab.objects import Object

CHARS_MAX: Final = 256
_SHORTCODE = re.compile(r":[\w.+-]+(?:@[\w.:-]+)?:")
_PICTOGRAPHS_FROM: Final = "\u2000"
_ALONE: Final = frozenset("©®")


def of(activity: Object) -> str | None:
    """Return the emoji of a reaction; None for a plain Like, also for one that only comes with a text.

    Pleroma and others send an EmojiReact, Misskey a Like with ``content`` or ``_misskey_reaction``. What
    stands in an EmojiReact is its emoji, whatever it is; in a Like it must be one sign or a short code.
    """
    said = activity.get("content") or activity.get("_misskey_reaction")
    text = said.strip()[:CHARS_MAX] if isinstance(said, str) else ""
    if activity.is_a("EmojiReact"):
        return text
    return text if activity.is_a("Like") and is_one(text) else None


def is_one(text: str) -> bool:
    """Tell whether a text is a short code such as ``:cup:``, or signs without a letter among them."""
    if _SHORTCODE.fullmatch(text):
        return True
    pictured = any(char >= _PICTOGRAPHS_FROM or char in _ALONE for char in text)
    return pictured and not any(char.isalpha() or char.isspace() for char in text)
