"""How the members of Activity Streams 1.0 are called and shaped, beside AS2 (Atom §13).

A member that stands in no table is kept as it is, in both directions. One whose name means something else over there
is kept inside a member of its own: ``hw:as1`` in AS2, ``as2`` in AS1.
"""

from typing import Any, Final

from vocab import instants
from vocab.errors import ParseError
from vocab.objects import Object

NAMES: Final[dict[str, str]] = {
    "attachments": "attachment",
    "author": "attributedTo",
    "displayName": "name",
    "mimeType": "mediaType",
    "tags": "tag",
}
"""Members with another name in AS2. The banner of an actor is its ``image`` there, for its ``icon`` is what is here."""
TEXTS: Final = frozenset({"displayName", "summary", "content", "mimeType"})
INSTANTS: Final = frozenset({"published", "updated", "startTime", "endTime"})
NODES: Final = frozenset(
    {"attachments", "author", "tags", "inReplyTo", "location", "generator", "actor", "object", "target"}
)
MEDIA: Final = frozenset({"image", "icon", "banner"})
COLLECTIONS: Final = frozenset({"replies", "likes"})
AUDIENCE: Final = frozenset({"to", "cc", "bto", "bcc"})
LISTS: Final = frozenset({"attachments", "tags", *AUDIENCE})
"""Members that are arrays even when they hold one value."""
MAPPED: Final = {"id", "url"} | TEXTS | INSTANTS | NODES | MEDIA | COLLECTIONS | AUDIENCE

ASIDE_IN_AS2: Final = "hw:as1"
ASIDE_IN_AS1: Final = "as2"
ONLY_IN_AS2: Final = frozenset(
    {*NAMES.values(), "type", "@context", ASIDE_IN_AS2, "hw:verb", "hw:objectType", "hw:titleHtml"}
)
"""Names that mean something in AS2 and nothing here."""
ONLY_IN_AS1: Final = frozenset({*NAMES, "banner", "objectType", "verb", "title", ASIDE_IN_AS1})
"""Names that mean something here and nothing in AS2."""
DEPTH_MAX: Final = 16
"""Things inside things inside things."""


def within(path: str, name: str | int) -> str:
    """Return the path of a member: ``object.author``, ``items[3]``."""
    if isinstance(name, int):
        return f"{path}[{name}]"
    return f"{path}.{name}" if path else name


def text(value: Any, path: str) -> str:
    """Return a text. Raises ParseError for anything else."""
    if not isinstance(value, str):
        raise ParseError("must be a string", path)
    return value


def instant(value: Any, path: str) -> str:
    """Return a date-time as it was written. Raises ParseError for what is none (RFC 3339)."""
    if instants.parse(text(value, path)) is None:
        raise ParseError("must be a date and time as RFC 3339 has them", path)
    return str(value)


def members(value: Any, path: str) -> dict[str, Any]:
    """Return a JSON object without its nulls. Raises ParseError for anything else."""
    if not isinstance(value, dict):
        raise ParseError("must be an object", path)
    return {name: one for name, one in value.items() if one is not None}


def several(value: Any) -> list[Any]:
    """Return the values of a member, one or many."""
    return [one for one in value if one is not None] if isinstance(value, list) else [value]


def single(values: list[Any]) -> Any:
    """Return the only value of a list, or the list."""
    return values[0] if len(values) == 1 else values


def deeper(depth: int, path: str) -> int:
    """Return the depth of what is inside. Raises ParseError when that is too deep."""
    if depth >= DEPTH_MAX:
        raise ParseError(f"lies more than {DEPTH_MAX} deep", path)
    return depth + 1


def is_deed(node: Object) -> bool:
    """Tell whether an AS2 node is something that was done; a poll that was written is a thing."""
    return node.is_activity and not node.is_a("Question")
