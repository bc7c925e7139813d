"""Patterns that were understood."""

from functools import lru_cache
from typing import Final

from storage.patterns import posix, reading
from storage.patterns.machine import Machine
from storage.patterns.parts import BadPattern

CHARS_MAX: Final = 256
"""So long a pattern may be."""
TEXT_CHARS_MAX: Final = 1_024
"""No pattern describes a longer text."""
REMEMBERED: Final = 64


class Pattern:
    """A pattern that was understood. Equal when written alike."""

    def __init__(self, source: str) -> None:
        """Read a pattern. Raises BadPattern."""
        if len(source) > CHARS_MAX:
            raise BadPattern(f"is longer than {CHARS_MAX} characters", CHARS_MAX)
        self.source = source
        part = reading.read(source)
        self.posix = f"^(?:{posix.spelled(part)})$"
        """The same as PostgreSQL writes it."""
        self._machine = Machine(part)

    def matches(self, text: str) -> bool:
        """Tell whether the pattern describes the whole of a text."""
        return len(text) <= TEXT_CHARS_MAX and self._machine.accepts(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Pattern) and other.source == self.source

    def __hash__(self) -> int:
        return hash(self.source)

    def __repr__(self) -> str:
        return f"Pattern({self.source!r})"


@lru_cache(REMEMBERED)
def pattern(source: str) -> Pattern:
    """Return the pattern that is written so; the last ones are remembered. Raises BadPattern."""
    return Pattern(source)


def matches(text: object, source: str) -> bool:
    """Tell whether a value is a text that a pattern describes: what SQLite calls."""
    return isinstance(text, str) and pattern(source).matches(text)
