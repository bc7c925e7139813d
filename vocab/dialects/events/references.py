"""Entity references, ``Vessel:Tug/Kestrel-9``, and the ids that follow from them (Events §2.1, §2.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import md5
from typing import Final
from uuid import UUID

from vocab.errors import VocabError

LABEL: Final = re.compile(r"[A-Za-z0-9]+", re.ASCII)
ID_BYTES_MAX: Final = 1_024
"""Entities are found by their ids, and no index takes much longer texts."""
TYPE_CHARS_MAX: Final = 255


class BadReference(VocabError):
    """A text names neither an entity nor an item of a stream."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"{reason}: {text[:200]!r}")
        self.text = text
        self.reason = reason


@dataclass(frozen=True)
class Ref:
    """An entity: its type from root to leaf, ``Vessel:Tug``, and its id as it was written."""

    type: str
    id: str

    @classmethod
    def parse(cls, text: str) -> "Ref":
        """Read a reference; it is split at the first slash. Raises BadReference."""
        return _parsed(text.strip())

    @property
    def root(self) -> str:
        """The first label of the type; it alone, with the id, says which entity this is."""
        return self.type.partition(":")[0]

    @property
    def leaf(self) -> str:
        """The last label of the type."""
        return self.type.rpartition(":")[2]

    @cached_property
    def key(self) -> str:
        """What is equal for references to one entity, and its footprint (Events §2.2)."""
        return f"{self.root}/{self.id}".lower()

    @cached_property
    def stream_id(self) -> UUID:
        """The entity's id among all stream items."""
        return named(self.key)

    def __str__(self) -> str:
        return f"{self.type}/{self.id}"


@lru_cache(8_192)
def _parsed(text: str) -> Ref:
    type, slash, id = text.partition("/")
    if not slash:
        raise BadReference(text, "a reference is written Type/id")
    labels = type.split(":")
    if len(type) > TYPE_CHARS_MAX or not all(LABEL.fullmatch(label) for label in labels):
        raise BadReference(text, "a type is letters and digits, labels are joined by ':'")
    if not id.strip() or not _fits(id):
        raise BadReference(text, f"an id is 1 to {ID_BYTES_MAX} bytes that are not all blank")
    return Ref(type, id)


def _fits(id: str) -> bool:
    try:
        return len(id.encode()) <= ID_BYTES_MAX and "\0" not in id
    except UnicodeEncodeError:
        return False


def target(text: str) -> Ref | UUID:
    """Read what names an entity, or an item of a stream by its UUID (Events §2.1). Raises BadReference."""
    if "/" not in text and "-" in text:
        found = item(text)
        if found is not None:
            return found
    return Ref.parse(text)


def item(text: str) -> UUID | None:
    """Read the id of an item of a stream; None for any other text."""
    try:
        return UUID(text) if len(text) == 36 else None
    except ValueError:
        return None


def named(footprint: str) -> UUID:
    """Return the id that a footprint gives: a UUID of version 3 without a name space (Events §2.2)."""
    return UUID(bytes=md5(footprint.encode(), usedforsecurity=False).digest(), version=3)


def event_footprint(type: str, occurred: str, origin: str, parts: Iterable[str]) -> str:
    """Return the footprint of an event; ``occurred`` is ``YYYY-MM-DDTHH:MM:SS.sss`` in UTC, parts those of its roles.

    Parts are ``LEAFROLE-LeafType/id``, with ``(external_id)`` after them if there is one; they are sorted here, as
    other languages sort texts: by units of UTF-16.
    """
    said = set(parts)
    alike = all(part.isascii() for part in said)
    return "--".join((type, occurred, origin, *sorted(said, key=None if alike else _units))).lower()


def _units(text: str) -> bytes:
    return text.encode("utf-16-be", "surrogatepass")
