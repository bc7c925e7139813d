"""What is marked in a text: ``#word`` tags it, ``@Type/id`` mentions somebody (Events §8, §7.15)."""

import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vocab.dialects.events.references import BadReference, Ref, item

MARKS_MAX: Final = 100
"""So many tags, and as many mentions, are looked for in one text."""

TAG_CHARS_MAX: Final = 255
"""A longer word is no tag."""

_TAG: Final = re.compile(r"(?<![\w#&/])#(\w[\w-]*)(?!\w*#)")
_ENTITY: Final = re.compile(r"@([A-Za-z0-9]+(?::[A-Za-z0-9]+)*/\w[\w-]*(?:[.:+@/][\w-]+)*)")
_NAME: Final = re.compile(r"(?<![\w@/.])@((?>\w[\w-]*(?:\.\w[\w-]*)*))(?![/:@]\w)")


@dataclass(frozen=True, slots=True)
class Markup:
    """Tags as they are written, and who and what is mentioned; ``names`` are bare ones. Each is in here once."""

    tags: tuple[str, ...]
    targets: tuple[Ref | UUID, ...]
    names: tuple[str, ...]


def read(text: str) -> Markup:
    """Find what is marked in a text. What looks like a mention and is none stays text."""
    words = _several(_TAG, text) if "#" in text else ()
    tags = tuple(word for word in words if len(word) <= TAG_CHARS_MAX)
    if "@" not in text:
        return Markup(tags, (), ())
    targets: dict[Ref | UUID, Ref | UUID] = {}
    keys: set[str] = set()
    for said in _several(_ENTITY, text):
        try:
            ref = Ref.parse(said)
        except BadReference:
            continue
        if ref.key not in keys:
            keys.add(ref.key)
            targets[ref] = ref
    names: list[str] = []
    for name in _several(_NAME, text):
        named = item(name)
        if named is None:
            names.append(name)
        else:
            targets[named] = named
    return Markup(tags, tuple(targets), tuple(names))


def _several(mark: re.Pattern[str], text: str) -> tuple[str, ...]:
    """Return what a mark marks, each once whatever its case."""
    found: dict[str, str] = {}
    for match in mark.finditer(text):
        if len(found) >= MARKS_MAX:
            break
        said = match[1].rstrip("-")
        found.setdefault(said.lower(), said)
    return tuple(found.values())
