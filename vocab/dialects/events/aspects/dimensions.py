"""What analyses count by and add up: ``dimensions``, ``metrics`` and ``ts_data`` (Events §7.5, §7.25)."""

from collections.abc import Iterator
from typing import Any, Final

from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.shapes import ERASED, erases
from vocab.dialects.events.problems import IGNORED, INVALID, RENAMED

MEMBERS_MAX: Final = 200
NAME_CHARS_MAX: Final = 255
VALUE_CHARS_MAX: Final = 1_024


def dimensions(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a flat map to texts, or to lists of them; maps within it are flattened, empty values left out."""
    if not isinstance(value, dict):
        host.problems.error(INVALID, field, "must be an object")
        return None
    found: dict[str, Any] = {}
    for name, member in _flat(value, host, field):
        if host.merging and erases(member):
            found.setdefault(name, ERASED)
            continue
        read = _values(member, host, f"{field}.{name}") if isinstance(member, list) else _value(member)
        if read:
            found.setdefault(name, read)
    return _bounded(found, host, field)


def metrics(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a flat map to numbers."""
    if not isinstance(value, dict):
        host.problems.error(INVALID, field, "must be an object")
        return None
    found: dict[str, Any] = {}
    for key, member in value.items():
        name = _name(key, host, field)
        if member is None or not name:
            continue
        if host.merging and erases(member):
            found.setdefault(name, ERASED)
            continue
        read = kinds.number(member, host, f"{field}.{name}")
        if read is not None:
            found.setdefault(name, read)
    return _bounded(found, host, field)


def _flat(value: dict[str, Any], host: Host, field: str) -> Iterator[tuple[str, Any]]:
    """Yield the members of a map and of the maps in it, the names of those joined by ``_``."""
    waiting: list[tuple[str, Any]] = [(key, member) for key, member in reversed(value.items())]
    while waiting:
        key, member = waiting.pop()
        name = _name(key, host, field)
        if isinstance(member, dict):
            waiting += [(f"{name}_{inner}", within) for inner, within in reversed(member.items())]
        elif name and member is not None:
            yield name, member


def _name(key: str, host: Host, field: str) -> str:
    name = key.strip().lower().replace(".", "_")[:NAME_CHARS_MAX]
    if name != key:
        host.problems.warn(RENAMED, f"{field}.{key}", f"taken as {name}")
    return name


def _value(value: Any) -> str:
    found = value.strip() if isinstance(value, str) else kinds.spelled(value)
    return found[:VALUE_CHARS_MAX]


def _values(items: list[Any], host: Host, field: str) -> list[str]:
    found: dict[str, None] = {}
    for item in items[: kinds.LIST_MAX]:
        if isinstance(item, dict | list):
            host.problems.warn(IGNORED, field, "lists within lists of dimensions are left out")
        elif item is not None and _value(item):
            found[_value(item)] = None
    return list(found)


def _bounded(found: dict[str, Any], host: Host, field: str) -> dict[str, Any] | None:
    if len(found) > MEMBERS_MAX:
        host.problems.error(INVALID, field, f"must have at most {MEMBERS_MAX} members")
        return None
    return found
