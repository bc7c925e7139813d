"""One array of a JSON document that is too large to hold, item by item.

The text is only found its way through here. What an item says is for ``jsontext`` to read, as strictly as
any document, so that one bad item does not spoil those after it.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from vocab import jsontext
from vocab.errors import JsonError
from vocab.jsontext import Json

CHUNK_CHARS: Final = 64 * 1_024
ITEM_CHARS_MAX: Final = 4 * 1_024 * 1_024
"""The longest item, and the longest member beside the array, that is held at a time."""

_NO_SPACE = re.compile(r"[^ \t\r\n]|\Z")


def items(read: Callable[[int], str], name: str) -> Iterator[str]:
    """Yield the text of each item of one array of the outermost object; none when it has no such member.

    ``read`` returns so many more characters, and the empty text at the end. Raises JsonError.
    """
    return (part.text for part in _parts(read, name) if part.within)


def around(read: Callable[[int], str], name: str) -> dict[str, Json]:
    """Return the members of the outermost object that stand beside one array, by their names. Raises JsonError."""
    return {part.key: jsontext.loads(part.text) for part in _parts(read, name) if not part.within}


class _Part(NamedTuple):
    """A member of the outermost object, or one item ``within`` its array."""

    key: str
    text: str
    within: bool


def _parts(read: Callable[[int], str], name: str) -> Iterator[_Part]:
    text = _Text(read)
    text.take("{")
    while text.peek() != "}":
        key = str(jsontext.loads(text.value()))
        text.take(":")
        if key == name and text.peek() == "[":
            yield from (_Part(key, item, True) for item in _members(text))
        else:
            yield _Part(key, text.value(), False)
        if text.peek() == ",":
            text.take(",")
    text.take("}")
    text.end()


def _members(text: "_Text") -> Iterator[str]:
    text.take("[")
    while text.peek() != "]":
        yield text.value()
        if text.peek() == ",":
            text.take(",")
    text.take("]")


class _Text:
    """As much of the text as is needed to read the next value."""

    def __init__(self, read: Callable[[int], str]) -> None:
        self._read = read
        self._held = ""
        self._at = 0
        self._ended = False
        self._decoder = json.JSONDecoder(strict=False)

    def peek(self) -> str:
        """Return the next character that is no space; raise JsonError at the end of the text."""
        found = self._next()
        if not found:
            raise JsonError("the text breaks off")
        return found

    def end(self) -> None:
        """Raise JsonError unless nothing follows."""
        if self._next():
            raise JsonError("more than one value")

    def _next(self) -> str:
        while True:
            self._at = _NO_SPACE.search(self._held, self._at).start()  # type: ignore[union-attr] # there is an end
            if self._at < len(self._held):
                return self._held[self._at]
            if not self._more():
                return ""

    def take(self, character: str) -> None:
        """Go past a character that must come next."""
        if self.peek() != character:
            raise JsonError(f"expected {character!r}")
        self._at += 1

    def value(self) -> str:
        """Return the text of the next value and go past it."""
        self.peek()
        while True:
            end = self._end_of_value()
            if end is not None:
                found = self._held[self._at : end]
                self._at = end
                return found
            if len(self._held) - self._at > ITEM_CHARS_MAX:
                raise JsonError("an item is too long")
            if not self._more():
                raise JsonError("the text breaks off, or is no JSON")

    def _end_of_value(self) -> int | None:
        """Return where the value that begins here ends; None when that lies beyond what is held."""
        try:
            _, end = self._decoder.raw_decode(self._held, self._at)
        except json.JSONDecodeError:
            return None
        except RecursionError:
            raise JsonError("nested too deeply") from None
        is_whole = end < len(self._held) or self._ended or self._held[end - 1] in '}]"'
        return end if is_whole else None

    def _more(self) -> bool:
        """Hold more of the text, twice as much when one value needs more and more; False at its end."""
        held = self._held[self._at :]
        try:
            more = self._read(max(CHUNK_CHARS, len(held)))
        except UnicodeDecodeError:
            raise JsonError("not UTF-8") from None
        self._held, self._at = held + more, 0
        self._ended = not more
        return bool(more)
