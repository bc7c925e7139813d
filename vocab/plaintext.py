"""Text that would break display: controls and direction overrides (SEC-053)."""

import re
import unicodedata

_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_OVERRIDES = re.compile(r"[\u202a-\u202e\u2066-\u2069]")


_NO_CHARACTERS = re.compile(
    f"[\ufdd0-\ufdef{''.join(chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))}]"
)


def without_controls(text: str) -> str:
    """Return text without control characters other than tab and line ends."""
    return _CONTROLS.sub("", text)


def name(text: str) -> str:
    """Return a name without controls and without what turns the reading direction; spaces stay as they are.

    Nor has it what no text has: code points that are no characters (Unicode §23.7).
    """
    return _NO_CHARACTERS.sub("", _OVERRIDES.sub("", without_controls(text)))


def folded(text: str) -> str:
    """Return the form in which handles and hashtags are compared: NFKC, case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
