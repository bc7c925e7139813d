"""The forms in which a message says one role or link (Events §4.1, §6.1).

``{"role": "AFFECTS", "entity_ref": …}``, ``{"role": …, "entity": {…}}``, ``{"AFFECTS": …}``, and a map of those for a
whole list. What is said in capitals besides the role or type is a link of the entity that is named.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vocab.dialects.events.labels import Labels
from vocab.dialects.events.places import Space
from vocab.dialects.events.problems import ADJUSTED, IGNORED, INVALID, MISSING, RENAMED, Problems

ELEMENTS_MAX: Final = 1_000

COMMON: Final = frozenset(
    {
        "role", "type", "entity_ref", "entity", "entity_type", "entity_id", "properties", "weight", "external_id",
        "label", "aspects",
    }
)  # fmt: skip
"""Members of both roles and links; ``label`` and ``aspects`` say more of the entity."""
DATED: Final = {
    "active_from": "active_from",
    "valid_from": "active_from",
    "$from": "active_from",
    "active_until": "active_until",
    "valid_until": "active_until",
    "$to": "active_until",
    "$direction": "$direction",
    "$delete": "$delete",
}
"""Members of links alone, by all their names."""
_NAMES: Final[Mapping[Space, Mapping[str, str]]] = {
    "role": {name: name for name in COMMON},
    "link": {name: name for name in COMMON} | DATED | {"action": "type"},
}
_TARGETS: Final = ("entity_ref", "entity", "entity_type", "entity_id")
_REPEATING: Final = frozenset({"type", *_TARGETS})
_SEEN_MAX: Final = 100


@dataclass(slots=True)
class Said:
    """One element in explicit terms: ``label`` as written, and the raw value of what it points to.

    ``at`` is the path of that value; ``members`` are the others by their proper names, ``links`` what is in capitals.
    """

    label: str
    target: Any
    at: str
    members: dict[str, Any] = field(default_factory=dict)
    links: dict[str, Any] = field(default_factory=dict)

    def each(self) -> Iterator["Said"]:
        """Return an element for each of those that it points to, null aside."""
        if not isinstance(self.target, list):
            yield self
            return
        for index, target in enumerate(self.target):
            if target is not None:
                one = [target] if isinstance(target, list) else target  # a list in a list names nobody
                yield Said(self.label, one, f"{self.at}[{index}]", self.members, self.links)


def elements(value: Any, problems: Problems, where: str, space: Space) -> list[tuple[str, dict[str, Any]]]:
    """Return the elements of a list with their paths; a map is a list of its members, one object a list of it."""
    if isinstance(value, dict):
        if any(key.lower() in _NAMES[space] for key in value):
            problems.warn(ADJUSTED, where, "taken as a list of one")
            return [(where, value)]
        return [(where, {key: member}) for key, member in value.items() if member is not None]
    if not isinstance(value, list) or len(value) > ELEMENTS_MAX:
        problems.error(INVALID, where, f"must be a list of at most {ELEMENTS_MAX}")
        return []
    found: list[tuple[str, dict[str, Any]]] = []
    for index, entry in enumerate(value):
        at = f"{where}[{index}]"
        if isinstance(entry, dict):
            found.append((at, entry))
        elif entry is not None:
            problems.error(INVALID, at, f"must be an object that has a {_word(space)}")
    return found


def said(
    element: Mapping[str, Any], labels: Labels, problems: Problems, where: str, space: Space
) -> Said | None:
    """Read one element; None, after an error, when it does not say which role or type it is."""
    if len(element) == 1:
        ((key, value),) = element.items()
        if key.isupper() and key.lower() not in _NAMES[space]:
            return Said(key, value, f"{where}.{key}".lstrip("."))
    elif len(element) == 2 and "role" in element and "entity_ref" in element:
        label, target = element["role"], element["entity_ref"]
        if isinstance(label, str) and label.isupper():
            return Said(label, target, f"{where}.entity_ref")
    members, capitals, others = _sorted(element, problems, where, space)
    label = members.pop("role", None) if space == "role" else None
    if label is None and (_named(members) or not (capitals or others)):
        label = members.pop("type", None)
    if label is None:
        return _shorthand(members, capitals, others, labels, problems, where, space)
    if not isinstance(label, str) or not label.strip():
        problems.error(INVALID, f"{where}.{_word(space)}", "must be a string")
        return None
    links = capitals | _linked(others, labels, problems, where)
    at = f"{where}.{'entity' if members.get('entity') is not None else 'entity_ref'}"
    return Said(label, _target(members, problems, at), at, members, links)


def _sorted(
    element: Mapping[str, Any], problems: Problems, where: str, space: Space
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Tell the members of an element apart: those with a name of their own, those in capitals, and others."""
    names = _NAMES[space]
    members: dict[str, Any] = {}
    capitals: dict[str, Any] = {}
    others: dict[str, Any] = {}
    for key, value in element.items():
        name = names.get(key) or names.get(key.lower())
        if value is None and name not in _TARGETS and not key.isupper():
            continue
        if name is not None:
            if name.lower() == key.lower() and name != key:
                problems.warn(RENAMED, f"{where}.{key}"[:200], f"taken as {name}")
            if name in members:
                problems.warn(IGNORED, f"{where}.{key}"[:200], f"{name} is given twice")
                continue
            members[name] = value
        elif key.isupper():
            capitals[key] = value
        elif not key.startswith("_"):
            others[key] = value
    return members, capitals, others


