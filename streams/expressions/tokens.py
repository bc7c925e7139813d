"""The words an expression is made of."""

import math
import re
from typing import Final, NamedTuple

from streams.errors import Malformed

TEXT_CHARS_MAX: Final = 4_096

_TOKEN = re.compile(
    r"""
    (?P<space>\s+)
    |(?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
    |(?P<symbol>not\s+in\b|&&|\|\||[=!<>]=|[-+*/^<>!?:(),|\[\]])
    |(?P<name>[^\W\d]\w*(?:\.\w+)*)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Token(NamedTuple):
    """One word: ``number``, ``symbol``, ``name``, ``text`` (without its quotes) or ``end``, and where it begins."""

    kind: str
    text: str
    at: int


def check(field: str, source: str) -> None:
    """Refuse a text that is longer than a setting may be."""
    if len(source) > TEXT_CHARS_MAX:
        raise Malformed(field, f"is longer than {TEXT_CHARS_MAX} characters", TEXT_CHARS_MAX)


def scan(field: str, source: str, start: int = 0, closing: str = "") -> list[Token]:
    """Return the words of a text, the last of them an ``end``; raise Malformed at what is none.

    ``closing`` is what ends an expression inside another text, with or without a ``-`` before it.
    """
    tokens = []
    at = start
    while at < len(source):
        if closing and source.startswith((closing, "-" + closing), at):
            break
        found = _TOKEN.match(source, at)
        if found is None:
            raise Malformed(field, f"unexpected {source[at]!r}", at)
        if found.lastgroup != "space":
            tokens.append(_token(field, found))
        at = found.end()
    else:
        if closing:
            raise Malformed(field, f"{closing!r} is missing", at)
    return [*tokens, Token("end", "", at)]


def _token(field: str, found: re.Match[str]) -> Token:
    kind, text, at = str(found.lastgroup), found[0], found.start()
    if kind == "text":
        return Token(kind, _ESCAPED.sub(r"\1", text[1:-1]), at)
    if kind == "symbol":
        return Token(kind, " ".join(text.split()), at)
    if kind == "number" and not math.isfinite(float(text)):
        raise Malformed(field, "the number is too large", at)
    return Token(kind, text, at)
