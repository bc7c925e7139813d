"""Partial updates (§6.7): custom fields set and unset by dotted paths."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from vocab.dialects.getstream.activities import DROPPED, OWN, REFUSED, identity
from vocab.dialects.getstream.fields import Fields, each
from vocab.errors import BadFields
from vocab.jsontext import Json

CHANGES_MAX: Final = 100
SET_MAX: Final = 25
UNSET_MAX: Final = 25

_FIXED: Final = OWN | REFUSED | DROPPED
"""What no path may begin with."""

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What to change in one activity; values to set by their paths, and the paths to unset."""

    id: UUID
    set: dict[Path, Any]
    unset: tuple[Path, ...]


def read(body: Json) -> tuple[list[Change], bool]:
    """Read one change, or ``changes``; tell which of both. Raises BadFields."""
    if not isinstance(body, dict) or "changes" not in body:
        return [_change(body)], False
    fields = Fields(body)
    items = fields.items("changes", most=CHANGES_MAX, required=True)
    fields.settle()
    return each(items, _change), True


def _change(body: Json) -> Change:
    fields = Fields(body)
    id = identity(fields)
    setting = fields.data("set")
    if len(setting) > SET_MAX:
        fields.refuse("set", f"must have at most {SET_MAX} members")
    unsetting = fields.items("unset", most=UNSET_MAX)
    if fields.get("set") is None and fields.get("unset") is None:
        fields.refuse("set", "either this or unset is required")
    made = Change(
        id,
        {_path(fields, "set", path): value for path, value in setting.items()},
        tuple(_path(fields, "unset", path) for path in unsetting),
    )
    for path in made.set:
        if any(path[: len(other)] == other[: len(path)] for other in made.unset):
            fields.refuse("set", f"{'.'.join(path)}: cannot be unset at the same time")
    fields.settle()
    return made


def _path(fields: Fields, name: str, path: Any) -> Path:
    """Read a dotted path; refuse one that leads nowhere or to what cannot be changed."""
    parts = tuple(path.split(".")) if isinstance(path, str) else ()
    if not parts or not all(parts):
        fields.refuse(name, f"{str(path)[:100]}: must be a path such as info.score")
    elif parts[0] in _FIXED:
        fields.refuse(name, f"{path[:100]}: cannot be changed")
    return parts


def applied(change: Change, custom: dict[str, Any]) -> dict[str, Any]:
    """Return custom fields with a change; raise BadFields when a path does not lead to where it could be made."""
    problems: dict[str, list[str]] = {}
    changed = custom
    for path, value in change.set.items():
        found = _with(changed, path, value)
        if found is None:
            problems.setdefault("set", []).append(
                f"{'.'.join(path)}: must lead through objects that are there"
            )
        changed = changed if found is None else found
    for path in change.unset:
        found = _without(changed, path)
        if found is None:
            problems.setdefault("unset", []).append(f"{'.'.join(path)}: is not there")
        changed = changed if found is None else found
    if problems:
        raise BadFields(problems)
    return changed


def _with(node: Any, path: Path, value: Any) -> dict[str, Any] | None:
    """Return a copy of an object with the value at the end of a path, None when a parent is missing."""
    name, rest = path[0], path[1:]
    if not isinstance(node, dict):
        return None
    if rest:
        value = _with(node.get(name), rest, value)
    return None if rest and value is None else {**node, name: value}


def _without(node: Any, path: Path) -> dict[str, Any] | None:
    """Return a copy of an object without the end of a path, None when it is not there."""
    name, rest = path[0], path[1:]
    if not isinstance(node, dict) or name not in node:
        return None
    if not rest:
        return {other: value for other, value in node.items() if other != name}
    inner = _without(node[name], rest)
    return None if inner is None else {**node, name: inner}
