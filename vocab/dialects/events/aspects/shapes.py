"""Objects of aspects by their members (Events §7.1): a shape is a table that a reader can see whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import Kind
from vocab.dialects.events.problems import IGNORED, INVALID, MISSING, RENAMED

ERASED: Final = "_del"
"""What stands, in an aspect that is merged, for a field that is to go."""
ERASING: Final = frozenset({"", "null", ERASED})


@dataclass(frozen=True, slots=True)
class Shape:
    """The members of an object and their kinds; ``aliases`` are other names of members, in lower case."""

    members: Mapping[str, Kind]
    aliases: Mapping[str, str] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    computed: frozenset[str] = frozenset()
    """Members that are computed here: what a client says of them is passed over in silence."""
    shorthand: str = ""
    """The member that a bare text stands for."""

    def __call__(self, value: Any, host: Host, field: str) -> dict[str, Any] | None:
        """Read an object: known members by their kinds, others as they stand with a warning."""
        if self.shorthand and isinstance(value, str):
            value = {self.shorthand: value}
        if not isinstance(value, dict):
            host.problems.error(INVALID, field, "must be an object")
            return None
        found: dict[str, Any] = {}
        for name, member in named(value, host, field, self.aliases).items():
            read = self._member(name, member, host, f"{field}.{name}")
            if read is not None and read != {} and read != []:
                found[name] = read
        for name in self.required:
            if name not in found and not faulty(host, f"{field}.{name}"):
                host.problems.error(MISSING, f"{field}.{name}", "is required")
        return found

    def _member(self, name: str, value: Any, host: Host, field: str) -> Any:
        if name.startswith("_"):
            if name in self.computed:
                return None
            if not host.known.admin:
                host.problems.warn(IGNORED, field, "is set by the server alone")
                return None
            return value
        if host.merging and erases(value):
            return ERASED
        kind = self.members.get(name)
        if kind is None:
            host.problems.warn(IGNORED, field, "is not known here; kept as it is")
            return value
        return None if value is None else kind(value, host, field)


def erases(value: Any) -> bool:
    """Whether a value takes a stored field away (Events §7.1)."""
    return isinstance(value, str) and value.strip() in ERASING


def named(
    value: Mapping[str, Any], host: Host, field: str, aliases: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Return the members that are given by their names in lower case; where two have one name, the plain one wins."""
    found: dict[str, Any] = {}
    plain: set[str] = set()
    for key, member in value.items():
        if member is None:
            continue
        name = key.strip().lower()
        alias = (aliases or {}).get(name)
        if alias is None and name != key:
            host.problems.warn(RENAMED, f"{field}.{key}", f"taken as {name}")
        name = alias or name
        if name in found:
            host.problems.warn(IGNORED, f"{field}.{key}", f"{name} is given twice")
            if key != name or name in plain:
                continue
        if key == name:
            plain.add(name)
        found[name] = member
    return found


def faulty(host: Host, field: str) -> bool:
    """Whether a field is the culprit of an error already."""
    return any(problem.field == field and problem.severity == "error" for problem in host.problems)
