"""From words to a tree (Events §1.6).

::

    expr   = term { OR term }        term  = factor { AND factor }        factor = [NOT] ( test | "(" expr ")" )
    test   = path op value | path [NOT] IN "(" value { "," value } ")" | path [NOT] LIKE text
           | path [NOT] MATCHES text | path IS [NOT] NULL
    op     = "=" | "!=" | "<>" | "<" | "<=" | ">" | ">="
    value  = 'text' | number | true | false

Keywords may be written in small letters. A quote within a text is doubled.
"""

from itertools import pairwise
from typing import Final

from storage.filtering import (
    Every,
    Given,
    Instant,
    Like,
    Matches,
    Node,
    Not,
    OneOf,
    Operand,
    Ordered,
    Path,
    Some,
)
from storage.patterns import BadPattern, pattern
from streams.filters.moments import MOMENTS, read
from streams.filters.words import InvalidFilter, Word, scan
from vocab.dialects.events.aspects.people import SPECIAL

DEPTH_MAX: Final = 16
"""How deep parentheses and NOTs may be nested."""
TESTS_MAX: Final = 100
"""How many values a filter may compare with."""
PATH_NAMES_MAX: Final = 8
_EQUALITY: Final = {"=": False, "!=": True, "<>": True}
_ORDER: Final = frozenset(("<", "<=", ">", ">="))
ADDED: Final = frozenset(("_as2", "_bumps", "_class", "_comments", "_group", "_progress"))
"""Members that are put together when a message is shown."""
UNASKED: Final = frozenset(
    {("messaging", "bcc"), ("messaging", "involves"), *(("demography", name) for name in SPECIAL)}
)
"""Members of aspects that only the sender of a message may know of, or that are not searched (Events §7.14, §7.17)."""


def may_be_asked(path: Path) -> bool:
    """Tell whether a filter may ask for a member: it is part of the message, and for all who may know of that."""
    return path[0] not in ADDED and not (path[0] == "aspects" and not UNASKED.isdisjoint(pairwise(path)))


def parse(source: str) -> Node:
    """Read a filter. Raises InvalidFilter, which says where it fails."""
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._words = scan(source)
        self._index = 0
        self._depth = 0
        self._tests = 0

    def whole(self) -> Node:
        """Read all of it."""
        node = self._either()
        if self._next.kind != "end":
            raise self._wrong(f"expected AND, OR or the end, found {self._next}")
        return node

    @property
    def _next(self) -> Word:
        return self._words[self._index]

    def _either(self) -> Node:
        parts = [self._both()]
        while self._accepts("OR"):
            parts.append(self._both())
        return parts[0] if len(parts) == 1 else Some(tuple(parts))

    def _both(self) -> Node:
        parts = [self._factor()]
        while self._accepts("AND"):
            parts.append(self._factor())
        return parts[0] if len(parts) == 1 else Every(tuple(parts))

    def _factor(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise self._wrong(f"is nested deeper than {DEPTH_MAX} levels")
        if self._accepts("NOT"):
            node: Node = Not(self._factor())
        elif self._accepts("("):
            node = self._either()
            self._expect(")")
        else:
            node = self._test()
        self._depth -= 1
        return node

    def _test(self) -> Node:
        word = self._next
        if word.kind != "name":
            raise self._wrong(f"expected the name of a member, found {word}")
        path = self._path(self._take())
        if self._accepts("IS"):
            absent = not self._accepts("NOT")
            self._expect("NULL")
            return Not(Given(path)) if absent else Given(path)
        negated = self._accepts("NOT")
        node = self._compared(path, self._take(), negated)
        return Every((Given(path), Not(node))) if negated else node

    def _compared(self, path: Path, operator: Word, negated: bool) -> Node:
        match operator.text:
            case "IN" if operator.kind == "keyword":
                return OneOf(path, self._values(path))
            case "LIKE" if operator.kind == "keyword":
                return Like(path, self._text(path))
            case "MATCHES" if operator.kind == "keyword":
                return self._matching(path)
        if operator.kind == "symbol" and not negated:
            if operator.text in _EQUALITY:
                node = OneOf(path, (self._value(path),))
                return Every((Given(path), Not(node))) if _EQUALITY[operator.text] else node
            if operator.text in _ORDER:
                return self._ordered(path, operator.text)
        wanted = "IN, LIKE or MATCHES" if negated else "an operator"
        raise self._wrong(f"expected {wanted}, found {operator}", operator)

    def _ordered(self, path: Path, operator: str) -> Node:
        word, value = self._next, self._value(path)
        if isinstance(value, bool):
            raise self._wrong("true and false have no order", word)
        return Ordered(path, operator, value)

    def _matching(self, path: Path) -> Node:
        word, text = self._next, self._text(path)
        try:
            return Matches(path, pattern(text))
        except BadPattern as error:
            raise InvalidFilter(str(error), self._source, word.at) from None

    def _values(self, path: Path) -> tuple[Operand, ...]:
        self._expect("(")
        values = [self._value(path)]
        while self._accepts(","):
            values.append(self._value(path))
        self._expect(")")
        return tuple(values)

    def _value(self, path: Path) -> Operand:
        self._count()
        word = self._take()
        if path in MOMENTS:
            at = read(word.text) if word.kind == "text" else None
            if at is None:
                raise self._wrong(f"expected a date in quotes, found {word}", word)
            return Instant(at)
        match word.kind:
            case "text":
                return word.text
            case "number":
                return float(word.text)
            case "keyword" if word.text in ("TRUE", "FALSE"):
                return word.text == "TRUE"
        raise self._wrong(f"expected a value, found {word}", word)

    def _text(self, path: Path) -> str:
        self._count()
        word = self._take()
        if path in MOMENTS:
            raise self._wrong("a moment is compared with dates", word)
        if word.kind != "text":
            raise self._wrong(f"expected a text in quotes, found {word}", word)
        return word.text

    def _path(self, word: Word) -> Path:
        path = tuple(word.text.split("."))
        if len(path) > PATH_NAMES_MAX:
            raise self._wrong(f"a path has at most {PATH_NAMES_MAX} names", word)
        if not may_be_asked(path):
            raise self._wrong(f"{word.text} cannot be asked for", word)
        return path

    def _count(self) -> None:
        self._tests += 1
        if self._tests > TESTS_MAX:
            raise self._wrong(f"a filter compares with at most {TESTS_MAX} values")

    def _accepts(self, text: str) -> bool:
        found = self._next.kind in ("keyword", "symbol") and self._next.text == text
        self._index += found
        return found

    def _expect(self, text: str) -> None:
        if not self._accepts(text):
            raise self._wrong(f"expected {text!r}, found {self._next}")

    def _take(self) -> Word:
        word = self._next
        self._index = min(self._index + 1, len(self._words) - 1)
        return word

    def _wrong(self, reason: str, word: Word | None = None) -> InvalidFilter:
        return InvalidFilter(reason, self._source, (word or self._next).at)
