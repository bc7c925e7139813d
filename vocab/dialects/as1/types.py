"""Types of objects of Activity Streams 1.0, those of vendors among them, and their AS2 types (Atom §3.9, §12.1).

A type is an IRI; its key is the last segment of that. A simple name is a type of the standard.
"""

import re
from typing import Final

from vocab.dialects.as1.verbs import STANDARD, key
from vocab.terms import ACTIVITY_TYPES, ACTOR_TYPES, COLLECTION_TYPES, OBJECT_TYPES

__all__ = ["PERSON", "STANDARD", "TYPES", "VENDOR", "VENDORS", "as2", "iri", "key", "of_as2", "vendor"]

VENDOR: Final = "http://streams.atlassian.com/syndication/types/"
PERSON: Final = STANDARD + "person"
UNTYPED: Final = "Object"

VENDORS: Final = frozenset(
    VENDOR + name
    for name in (
        "issue",
        "jira-project",
        "page",
        "space",
        "personal-space",
        "changeset",
        "repository",
        "review",
        "job",
    )
)
"""The vendors' types."""

TYPES: Final[dict[str, str]] = {
    **{type.lower(): type for type in OBJECT_TYPES | ACTOR_TYPES | COLLECTION_TYPES | {"Question"}},
    **dict.fromkeys(("note", "status", "comment"), "Note"),
    **dict.fromkeys(("article", "blog"), "Article"),
    **dict.fromkeys(("page", "bookmark", "link"), "Page"),
    **dict.fromkeys(("image", "photo"), "Image"),
    "file": "Document",
}
"""The AS2 type of each key; anything else is an Object."""

_MEDIA: Final = {"image": "Image", "audio": "Audio", "video": "Video"}
_KEYS: Final[dict[str, str]] = {"Document": "file"}
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def iri(name: str) -> str:
    """Return the IRI of a type: an IRI is its own, a simple name the standard's, the empty one stays empty."""
    name = name.strip()
    return name if not name or _ABSOLUTE.match(name) else STANDARD + name


def vendor(name: str) -> str:
    """Return the IRI of a vendors' type by its key: ``issue``."""
    return VENDOR + name


def as2(type: str, media_type: str = "") -> str:
    """Return the AS2 type of a type; a file is an Image, Audio or Video by its media type."""
    whole = iri(type)
    if not (whole.startswith(STANDARD) or whole in VENDORS):
        return UNTYPED
    found = TYPES.get(key(whole), UNTYPED)
    return _MEDIA.get(media_type.partition("/")[0].strip().lower(), found) if found == "Document" else found


def of_as2(type: str) -> str:
    """Return the IRI of the type for an AS2 type, the empty text for what says nothing.

    A type outside the vocabulary is its own when it is an IRI. An activity is an ``activity``.
    """
    if type in ("", UNTYPED):
        return ""
    if _ABSOLUTE.match(type):
        return type
    if type in ACTIVITY_TYPES - {"Question"}:
        return STANDARD + "activity"
    return STANDARD + _KEYS.get(type, type.lower())
