"""An aggregation format, from its text to one closure (Feeds API §8.4).

Between the marks stands text as it is; ``{{ }}`` writes a value, ``{% if %}`` chooses, ``{# #}`` says nothing. A ``-``
beside a mark takes away the space on that side. Nothing is repeated, so the work is bounded by the size of the text.
"""

import re
from collections.abc import Callable, Collection
from typing import Final, NamedTuple, TypeAlias

from streams.aggregation.expression import GRAMMAR, compiled
from streams.aggregation.placement import FIELD, Placement
from streams.aggregation.values import written
from streams.errors import Malformed
from streams.expressions import DEPTH_MAX, Budget, Token, check, parse, scan
from vocab import plaintext

DEFAULT: Final = '{{ verb }}_{{ time.strftime("%Y-%m-%d") }}'
"""The format of a feed that names none: by verb and day."""

GROUP_BYTES_MAX: Final = 255

_OPENING = re.compile(r"\{([{%#])-?")
_CLOSING: Final = {"{": "}}", "%": "%}", "#": "#}"}

Render: TypeAlias = Callable[[Placement], str]


class _Part(NamedTuple):
    """A piece of a format: ``text``, the words of a value (``{``) or of a tag (``%``)."""

    kind: str
    text: str
    tokens: list[Token]
    at: int

    @property
    def tag(self) -> str:
        """The word a tag begins with, or nothing."""
        first = self.tokens[0] if self.kind == "%" else None
        return first.text if first and first.kind == "name" else ""


class Format:
    """A format that was understood. Make it once, when it is configured; it holds nothing of any activity."""

    def __init__(self, source: str) -> None:
        """Read a format; raise Malformed with the position of what is wrong."""
        check(FIELD, source)
        self.source = source
        reading = _Reading(_parts(source))
        self._render = reading.block(())
        self.depends_on_feed: Final = reading.mentions("feed")
        """Whether one activity may be of different groups in different feeds."""

    def text(self, placement: Placement) -> str:
        """Return what a format makes of an activity, without control characters or space around it."""
        return plaintext.without_controls(self._render(placement)).strip()

    def group(self, placement: Placement) -> str:
        """Return the group of an activity: the text, cut to its limit."""
        text = self.text(placement)
        raw = text.encode(errors="replace")[:GROUP_BYTES_MAX]
        return raw.decode(errors="ignore").strip()


def _parts(source: str) -> list[_Part]:
    parts: list[_Part] = []
    at, bare = 0, False
    while True:
        opening = _OPENING.search(source, at)
        text = source[at : opening.start() if opening else len(source)]
        text = text.lstrip() if bare else text
        trimmed = opening is not None and opening[0].endswith("-")
        parts.append(_Part("text", text.rstrip() if trimmed else text, [], at))
        if opening is None:
            return parts
        kind, closing = opening[1], _CLOSING[opening[1]]
        if kind == "#":
            tokens, end = [], _after_comment(source, opening)
            bare = source[end - 1 : end] == "-" and end > opening.end()
        else:
            tokens = scan(FIELD, source, opening.end(), closing)
            end = tokens[-1].at
            bare = source[end] == "-"
            end += bare
        parts.append(_Part(kind, "", tokens, opening.start()))
        at = end + len(closing)


def _after_comment(source: str, opening: re.Match[str]) -> int:
    end = source.find(_CLOSING["#"], opening.end())
    if end < 0:
        raise Malformed(FIELD, f"{_CLOSING['#']!r} is missing", opening.start())
    return end


class _Reading:
    """Parts on their way to a closure."""

    def __init__(self, parts: list[_Part]) -> None:
        self._parts = parts
        self._index = 0
        self._depth = 0
        self._budget = Budget()

    def mentions(self, first: str) -> bool:
        """Tell whether a variable begins with a name."""
        tokens = (token for part in self._parts for token in part.tokens if token.kind == "name")
        return any(token.text.split(".")[0] == first for token in tokens)

    def block(self, ends: Collection[str], opened: _Part | None = None) -> Render:
        """Read parts up to a tag in ``ends``, which is left; without any, up to the end of the text."""
        pieces: list[Render] = []
        while self._index < len(self._parts):
            part = self._parts[self._index]
            if part.kind == "%" and part.tag in ends:
                return _concatenated(pieces)
            self._index += 1
            if part.kind == "text":
                pieces.append(_constant(part.text))
            elif part.kind == "{":
                pieces.append(self._value(part))
            elif part.tag == "if":
                pieces.append(self._choice(part))
            elif part.kind == "%":
                raise Malformed(FIELD, "expected if, or an elif, else or endif after it", part.tokens[0].at)
        if opened is not None:
            raise Malformed(FIELD, "'{% endif %}' is missing", opened.at)
        return _concatenated(pieces)

    def _value(self, part: _Part) -> Render:
        evaluate = compiled(parse(FIELD, part.tokens, GRAMMAR, self._budget))
        return lambda placement: written(evaluate(placement))

    def _choice(self, tag: _Part) -> Render:
        """Read what follows an ``if`` or ``elif``, up to and with its ``endif``."""
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise Malformed(FIELD, f"is nested deeper than {DEPTH_MAX} levels", tag.at)
        asked = compiled(parse(FIELD, tag.tokens[1:], GRAMMAR, self._budget))
        yes = self.block(("elif", "else", "endif"), tag)
        no = self._otherwise(tag)
        self._depth -= 1
        return lambda placement: (yes if asked(placement) else no)(placement)

    def _otherwise(self, opened: _Part) -> Render:
        tag = self._parts[self._index]
        self._index += 1
        if tag.tag == "elif":
            return self._choice(tag)
        _expect_nothing(tag)
        if tag.tag == "endif":
            return _constant("")
        no = self.block(("endif",), opened)
        _expect_nothing(self._parts[self._index])
        self._index += 1
        return no


def _expect_nothing(tag: _Part) -> None:
    if tag.tokens[1].kind != "end":
        raise Malformed(FIELD, f"unexpected {tag.tokens[1].text!r}", tag.tokens[1].at)


def _constant(text: str) -> Render:
    return lambda _placement: text


def _concatenated(pieces: list[Render]) -> Render:
    return lambda placement: "".join([piece(placement) for piece in pieces])
