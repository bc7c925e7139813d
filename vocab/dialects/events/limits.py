"""How much one message may say. What a client controls is counted before it is read."""

from typing import Any, Final

from vocab import jsontext
from vocab.dialects.events.problems import INVALID, Problems
from vocab.errors import JsonError

MESSAGE_BYTES_MAX: Final = 1_000_000
DEPTH_MAX: Final = 64
"""So deep may the objects and lists of a message lie in each other."""
NESTING_MAX: Final = 16
"""So deep may entities lie in each other (Events §6.1)."""
ROLES_MAX: Final = 1_000
SHARED_MAX: Final = 20_000
"""So many roles may the lines of an event have from it, each line counted for itself (Events §7.7)."""
LINKS_MAX: Final = 1_000
ENTITIES_MAX: Final = 1_000
NAMED_MAX: Final = 10_000
"""So many entities are looked at in the lists of a message, right or wrong."""
TYPE_CHARS_MAX: Final = 255
PARTITION_CHARS_MAX: Final = 255
ARCHETYPE_CHARS_MAX: Final = 255
DESCRIPTION_CHARS_MAX: Final = 10_000
COMMENT_CHARS_MAX: Final = 50_000
EXTERNAL_ID_CHARS_MAX: Final = 512
"""Roles and links are told apart by their external ids in an index, which takes no longer texts."""
TOKEN_CHARS_MAX: Final = 255


def readable(raw: Any, problems: Problems) -> bool:
    """Whether a message is an object of a size and depth that is read at all; if not, the reason is noted."""
    if not isinstance(raw, dict):
        problems.error(INVALID, "", "a message must be a JSON object")
        return False
    try:
        text = jsontext.dumps(raw)
    except (JsonError, RecursionError):
        problems.error(INVALID, "", "is nested too deeply, or has a value that JSON cannot spell")
        return False
    if len(text) > MESSAGE_BYTES_MAX:
        problems.error(INVALID, "", f"must have at most {MESSAGE_BYTES_MAX} bytes")
    elif b"\\u0000" in text and _has_nul(raw):
        problems.error(INVALID, "", "must not contain U+0000")
    elif text.count(b"{") + text.count(b"[") > DEPTH_MAX and _depth(raw) > DEPTH_MAX:
        problems.error(INVALID, "", f"must be nested at most {DEPTH_MAX} deep")
    else:
        return True
    return False


def _depth(value: Any) -> int:
    """Measure level by level, so that the depth of a value costs no stack."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [
            inner
            for container in level
            for inner in (container.values() if isinstance(container, dict) else container)
            if isinstance(inner, dict | list)
        ]
    return depth


def _has_nul(value: Any) -> bool:
    waiting = [value]
    while waiting:
        container = waiting.pop()
        inside = container
        if isinstance(container, dict):
            if any("\0" in key for key in container):
                return True
            inside = container.values()
        for inner in inside:
            if isinstance(inner, str):
                if "\0" in inner:
                    return True
            elif isinstance(inner, dict | list):
                waiting.append(inner)
    return False
