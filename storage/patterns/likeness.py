"""What ``LIKE`` means: ``%`` stands for any characters, ``_`` for one, and everything else for itself."""

import re
from typing import Final

_GLOB: Final = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}


def like(value: str, text: str) -> bool:
    """Tell whether a value is like a text. No place of the value is tried twice for the same part of the text."""
    first, *others = text.split("%")
    begin = _found(value, first, 0, only_here=True)
    if not others or begin is None:
        return begin == len(value)
    *middle, last = others
    for part in middle:
        begin = _found(value, part, begin)
        if begin is None:
            return False
    end = len(value) - len(last)
    return end >= begin and _found(value, last, end, only_here=True) is not None


def _found(value: str, part: str, begin: int, *, only_here: bool = False) -> int | None:
    """Return where the first place ends, from a beginning on, that a part without ``%`` describes."""
    wanted = re.compile("".join("." if char == "_" else re.escape(char) for char in part), re.DOTALL)
    found = wanted.match(value, begin) if only_here else wanted.search(value, begin)
    return None if found is None else found.end()


def glob(text: str) -> str:
    """Write what something is to be like as SQLite wants it, whose own LIKE takes A for a."""
    return "".join(_GLOB.get(char, char) for char in text)
