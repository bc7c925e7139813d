"""What a filter says, as an immutable tree that is both asked of a message and told to the database (Events §1.6).

Every test is either true or false: of what a message does not have, nothing is true. Where a member is a list, a test
holds when it holds for any of its items.
"""

from dataclasses import dataclass
from typing import TypeAlias

from storage.patterns import Pattern

Path: TypeAlias = tuple[str, ...]
"""The names of members from the outermost inwards: ``("properties", "shift")``."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment in microseconds since 1970 UTC, which members that hold moments are compared with."""

    at: int


Operand: TypeAlias = str | float | bool | Instant


@dataclass(frozen=True, slots=True)
class OneOf:
    """A member equals one of some values, in kind as well: 7 is not '7'."""

    path: Path
    values: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Ordered:
    """A member stands before or after a value: numbers by size, moments by time, texts by their code points."""

    path: Path
    operator: str
    value: str | float | Instant


@dataclass(frozen=True, slots=True)
class Like:
    """A member is a text like ``as.fleet.%``: ``%`` stands for any characters, ``_`` for one."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class Matches:
    """A member is a text that a pattern describes from its beginning to its end."""

    path: Path
    pattern: Pattern


@dataclass(frozen=True, slots=True)
class Given:
    """A member is there, and is not null."""

    path: Path


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite is the case."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Some:
    """Any of the parts holds."""

    parts: tuple["Node", ...]


Node: TypeAlias = OneOf | Ordered | Like | Matches | Given | Not | Every | Some
