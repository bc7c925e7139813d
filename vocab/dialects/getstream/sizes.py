"""How large and how deep what is kept may be (§12)."""

from typing import Any, Final

from vocab import jsontext
from vocab.errors import BadFields, TooLarge

KEPT_BYTES_MAX: Final = 10_240
"""Of one activity, or of the data of one user, reaction or entry of a collection."""
DEPTH_MAX: Final = jsontext.DEPTH_MAX - 16
"""Members may be nested so deep: what is kept is itself nested in the documents that tell of it."""


def check(members: dict[str, Any]) -> None:
    """Raise TooLarge for members of more than 10 KB as JSON, BadFields for those that are too deep."""
    size_bytes = len(jsontext.dumps(members))
    if size_bytes > KEPT_BYTES_MAX:
        raise TooLarge(size_bytes, KEPT_BYTES_MAX)
    too_deep = [name for name, value in members.items() if _depth(value) > DEPTH_MAX]
    if too_deep:
        raise BadFields({name: ["nested too deeply"] for name in too_deep})


def _depth(value: Any) -> int:
    """Return how deep a value is nested, level by level; 0 for what holds nothing."""
    depth, level = 0, [value]
    while level := [inner for outer in level for inner in _inside(outer)]:
        depth += 1
    return depth


def _inside(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
