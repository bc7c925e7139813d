"""The words that a filter is made of."""

import math
import re
from typing import Final, NamedTuple

from streams.errors import Malformed

TEXT_CHARS_MAX: Final = 4_096
KEYWORDS: Final = frozenset(("AND", "OR", "NOT", "IN", "IS", "NULL", "LIKE", "MATCHES", "TRUE", "FALSE"))

_WORD: Final = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<number>[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?(?![\w.]))
    |(?P<symbol>[<>!]=|<>|[=<>(),])
    |(?P<name>[^\W\d][\w-]*(?:\.[\w$-]+)*|\$[\w-]+)
    |(?P<text>'(?:[^']|'')*'|"(?:[^"]|"")*")
    """,
    re.VERBOSE,
)


class InvalidFilter(Malformed):
    """A text is no filter. ``position`` counts characters from 0; the reason says line and character, from 1."""

    def __init__(self, reason: str, source: str, position: int) -> None:
        line = source.count("\n", 0, position) + 1
        character = position - (source.rfind("\n", 0, position) + 1) + 1
        super().__init__("filter", f"line {line}, character {character}: {reason}")
        self.position = position


class Word(NamedTuple):
    """One word: a ``keyword`` in capitals, ``name``, ``number``, ``text`` without its quotes, ``symbol`` or ``end``."""

    kind: str
    text: str
    at: int

    def __str__(self) -> str:
        return repr(self.text) if self.kind != "end" else "the end"


def scan(source: str) -> list[Word]:
    """Return the words of a filter, the last of them an ``end``. Raises InvalidFilter at what is none."""
    if len(source) > TEXT_CHARS_MAX:
        raise InvalidFilter(f"a filter has at most {TEXT_CHARS_MAX} characters", source, TEXT_CHARS_MAX)
    words, at = [], 0
    while at < len(source):
        found = _WORD.match(source, at)
        if found is None:
            unclosed = source[at] in "'\""
            raise InvalidFilter(
                "the quote is not closed" if unclosed else f"unexpected {source[at]!r}", source, at
            )
        if found.lastgroup != "space":
            words.append(_word(source, str(found.lastgroup), found[0], at))
        at = found.end()
    return [*words, Word("end", "", at)]


def _word(source: str, kind: str, text: str, at: int) -> Word:
    match kind:
        case "name" if text.upper() in KEYWORDS:
            return Word("keyword", text.upper(), at)
        case "number" if not math.isfinite(float(text)):
            raise InvalidFilter("the number is too large", source, at)
        case "text":
            quote = text[0]
            return Word(kind, _value(source, text[1:-1].replace(quote * 2, quote), at), at)
    return Word(kind, text, at)


def _value(source: str, text: str, at: int) -> str:
    if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
        raise InvalidFilter("the text has a character that no text may have", source, at)
    return text
