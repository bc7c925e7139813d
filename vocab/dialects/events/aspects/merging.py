"""How aspects that an entity has take newer ones (Events §7.1)."""

from collections.abc import Mapping
from typing import Any

from vocab.dialects.events.aspects.shapes import erases
from vocab.dialects.events.aspects.table import TABLE


def merge(stored: Mapping[str, Any], said: Mapping[str, Any], *, replace: bool = False) -> dict[str, Any]:
    """Return the aspects of an entity after a message said some of them anew.

    What the table of aspects merges keeps the fields that the message does not name, everything else is replaced.
    With ``replace`` the named aspects are replaced whatever they are.
    """
    merged = dict(stored)
    for name, value in said.items():
        merged[name] = _merged(name, {} if replace else stored.get(name), value)
    return {name: value for name, value in merged.items() if value not in ({}, [], None)}


def _merged(name: str, stored: Any, said: Any) -> Any:
    aspect = TABLE.get(name)
    if aspect is None or aspect.merging == "replace" or not isinstance(said, dict):
        return said
    merged = dict(stored) if isinstance(stored, Mapping) else {}
    for member, value in said.items():
        if erases(value):
            merged.pop(member, None)
        elif name == "classification" and isinstance(value, list):
            merged[member] = adjusted(merged.get(member), value)
        else:
            merged[member] = value
    return {member: value for member, value in merged.items() if value not in ({}, [])}


def adjusted(stored: Any, said: list[Any]) -> list[Any]:
    """Return a list of labels to which ``+label`` was added and from which ``-label`` was taken (Events §7.3).

    One plain label among them replaces what was there.
    """
    plain = [label for label in said if not str(label).startswith(("+", "-"))]
    labels = plain or (list(stored) if isinstance(stored, list) else [])
    labels += [label[1:] for label in said if str(label).startswith("+")]
    gone = {label[1:] for label in said if str(label).startswith("-")}
    return [label for label in dict.fromkeys(labels) if label and label not in gone]