def _shorthand(
    members: dict[str, Any],
    capitals: dict[str, Any],
    others: dict[str, Any],
    labels: Labels,
    problems: Problems,
    where: str,
    space: Space,
) -> Said | None:
    """Read ``{"AFFECTS": …}``: its label is the first known key in capitals, else the first, else the only key."""
    key = next(iter(capitals), None)
    if len(capitals) > 1:
        known = (name for name in capitals if labels.has(space, name.partition(":")[0].strip()))
        key = next(known, key)
    if key is None and len(others) == 1:
        ((key, _),) = others.items()
        capitals = others
        others = {}
    if key is None:
        problems.error(MISSING, f"{where}.{_word(space)}", "is required")
        return None
    links = {name: value for name, value in capitals.items() if name != key} if len(capitals) > 1 else {}
    for name in members.keys() & _REPEATING:
        problems.warn(IGNORED, f"{where}.{name}", f"{key} says it")
        del members[name]
    if others:
        links |= _linked(others, labels, problems, where)
    return Said(key, capitals[key], f"{where}.{key}"[:200].lstrip("."), members, links)


def _linked(others: Mapping[str, Any], labels: Labels, problems: Problems, where: str) -> dict[str, Any]:
    """Return the links among members of no name of their own: known types in lower case (Events §4.1)."""
    found: dict[str, Any] = {}
    for count, (key, value) in enumerate(others.items()):
        name = key.upper()
        if labels.has("link", name.partition(":")[0]):
            problems.warn(RENAMED, f"{where}.{key}"[:200], f"taken as {name}")
            found[name] = value
        elif count < _SEEN_MAX:
            problems.warn(IGNORED, f"{where}.{key}"[:200], "is not known")
    return found


def _named(members: Mapping[str, Any]) -> bool:
    return any(name in members for name in _TARGETS)


def _target(members: dict[str, Any], problems: Problems, where: str) -> Any:
    """Return what an explicit element points to, as a reference or an entity message."""
    reference, entity = members.pop("entity_ref", None), members.pop("entity", None)
    type, id = members.pop("entity_type", None), members.pop("entity_id", None)
    if reference is None and type is not None:
        reference = {"entity_type": type, "entity_id": id}
    if entity is None:
        return reference
    if reference is not None and isinstance(entity, dict):
        if entity.get("entity_ref") is None and isinstance(reference, str):
            return {**entity, "entity_ref": reference}
        if entity.get("entity_ref") != reference:
            problems.warn(IGNORED, where, "entity and entity_ref differ; entity is taken")
    return entity


def _word(space: Space) -> str:
    return "role" if space == "role" else "type"
