"""What a follow or a channel's monitor asks for (Events §11): which items, and how it is listed."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from vocab.errors import BadFields

LIST_MAX: Final = 50
TEXT_CHARS_MAX: Final = 255
DEGREES_MAX: Final = 3
INDEX_MAX: Final = 1_000_000
FILTER_TERMS_MAX: Final = 50
FILTER_CHARS_MAX: Final = 2_000
ROLE: Final = re.compile(r"[A-Z_]+(:[A-Z_]+)*", re.ASCII)

SHOWN: Final = frozenset({"starred", "list_index"})
"""What says how a follow is listed, and nothing of what it matches."""


class Attributes(NamedTuple):
    """What a follow asks for; what is empty or None leaves nothing out.

    ``event_types`` are types or their beginnings. With ``degrees`` entities count too that so many links of the types
    ``relations``, or with none of any type, lead to. ``filter`` is an expression (Events §1.6), ``fields`` what members
    of an item must be: path → allowed values.
    """

    min_importance: int = 0
    event_types: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    degrees: int = 0
    tags: tuple[str, ...] = ()
    filter: str = ""
    fields: tuple[tuple[str, tuple[Any, ...]], ...] = ()

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> "Attributes":
        """Return what stored attributes ask for."""
        said = stored.get("filter")
        return cls(
            stored.get("min_importance", 0),
            tuple(stored.get("event_types", ())),
            tuple(stored.get("roles", ())),
            tuple(stored.get("relations", ())),
            stored.get("degrees", 1 if "relations" in stored else 0),
            tuple(stored.get("tags", ())),
            said if isinstance(said, str) else "",
            tuple(_terms(said)) if isinstance(said, Mapping) else (),
        )

    def allows_type(self, type: str) -> bool:
        """Tell whether an event type is one of those wanted, or lies below one."""
        return not self.event_types or any(
            type == wanted or type.startswith(f"{wanted}.") for wanted in self.event_types
        )

    def allows_roles(self, paths: Iterable[str]) -> bool:
        """Tell whether one of some roles is wanted, or descends from one that is (Events §4.3)."""
        if not self.roles:
            return True
        wanted = {role.rpartition(":")[2] for role in self.roles}
        return any(not wanted.isdisjoint(path.split(":")) for path in paths)


def _terms(said: Mapping[str, Any], below: str = "") -> Iterable[tuple[str, tuple[Any, ...]]]:
    for name, value in said.items():
        if isinstance(value, Mapping):
            yield from _terms(value, f"{below}{name}.")
        else:
            yield f"{below}{name}", tuple(value) if isinstance(value, list) else (value,)


def read(raw: Any, before: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Read attributes as a client says them, over those there were ``before``; null takes one away.

    Returns them as they are stored and answered. Members that are none are ignored. Raises BadFields.
    """
    if raw is None:
        raw = {}
    if not isinstance(raw, Mapping):
        raise BadFields({"body": ["must be a JSON object"]})
    attributes, problems = dict(before or {}), dict[str, list[str]]()
    for name, reader in _READERS.items():
        if name not in raw:
            continue
        if raw[name] is None:
            attributes.pop(name, None)
            continue
        try:
            attributes[name] = reader(raw[name])
        except ValueError as error:
            problems[name] = [str(error)]
    if problems:
        raise BadFields(problems)
    return attributes


def _whole(value: Any, least: int, most: int) -> int:
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,9}", value, re.ASCII):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"must be a whole number from {least} to {most}")
    return value


def _importance(value: Any) -> int:
    return _whole(value, 0, 5)


def _degrees(value: Any) -> int:
    return _whole(value, 0, DEGREES_MAX)


def _index(value: Any) -> int:
    return _whole(value, -INDEX_MAX, INDEX_MAX)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _texts(value: Any) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or len(values) > LIST_MAX:
        raise ValueError(f"must be a list of at most {LIST_MAX} texts")
    found: dict[str, None] = {}
    for one in values:
        if not isinstance(one, str) or not one.strip() or len(one) > TEXT_CHARS_MAX or "\0" in one:
            raise ValueError(f"must be texts of 1 to {TEXT_CHARS_MAX} characters")
        found[one.strip()] = None
    return list(found)


def _types(value: Any) -> list[str]:
    types = (one.lower().removesuffix("*").removesuffix("%").rstrip(".") for one in _texts(value))
    return list(dict.fromkeys(type for type in types if type))


def _tags(value: Any) -> list[str]:
    return list(dict.fromkeys(one.lower().removeprefix("#") for one in _texts(value)))


def _roles(value: Any) -> list[str]:
    roles = list(dict.fromkeys(one.upper() for one in _texts(value)))
    if not all(ROLE.fullmatch(role) for role in roles):
        raise ValueError("must be names of roles or relations, such as AFFECTS or ACTOR:OPERATOR")
    return roles


def _filter(value: Any) -> Any:
    if isinstance(value, str):
        if len(value) > FILTER_CHARS_MAX:
            raise ValueError(f"must have at most {FILTER_CHARS_MAX} characters")
        return value
    if not isinstance(value, Mapping):
        raise ValueError("must be an object of members and their values, or an expression")
    _check_depth(value)
    terms = list(_terms(value))
    if len(terms) > FILTER_TERMS_MAX or any(len(allowed) > FILTER_TERMS_MAX for _, allowed in terms):
        raise ValueError(f"must have at most {FILTER_TERMS_MAX} members and values for each")
    scalars = (value for _, allowed in terms for value in allowed)
    if not all(value is None or isinstance(value, str | int | float) for value in scalars):
        raise ValueError("must compare members with texts, numbers, true, false or null")
    return dict(value)


def _check_depth(value: Mapping[str, Any], depth: int = 8) -> None:
    if not depth:
        raise ValueError("must not be nested deeper than 8 objects")
    for one in value.values():
        if isinstance(one, Mapping):
            _check_depth(one, depth - 1)


_READERS: Final = {
    "min_importance": _importance,
    "event_types": _types,
    "roles": _roles,
    "relations": _roles,
    "degrees": _degrees,
    "tags": _tags,
    "filter": _filter,
    "starred": _flag,
    "list_index": _index,
}
