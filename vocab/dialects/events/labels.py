"""The labels of roles and links: where each has its place, and which are new (Events §4.3, §6.2)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from vocab.dialects.events.linktypes import LINKS
from vocab.dialects.events.places import Places, Space
from vocab.dialects.events.problems import ADJUSTED, INVALID, RESERVED_LABEL, Problems
from vocab.dialects.events.roletypes import ROLES

LABELS_MAX: Final = 16
PATH_CHARS_MAX: Final = 255
_PATH: Final = re.compile(r"[A-Z][A-Z_]*(?::[A-Z][A-Z_]*)*")


class Labels(Mapping[tuple[str, str], str]):
    """The custom labels that a tenant has reserved, and ``new`` ones that the message being read is the first to use.

    It stands in the place of ``Known.labels`` while a message is read, so that all its parts agree. A label that the
    ``message`` uses alone has the place that it gives it anywhere.
    """

    def __init__(self, reserved: Mapping[tuple[str, str], str], message: Any = None) -> None:
        self._reserved = reserved
        self._message = message
        self.new: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, reserved: Mapping[tuple[str, str], str], message: Any = None) -> "Labels":
        """Return labels to read a message with: those in use already if there are."""
        return reserved if isinstance(reserved, cls) else cls(reserved, message)

    def __getitem__(self, key: tuple[str, str]) -> str:
        return self.new.get(key) or self._reserved[key]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from self._reserved
        yield from (key for key in self.new if key not in self._reserved)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def has(self, space: Space, label: str) -> bool:
        """Whether a label is predefined or reserved."""
        places = _PLACES[space]
        return places.has(label) or (space, label) in self.new or (space, label) in self._reserved

    def role(self, text: str, problems: Problems, field: str) -> str | None:
        """Return the path of a role, reserving its label if it is new; None after an error."""
        return self.usual_role(text) or self._read(ROLES, text, problems, field)

    def usual_role(self, text: str) -> str | None:
        """Return the path of a role that is predefined or reserved; None for one that has to be read."""
        path = ROLES.spellings.get(text)
        if path is not None:
            return path
        return text if self._reserved.get(("role", text.rpartition(":")[2])) == text else None

    def link(self, text: str, problems: Problems, field: str) -> str | None:
        """Return the path of a type of links, reserving its label if it is new; None after an error."""
        return LINKS.spellings.get(text) or self._read(LINKS, text, problems, field)

    def _read(self, places: Places, text: str, problems: Problems, field: str) -> str | None:
        if self._reserved.get((places.space, text.rpartition(":")[2])) == text:
            return text
        path = text.strip()
        if path != path.upper():
            path = path.upper()
            problems.warn(ADJUSTED, field, f"written in capitals: {path}"[: PATH_CHARS_MAX * 2])
        if len(path) > PATH_CHARS_MAX or path.count(":") >= LABELS_MAX or not _PATH.fullmatch(path):
            problems.error(INVALID, field, "must be labels of letters A to Z and _, joined by ':'")
            return None
        labels = [places.synonyms.get(label, label) for label in path.split(":")]
        return self._place(places, labels, problems, field)

    def _place(self, places: Places, labels: list[str], problems: Problems, field: str) -> str | None:
        """Return the place that a path means. It may begin below the top: ``CHILD`` alone is ``PARENT:CHILD``."""
        given, leaf = ":".join(labels), labels[-1]
        if given in places.spellings:
            return places.spellings[given]
        key = (places.space, leaf)
        if leaf in places.paths:
            if not places.silent.issuperset(labels[:-1]):
                problems.warn(ADJUSTED, field, f"{leaf} is {places.paths[leaf]}")
            return places.paths[leaf]
        known = self.get(key)
        if known is not None and f":{known}".endswith(f":{given}"):
            return known
        parent: str | None
        if len(labels) == 1 and (ahead := self._ahead(places, leaf)) is not None:
            return self._place(places, ahead, problems, field)
        if len(labels) == 1:
            parent = places.orphans
            problems.warn(ADJUSTED, field, f"{leaf} is not known; taken as {parent}:{leaf}")
        else:
            parent = self._place(places, labels[:-1], problems, field)
        if parent is None:
            return None
        path = f"{parent}:{leaf}"
        known = self.get(key)
        if known is not None and known != path:
            problems.error(RESERVED_LABEL, field, f"{leaf} is reserved for {known}")
            return None
        if known is None:
            self.new[key] = path
        return path

    def _ahead(self, places: Places, leaf: str) -> list[str] | None:
        """Return the labels of the first path in the message that gives a new label its place; None without one."""
        for text in _paths(self._message):
            labels = [places.synonyms.get(label, label) for label in text.upper().split(":")]
            if leaf in labels[1:] and self.has(places.space, labels[0]):
                return labels[: labels.index(leaf) + 1]
        return None


def _paths(message: Any) -> Iterator[str]:
    """Go through what is written as a path of labels anywhere in a message."""
    if isinstance(message, Mapping):
        for name, value in message.items():
            if name.lower() in _NAMED and isinstance(value, str):
                name = value
            if ":" in name and _PATH.fullmatch(name.upper()):
                yield name
            yield from _paths(value)
    elif isinstance(message, list):
        for value in message:
            yield from _paths(value)


_NAMED: Final = frozenset({"role", "type"})
"""Members that say a label by their value."""
_PLACES: Final[Mapping[Space, Places]] = {"role": ROLES, "link": LINKS}
