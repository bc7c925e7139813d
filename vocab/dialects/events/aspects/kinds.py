"""Kinds of values that members of aspects take, each a function ``(value, host, field)`` → value (Events §1.3, §7.1).

What cannot be read is told to ``host.problems`` and becomes None, which is as good as not given. Reading what such a
function returned gives the same again.
"""

import math
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from vocab.dialects.events import moments
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.problems import ADJUSTED, INVALID
from vocab.jsontext import Number

Kind: TypeAlias = Callable[[Any, Host, str], Any]

LIST_MAX: Final = 1_000
NUMBER_MAX: Final = 1e18
TRUE: Final = frozenset({"true", "yes", "1"})
FALSE: Final = frozenset({"false", "no", "0"})


def text(value: Any, host: Host, field: str) -> str | None:
    """Read text that is not blank; a number or truth value is taken as its spelling."""
    if isinstance(value, str):
        return value if value.strip() else None
    if isinstance(value, bool | int | float):
        host.problems.warn(ADJUSTED, field, "taken as text")
        return spelled(value)
    host.problems.error(INVALID, field, "must be a string")
    return None


def spelled(value: bool | int | float) -> str:
    """Return a number or truth value as JSON spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.lexeme if isinstance(value, Number) else repr(value)


def lower(value: Any, host: Host, field: str) -> str | None:
    """Read text in lower case."""
    found = text(value, host, field)
    return found and found.lower()


def upper(value: Any, host: Host, field: str) -> str | None:
    """Read text in upper case."""
    found = text(value, host, field)
    return found and found.upper()


def uri(value: Any, host: Host, field: str) -> str | None:
    """Read an address or the name of an image; one that would run as a script is refused."""
    found = text(value, host, field)
    if found is not None and found.strip().lower().startswith(("javascript:", "vbscript:")):
        host.problems.error(INVALID, field, "must not be a script")
        return None
    return found


def number(value: Any, host: Host, field: str) -> int | float | None:
    """Read a finite number; text that spells one is converted."""
    found: int | float | None = None
    if isinstance(value, str):
        if not value.strip():
            return None
        found = _number(value)
        if found is not None:
            host.problems.warn(ADJUSTED, field, "a number was sent as text")
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found = value
    if found is None or not math.isfinite(found) or abs(found) > NUMBER_MAX:
        host.problems.error(INVALID, field, f"must be a number of at most {NUMBER_MAX:g}")
        return None
    return found


def whole(value: Any, host: Host, field: str) -> int | None:
    """Read a whole number."""
    found = number(value, host, field)
    if found is None or isinstance(found, int):
        return found
    if not found.is_integer():
        host.problems.error(INVALID, field, "must be a whole number")
        return None
    return int(found)


def between(low: float, high: float) -> Kind:
    """Return a kind: numbers from ``low`` to ``high``."""

    def read(value: Any, host: Host, field: str) -> int | float | None:
        found = number(value, host, field)
        if found is not None and not low <= found <= high:
            host.problems.error(INVALID, field, f"must be a number from {low:g} to {high:g}")
            return None
        return found

    return read


def clamped(low: int, high: int) -> Kind:
    """Return a kind: numbers from ``low`` to ``high``, where what lies outside is taken as the nearest of them."""

    def read(value: Any, host: Host, field: str) -> int | float | None:
        found = number(value, host, field)
        if found is None or low <= found <= high:
            return found
        host.problems.warn(ADJUSTED, field, f"taken into the range from {low} to {high}")
        return low if found < low else high

    return read


def flag(value: Any, host: Host, field: str) -> bool | None:
    """Read true or false, which may be spelled as text or as 1 and 0."""
    if isinstance(value, bool):
        return value
    word = value.strip().lower() if isinstance(value, str) else ""
    if value in (0, 1):
        word = str(int(value))
    if word in TRUE or word in FALSE:
        host.problems.warn(ADJUSTED, field, "taken as true or false")
        return word in TRUE
    host.problems.error(INVALID, field, "must be true or false")
    return None


def moment(value: Any, host: Host, field: str) -> str | None:
    """Read a date-time, in the message's zone when it has no offset."""
    if isinstance(value, str) and not value.strip():
        return None
    found = moments.read(value, zone=host.zone, problems=host.problems, field=field)
    return None if found is None else found.text


def texts(value: Any, host: Host, field: str) -> list[str] | None:
    """Read a list of different texts; a single one is a list of it."""
    items = listed(value, host, field)
    found = (text(item, host, f"{field}[{index}]") for index, item in items)
    return list(dict.fromkeys(item for item in found if item is not None))


def listed(value: Any, host: Host, field: str) -> list[tuple[int, Any]]:
    """Return the items of a list with their places; a single thing is a list of it, null is nothing (Events §3.3)."""
    items = value if isinstance(value, list) else [value]
    if len(items) > LIST_MAX:
        host.problems.error(INVALID, field, f"must have at most {LIST_MAX} items")
        return []
    return [(index, item) for index, item in enumerate(items) if item is not None]


def free(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Take an object as it stands."""
    if isinstance(value, dict):
        return value
    host.problems.error(INVALID, field, "must be an object")
    return None


def anything(value: Any, host: Host, field: str) -> Any:
    """Take any value as it stands."""
    return value


def _number(word: str) -> int | float | None:
    try:
        if len(word) > 40 or "_" in word:
            return None
        return int(word) if word.strip().lstrip("+-").isdigit() else float(word)
    except ValueError:
        return None
