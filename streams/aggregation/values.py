"""The values of a format: texts, numbers, booleans, and what JSON makes of these. Missing is the empty text."""

import operator
from collections.abc import Callable, Mapping
from typing import Any, Final

from vocab import VocabError, jsontext

_NUMBERS: Final = (int, float)


def written(value: Any) -> str:
    """Return the text of a value: booleans as in Python, all else as in JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value)
    try:
        return jsontext.dumps(value).decode()
    except VocabError:
        return ""


def whole(value: Any) -> int:
    """Return the whole number that a value is or spells, or 0."""
    for read in (int, float):
        try:
            return int(read(value))
        except (TypeError, ValueError, OverflowError):
            continue
    return 0


def negative(value: Any) -> Any:
    """Return a number with the other sign; anything else as it is."""
    return -value if isinstance(value, _NUMBERS) else value


def contained(value: Any, container: Any) -> bool:
    """Tell whether a value is in a list, or a text within a text; nothing is not within anything."""
    if isinstance(container, str):
        return isinstance(value, str) and value != "" and value in container
    return isinstance(container, list | tuple | dict) and any(value == each for each in container)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return a comparison that is false for what has no common order."""

    def compared(left: Any, right: Any) -> bool:
        alike = any(isinstance(left, kind) and isinstance(right, kind) for kind in (_NUMBERS, str))
        return alike and compare(left, right)

    return compared


COMPARISONS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
    "in": contained,
    "not in": lambda value, container: not contained(value, container),
}
