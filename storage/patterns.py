r"""Patterns of clients: regular expressions that are never tried twice at a place, however they are written.

What would need that is refused: back references, looking ahead and behind. What is left means the same in Python, in
SQLite (which asks ``matches`` here) and in PostgreSQL (which is told ``Pattern.posix``), and takes a time that is
proportional to the length of the text.

Understood are characters, ``.`` (any one), classes like ``[a-z_]`` and ``[^/]``, ``\d \w \s`` and their
opposites (of ASCII), ``|``, groups, and ``* + ? {2} {2,} {2,5}``. A pattern describes a text
from its beginning to its end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

from storage.errors import StorageError

CHARS_MAX: Final = 500
"""So long a pattern may be."""
DEPTH_MAX: Final = 32
STATES_MAX: Final = 1_000
"""So many places a pattern may have, with what is to be repeated written out."""
TIMES_MAX: Final = 255
TEXT_CHARS_MAX: Final = 4_096
"""No pattern describes a longer text."""
STEPS_KEPT: Final = 4_096

_LAST: Final = 0x10FFFF
_CLASSES: Final = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": ((9, 13), (32, 32)),
}
_CONTROLS: Final = {"t": "\t", "n": "\n", "r": "\r", "f": "\f", "v": "\v"}
_TIMES: Final[Mapping[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_SPECIAL: Final = frozenset("\\|()[]{}*+?^$")

Ranges: TypeAlias = tuple[tuple[int, int], ...]


class BadPattern(StorageError):
    """A pattern is none that we understand. ``position`` counts characters from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (character {position + 1} of the pattern)")
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class _Chars:
    """One character out of some ranges of code points."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class _Chain:
    """One part after the other."""

    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    """Any one of the parts."""

    parts: tuple["_Part", ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    """A part so many times; ``most`` None is without end."""

    part: "_Part"
    least: int
    most: int | None


_Part: TypeAlias = _Chars | _Chain | _Choice | _Repeat


class Pattern:
    """A pattern that was understood. Equal when written alike."""

    def __init__(self, source: str) -> None:
        """Read a pattern. Raises BadPattern."""
        if len(source) > CHARS_MAX:
            raise BadPattern(f"is longer than {CHARS_MAX} characters", CHARS_MAX)
        self.source = source
        part = _Parser(source).whole()
        self.posix = f"^(?:{_spelled(part)})$"
        """The same as PostgreSQL writes it."""
        self._machine = _Machine(part)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern describes the whole of a text."""
        return len(text) <= TEXT_CHARS_MAX and self._machine.accepts(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"


@lru_cache(64)
def pattern(source: str) -> Pattern:
    """Return the pattern that is written so; the last ones are remembered. Raises BadPattern."""
    return Pattern(source)


def matches(text: object, source: str) -> bool:
    """Tell whether a value is a text that a pattern describes: what SQLite calls."""
    return isinstance(text, str) and pattern(source).matches(text)


class _Parser:
    """Reads a pattern by descending into its groups."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._depth = 0

    def whole(self) -> _Part:
        """Read all of it; anchors at its ends say what is the case anyway."""
        self._accepts("^")
        part = self._choice()
        if self._at < len(self._source):
            raise BadPattern(f"unexpected {self._source[self._at]!r}", self._at)
        return part

    def _choice(self) -> _Part:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise BadPattern(f"is nested deeper than {DEPTH_MAX} levels", self._at)
        parts = [self._chain()]
        while self._accepts("|"):
            parts.append(self._chain())
        self._depth -= 1
        return parts[0] if len(parts) == 1 else _Choice(tuple(parts))

    def _chain(self) -> _Part:
        parts: list[_Part] = []
        while (char := self._peek()) and char not in "|)":
            if char == "$" and self._at == len(self._source) - 1:
                self._at += 1
                break
            parts.append(self._repeated(self._one()))
        return parts[0] if len(parts) == 1 else _Chain(tuple(parts))

    def _one(self) -> _Part:
        at, char = self._at, self._take()
        match char:
            case "(":
                if self._accepts("?") and not self._accepts(":"):
                    raise BadPattern("looking around, names and flags are not supported", at)
                part = self._choice()
                self._expect(")")
                return part
            case "[":
                return _Chars(self._class())
            case ".":
                return _Chars(((0, _LAST),))
            case "\\":
                return _Chars(self._escaped(at))
            case "]" | "}":
                return _Chars(((ord(char), ord(char)),))
            case _ if char in _SPECIAL:
                raise BadPattern(f"{char!r} cannot stand here", at)
        return _Chars(((ord(char), ord(char)),))

    def _repeated(self, part: _Part) -> _Part:
        at, mark = self._at, self._peek()
        if mark not in _TIMES and mark != "{":
            return part
        self._at += 1
        least, most = self._times(at) if mark == "{" else _TIMES[mark]
        self._accepts("?")  # to take as little as possible makes no difference to the whole
        return _Repeat(part, least, most)

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
        while self._peek() in frozenset("0123456789"):
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
        found = _opposite(ranges) if negated else _merged(ranges)
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
        return ((ord(char), ord(char)),)

    def _escaped(self, at: int) -> Ranges:
        char = self._take()
        if char.lower() in _CLASSES:
            found = _CLASSES[char.lower()]
            return found if char.islower() else _opposite(found)
        if char.isalnum() and char not in _CONTROLS:
            raise BadPattern(f"'\\{char}' is not supported", at)
        code = ord(_CONTROLS.get(char, char))
        return ((code, code),)

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


class _Machine:
    """A pattern as places to go on from. It is in all that are possible at once, so no character is read twice."""

    def __init__(self, part: _Part) -> None:
        self._chars: list[Ranges | None] = []
        self._ways: list[list[int]] = []
        start = self._place()
        end = self._after(start, part)
        self._end = end
        self._start = self._reached({start})
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}

    def accepts(self, text: str) -> bool:
        """Tell whether the end is reached with the last character."""
        places = self._start
        for char in text:
            step = (places, char)
            following = self._steps.get(step)
            if following is None:
                following = self._step(places, ord(char))
                if len(self._steps) >= STEPS_KEPT:
                    self._steps = {}
                self._steps[step] = following
            if not following:
                return False
            places = following
        return self._end in places

    def _step(self, places: frozenset[int], code: int) -> frozenset[int]:
        return self._reached({place + 1 for place in places if _has(self._chars[place], code)})

    def _reached(self, places: set[int]) -> frozenset[int]:
        waiting = list(places)
        while waiting:
            for way in self._ways[waiting.pop()]:
                if way not in places:
                    places.add(way)
                    waiting.append(way)
        return frozenset(places)

    def _place(self) -> int:
        if len(self._ways) >= STATES_MAX:
            raise BadPattern("is too large when its repetitions are written out", 0)
        self._ways.append([])
        self._chars.append(None)
        return len(self._ways) - 1

    def _after(self, start: int, part: _Part) -> int:
        """Lay the places of a part after one, and return where it ends."""
        match part:
            case _Chars(ranges):
                here = self._place()
                self._ways[start].append(here)
                self._chars[here] = ranges
                return self._place()  # the one that follows, reached by reading
            case _Chain(parts):
                for one in parts:
                    start = self._after(start, one)
                return start
            case _Choice(parts):
                ends = [self._after(start, one) for one in parts]
                return self._joined(ends)
            case _Repeat(one, least, most):
                for _ in range(least):
                    start = self._after(start, one)
                return self._loop(start, one) if most is None else self._up_to(start, one, most - least)

    def _loop(self, start: int, part: _Part) -> int:
        here = self._joined([start])
        self._ways[self._after(here, part)].append(here)
        return self._joined([here])

    def _up_to(self, start: int, part: _Part, times: int) -> int:
        ends = [start]
        for _ in range(times):
            ends.append(self._after(ends[-1], part))
        return self._joined(ends)

    def _joined(self, ends: list[int]) -> int:
        here = self._place()
        for end in ends:
            self._ways[end].append(here)
        return here


def _has(ranges: Ranges | None, code: int) -> bool:
    return ranges is not None and any(low <= code <= high for low, high in ranges)


def _merged(ranges: list[tuple[int, int]]) -> Ranges:
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _opposite(ranges: Ranges | list[tuple[int, int]]) -> Ranges:
    found, begin = [], 0
    for low, high in _merged(list(ranges)):
        if low > begin:
            found.append((begin, low - 1))
        begin = high + 1
    if begin <= _LAST:
        found.append((begin, _LAST))
    return tuple(found)


def _spelled(part: _Part) -> str:
    """Write a part as PostgreSQL reads it."""
    match part:
        case _Chars(((0, end),)) if end == _LAST:
            return "."
        case _Chars(ranges):
            return _spelled_class(ranges)
        case _Chain(parts):
            return "".join(map(_spelled, parts))
        case _Choice(parts):
            return f"(?:{'|'.join(map(_spelled, parts))})"
        case _Repeat(one, least, most):
            return f"(?:{_spelled(one)}){{{least},{'' if most is None else most}}}"


def _spelled_class(ranges: Ranges) -> str:
    """Write ranges of characters; one that reaches the last character as what it leaves out."""
    if ranges and ranges[-1][1] == _LAST:
        return f"[^{_members(_opposite(ranges))}]"
    return f"[{_members(ranges)}]"


def _members(ranges: Ranges) -> str:
    spelled = []
    for low, high in ranges:
        first = max(low, 1)  # no text has a character 0
        ends = [_escaped(first)] if first == high else [_escaped(first), _escaped(high)]
        spelled.append("-".join(ends))
    return "".join(spelled)


def _escaped(code: int) -> str:
    char = chr(code)
    return (
        f"\\{char}" if char.isascii() and not char.isalnum() and char.isprintable() and char != " " else char
    )


@lru_cache(64)
def _like(text: str) -> _Machine:
    every = _Chars(((0, _LAST),))
    wild: dict[str, _Part] = {"%": _Repeat(every, 0, None), "_": every}
    return _Machine(_Chain(tuple(wild.get(char) or _Chars(((ord(char), ord(char)),)) for char in text)))


def like(value: str, text: str) -> bool:
    """Tell whether a value is like a text in which ``%`` stands for any characters and ``_`` for one."""
    return _like(text).accepts(value)
