"""From a text to the tree of a pattern, by descending into its groups."""

from collections.abc import Mapping
from typing import Final

from storage.patterns.parts import (
    ANY,
    BadPattern,
    Chain,
    Chars,
    Choice,
    Part,
    Ranges,
    Repeat,
    merged,
    only,
    opposite,
)

DEPTH_MAX: Final = 32
TIMES_MAX: Final = 255
_CLASSES: Final[Mapping[str, Ranges]] = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((9, 13), (32, 32)),
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_TIMES: Final[Mapping[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_SPECIAL: Final = frozenset("\\|()[]{}*+?^$")
_DIGITS: Final = frozenset("0123456789")


def read(source: str) -> Part:
    """Read a pattern. Raises BadPattern at what is not understood."""
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._depth = 0

    def whole(self) -> Part:
        """Read all of it; anchors at its ends say what is the case anyway."""
        self._accepts("^")
        part = self._choice()
        if self._at < len(self._source):
            raise BadPattern(f"unexpected {self._source[self._at]!r}", self._at)
        return part

    def _choice(self) -> Part:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise BadPattern(f"is nested deeper than {DEPTH_MAX} levels", self._at)
        parts = [self._chain()]
        while self._accepts("|"):
            parts.append(self._chain())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _chain(self) -> Part:
        parts: list[Part] = []
        while (char := self._peek()) and char not in "|)":
            if char == "$" and self._at == len(self._source) - 1:
                self._at += 1
                break
            parts.append(self._repeated(self._one()))
        return parts[0] if len(parts) == 1 else Chain(tuple(parts))

    def _one(self) -> Part:
        at, char = self._at, self._take()
        match char:
            case "(":
                if self._accepts("?") and not self._accepts(":"):
                    raise BadPattern("looking around, names and flags are not supported", at)
                part = self._choice()
                self._expect(")")
                return part
            case "[":
                return Chars(self._class())
            case ".":
                return Chars(ANY)
            case "\\":
                return Chars(self._escaped(at))
            case "]" | "}":
                return Chars(only(char))
            case _ if char in _SPECIAL:
                raise BadPattern(f"{char!r} cannot stand here", at)
        return Chars(only(char))

    def _repeated(self, part: Part) -> Part:
        at, mark = self._at, self._peek()
        if mark not in _TIMES and mark != "{":
            return part
        self._at += 1
        least, most = self._times(at) if mark == "{" else _TIMES[mark]
        self._accepts("?")  # to take as little as possible makes no difference to the whole
        return Repeat(part, least, most)

    def _times(self, at: int) -> tuple[int, int | None]:
        least = self._number(at)
        most: int | None = least
        if self._accepts(","):
            most = None if self._peek() == "}" else self._number(at)
        self._expect("}")
        if max(least, most or 0) > TIMES_MAX or (most is not None and most < least):
            raise BadPattern(f"must be a range from 0 to {TIMES_MAX}", at)
        return least, most

    def _number(self, at: int) -> int:
        begin = self._at
        while self._peek() in _DIGITS:
            self._at += 1
        digits = self._source[begin : self._at]
        if not 1 <= len(digits) <= 4:
            raise BadPattern("a number of times is missing; a brace is written \\{", at)
        return int(digits)

    def _class(self) -> Ranges:
        begin = self._at - 1
        negated = self._accepts("^")
        ranges: list[tuple[int, int]] = []
        while not (self._accepts("]") and ranges):
            if not self._peek():
                raise BadPattern("']' is missing", begin)
            low = self._member(begin)
            if len(low) > 1 or low[0][0] != low[0][1] or not self._is_range():
                ranges.extend(low)
                continue
            at = self._at
            self._at += 1
            high = self._member(begin)
            if len(high) > 1 or high[0][0] != high[0][1] or high[0][0] < low[0][0]:
                raise BadPattern("is no range of characters", at)
            ranges.append((low[0][0], high[0][0]))
        found = opposite(ranges) if negated else merged(ranges)
        if not found:
            raise BadPattern("describes no character at all", begin)
        return found

    def _is_range(self) -> bool:
        return self._peek() == "-" and self._source[self._at + 1 : self._at + 2] not in ("", "]")

    def _member(self, begin: int) -> Ranges:
        at, char = self._at, self._take()
        if char == "\\":
            return self._escaped(at)
        if char == "]" or (char == "[" and self._peek() in frozenset(".:=")):
            raise BadPattern("a bracket in a class is written with a backslash", at)
        return only(char)

    def _escaped(self, at: int) -> Ranges:
        char = self._take()
        if char.lower() in _CLASSES:
            found = _CLASSES[char.lower()]
            return found if char.islower() else opposite(found)
        if char.isalnum() and char not in _CONTROLS:
            raise BadPattern(f"'\\{char}' is not supported", at)
        return only(_CONTROLS.get(char, char))

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _take(self) -> str:
        char = self._peek()
        if not char:
            raise BadPattern("something is missing", self._at)
        self._at += 1
        return char

    def _accepts(self, char: str) -> bool:
        found = self._peek() == char
        self._at += found
        return found

    def _expect(self, char: str) -> None:
        if not self._accepts(char):
            raise BadPattern(f"{char!r} is missing", self._at)
