"""What a provider handed over, read within bounds (Atom §8.3): it may be too much, too long, or make no sense.

Plain values are copied, so that nothing a plug-in keeps a hold of can change later, and nothing else comes in.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any, Final

from streams.providers.order import position
from vocab.entry import Entry
from vocab.errors import VocabError

ENTRY_CHARS_MAX: Final = 500_000
ENTRY_VALUES_MAX: Final = 5_000
DEPTH_MAX: Final = 40
LARGEST: Final = 1 << 63


class Unreadable(ValueError):
    """An entry is nothing that can be shown: too long, too deep, or no plain data."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken of an answer: entries, newest first, and how many were refused and why the last one was.

    ``floor`` is the place down to which the answer says all, None when there is nothing older than what it has;
    ``ceiling`` is the place up to which one that was asked upward says all.
    """

    entries: list[Entry] = field(default_factory=list)
    refused: int = 0
    reason: str = ""
    floor: tuple[int, int] | None = None
    ceiling: tuple[int, int] | None = None


def take(answer: Any, *, key: str, most: int, ours: bool, sort: bool = True, upward: bool = False) -> Taken:
    """Read the first entries of an answer, ``most`` at most; whatever else there is, is not looked at.

    Those of providers of ours are believed. Without ``sort`` they stay in the order they came in. ``upward`` says that
    the oldest were asked for. Raises TypeError for what has no entries.
    """
    entries, refused, reason = list[Entry](), 0, ""
    for one in islice(_entries(answer), most):
        try:
            entries.append(_own(one, key) if ours and isinstance(one, Entry) else _read(one, key))
        except (VocabError, Unreadable) as error:
            refused, reason = refused + 1, str(error)
    if sort:
        entries.sort(key=position, reverse=True)
    if not entries or len(entries) + refused < most:
        return Taken(entries, refused, reason)
    if upward:
        return Taken(entries, refused, reason, ceiling=position(entries[0]))
    return Taken(entries, refused, reason, floor=position(entries[-1]))


def _entries(answer: Any) -> Iterable[Any]:
    found = answer.get("entries") if isinstance(answer, Mapping) else getattr(answer, "entries", None)
    if not isinstance(found, Iterable) or isinstance(found, str | bytes | Mapping):
        raise TypeError("an answer needs entries")
    return found


def _own(one: Entry, key: str) -> Entry:
    return one if one.provider else replace(one, provider=key)


def _read(one: Any, key: str) -> Entry:
    source = one.source if isinstance(one, Entry) else None
    data = one.as_dict() if isinstance(one, Entry) else one
    if not isinstance(data, Mapping):
        raise Unreadable("is neither an entry nor a dictionary")
    entry = Entry.of(_Copying().copied(data, DEPTH_MAX), provider=key)
    return replace(entry, source=source, application=entry.application or key)


def plain(value: Any) -> Any:
    """Return a copy of plain data that is not too much. Raises Unreadable for anything else."""
    return _Copying().copied(value, DEPTH_MAX)


class _Copying:
    """A copy of plain data within a budget."""

    def __init__(self) -> None:
        self._chars, self._values = ENTRY_CHARS_MAX, ENTRY_VALUES_MAX

    def copied(self, value: Any, depth: int) -> Any:
        self._values -= 1
        if depth == 0 or self._values < 0:
            raise Unreadable("is too deep or has too many values")
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, int) and abs(value) < LARGEST:
            return int(value)
        if isinstance(value, float) and math.isfinite(value):
            return float(value)
        if isinstance(value, Mapping):
            return {self._text(name): self.copied(held, depth - 1) for name, held in value.items()}
        if isinstance(value, list | tuple):
            return [self.copied(held, depth - 1) for held in value]
        raise Unreadable(f"has a {type(value).__name__}, which is no plain data")

    def _text(self, text: Any) -> str:
        if not isinstance(text, str):
            raise Unreadable("has a name that is no text")
        self._chars -= len(text)
        if self._chars < 0:
            raise Unreadable(f"has more than {ENTRY_CHARS_MAX} characters")
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Unreadable("has text that is none") from None
        return str(text).replace("\0", "")
