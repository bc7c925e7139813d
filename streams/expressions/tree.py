"""What an expression says, as an immutable tree. ``at`` is where it stands in its text, counted from 0."""

from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that is spelt out."""

    value: float | str | bool | None
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """A variable, ``reaction_counts.like``."""

    path: tuple[str, ...]
    at: int

    @property
    def text(self) -> str:
        """The name as it is written."""
        return ".".join(self.path)


@dataclass(frozen=True, slots=True)
class Unary:
    """An operator before its operand."""

    operator: str
    operand: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Binary:
    """An operator between its operands."""

    operator: str
    left: "Node"
    right: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Choice:
    """``condition ? yes : no``."""

    condition: "Node"
    yes: "Node"
    no: "Node"
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: Name
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Filter:
    """``operand | name(arguments)``."""

    operand: "Node"
    name: str
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Series:
    """``[a, b]``."""

    items: tuple["Node", ...]
    at: int


Node: TypeAlias = Literal | Name | Unary | Binary | Choice | Call | Filter | Series


def find(root: object, path: tuple[str, ...]) -> Any:
    """Return what a path of keys leads to in nested JSON objects, or None."""
    for key in path:
        if not isinstance(root, dict):
            return None
        root = root.get(key)
    return root
