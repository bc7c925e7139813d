r"""Patterns of clients: regular expressions that are never tried twice at a place, however they are written.

What would need that is refused: back references, looking ahead and behind. What is left means the same in Python, in
SQLite (which asks ``matches`` here) and in PostgreSQL (which is told ``Pattern.posix``), and takes a time that is
proportional to the length of the text.

Understood are characters, ``.`` (any one), classes like ``[a-z_]`` and ``[^/]``, ``\d \w \s`` and their
opposites (of ASCII), ``|``, groups, and ``* + ? {2} {2,} {2,5}``. A pattern describes a text
from its beginning to its end.
"""

from storage.patterns.likeness import glob, like
from storage.patterns.parts import BadPattern
from storage.patterns.pattern import TEXT_CHARS_MAX, Pattern, matches, pattern

__all__ = ["TEXT_CHARS_MAX", "BadPattern", "Pattern", "glob", "like", "matches", "pattern"]
