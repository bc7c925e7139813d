"""What a pattern is made of, as an immutable tree."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""Characters, as ranges of code points in order."""
LAST: Final = 0x10FFFF
ANY: Final[Ranges] = ((0, LAST),)


class BadPattern(ValueError):
    """A pattern is none that we understand. ``position`` counts characters from 0."""

    def __init__(self, reason: str, position: int) -> None:
        super().__init__(f"{reason} (character {position + 1} of the pattern)")
        self.reason = reason
        self.position = position


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some ranges of code points."""

    ranges: Ranges


@dataclass(frozen=True, slots=True)
class Chain:
    """One part after the other."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Any one of the parts."""

    parts: tuple["Part", ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times; ``most`` None is without end."""

    part: "Part"
    least: int
    most: int | None


Part: TypeAlias = Chars | Chain | Choice | Repeat


def only(char: str) -> Ranges:
    """Return one character as ranges."""
    return ((ord(char), ord(char)),)


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return ranges in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return tuple(found)


def opposite(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return all other characters."""
    found, begin = [], 0
    for low, high in merged(ranges):
        if low > begin:
            found.append((begin, low - 1))
        begin = high + 1
    if begin <= LAST:
        found.append((begin, LAST))
    return tuple(found)
