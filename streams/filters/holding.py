"""Asking a filter of one message."""

import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

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
from storage.patterns import like
from streams.filters.moments import read

_ORDER: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def holds(node: Node, subject: Mapping[str, Any]) -> bool:
    """Tell whether a filter holds for a message."""
    match node:
        case Every(parts):
            return all(holds(part, subject) for part in parts)
        case Some(parts):
            return any(holds(part, subject) for part in parts)
        case Not(part):
            return not holds(part, subject)
        case Given(path):
            return _found(subject, path) is not None
        case OneOf(path, values):
            return any(_equal(value, wanted) for value in _values(subject, path) for wanted in values)
        case Ordered(path, order, bound):
            return any(_ordered(value, order, bound) for value in _values(subject, path))
        case Like(path, text):
            return any(isinstance(value, str) and like(value, text) for value in _values(subject, path))
        case Matches(path, pattern):
            return any(isinstance(value, str) and pattern.matches(value) for value in _values(subject, path))


def _found(subject: Mapping[str, Any], path: Path) -> Any:
    value: Any = subject
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value


def _values(subject: Mapping[str, Any], path: Path) -> Iterator[str | float | bool]:
    """Return what a path leads to: one value, or the items of a list."""
    found = _found(subject, path)
    for value in found if isinstance(found, list | tuple) else (found,):
        if isinstance(value, str | int | float):
            yield value


def _equal(value: str | float | bool, wanted: Operand) -> bool:
    if isinstance(wanted, Instant):
        return isinstance(value, str) and read(value) == wanted.at
    return _kind(value) is _kind(wanted) and value == wanted


def _ordered(value: str | float | bool, order: str, bound: str | float | Instant) -> bool:
    if isinstance(bound, Instant):
        at = read(value) if isinstance(value, str) else None
        return at is not None and _ORDER[order](at, bound.at)
    return _kind(value) is _kind(bound) and _ORDER[order](value, bound)


def _kind(value: str | float | bool) -> type:
    return bool if isinstance(value, bool) else str if isinstance(value, str) else float
