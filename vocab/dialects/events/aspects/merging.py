"""How aspects that an entity has take newer ones (Events §7.1)."""

from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.aspects import places, timed
from vocab.dialects.events.aspects.shapes import erases
from vocab.dialects.events.aspects.table import TABLE

LISTS: Final = ("categories", "tags")
"""The lists of a classification."""


def merge(stored: Mapping[str, Any], said: Mapping[str, Any], *, replace: bool = False) -> dict[str, Any]:
    """Return the aspects of an entity after a message said some of them anew.

    What the table of aspects merges keeps the fields that the message does not name, everything else is replaced.
    With ``replace`` the named aspects are replaced whatever they are. An address says where an entity is that has no
    ``geo_location`` (Events §7.16).
    """
    merged = dict(stored)
    for name, value in said.items():
        merged[name] = _merged(name, None if replace else stored.get(name), value)
    if "address" in said and "geo_location" not in merged:
        merged["geo_location"] = places.located(merged["address"])
    return {name: value for name, value in merged.items() if value not in ({}, [], None)}


def _merged(name: str, stored: Any, said: Any) -> Any:
    aspect = TABLE.get(name)
    if aspect is None or aspect.merging == "replace" or not isinstance(said, dict):
        return said
    merged = dict(stored) if isinstance(stored, dict) else {}
    for member, value in said.items():
        if erases(value):
            merged.pop(member, None)
        elif name == "classification" and member in LISTS and isinstance(value, list):
            merged[member] = adjusted(merged.get(member), value)
        elif name == "timed" and isinstance(value, dict):
            before = merged.get(member)
            merged[member] = timed.merged(before if isinstance(before, dict) else {}, value)
        else:
            merged[member] = value
    return {member: value for member, value in merged.items() if value not in ({}, [])}


def adjusted(stored: Any, said: list[str]) -> list[str]:
    """Return a list of labels to which ``+label`` was added and from which ``-label`` was taken (Events §7.3).

    One plain label among them replaces what was there.
    """
    plain = [label for label in said if not label.startswith(("+", "-"))]
    labels = plain or (list(stored) if isinstance(stored, list) else [])
    labels += [label[1:].strip() for label in said if label.startswith("+")]
    gone = {label[1:].strip() for label in said if label.startswith("-")}
    return list(dict.fromkeys(label for label in labels if label and label not in gone))
