"""What a message is completed with: defaults of its token, key and event type (Events §17.8, §18.2).

A token is named by the member ``token`` or as ``#token#`` in a text. Whoever knows tokens puts what it stands for into
``Known`` before the message is read.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events.aspects import table
from vocab.dialects.events.limits import MESSAGE_BYTES_MAX, TOKEN_CHARS_MAX
from vocab.dialects.events.problems import INVALID, Problems

TOKENS_MAX: Final = 8
"""So many tokens are looked for in one message; the first that is known counts."""
VARIABLES: Final = "variables"
OF_TYPES: Final = ("presentation", "summary", "cei", "dimensions", "metrics")
"""The aspects that settings of an event type may hold."""

_MARKED: Final = re.compile(rf"#([\w-]{{1,{TOKEN_CHARS_MAX}}})#", re.ASCII)
_VARIABLE: Final = re.compile(r"%([\w.-]{1,64})%", re.ASCII)


def tokens_in(raw: Any) -> tuple[str, ...]:
    """Return the tokens that a message may mean: its member ``token``, then those in its texts (Events §18.2)."""
    if not isinstance(raw, Mapping):
        return ()
    found: dict[str, None] = {}
    token = raw.get("token")
    if isinstance(token, str) and 0 < len(token.strip()) <= TOKEN_CHARS_MAX:
        found[token.strip()] = None
    for text in (_subject(raw), raw.get("description"), raw.get("comment")):
        if isinstance(text, str) and "#" in text:
            for mark in _MARKED.finditer(text):
                if len(found) >= TOKENS_MAX:
                    break
                found[mark[1]] = None
    return tuple(found)


def filled(raw: Mapping[str, Any], variables: Any, problems: Problems) -> Mapping[str, Any]:
    """Return a message in which each ``%name%`` of a known variable is its value, in all its texts."""
    values = {
        name: value if isinstance(value, str) else str(value)
        for name, value in (variables.items() if isinstance(variables, dict) else ())
        if isinstance(value, str | int | float)
    }
    if not values:
        return raw
    room = MESSAGE_BYTES_MAX

    def fill(text: str) -> str:
        nonlocal room
        if "%" not in text or room < 0:
            return text
        filled = _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text[:room])
        room -= len(filled)
        return filled

    def inside(value: Any) -> Any:
        if isinstance(value, str):
            return fill(value)
        if isinstance(value, dict):
            return {key: inside(member) for key, member in value.items()}
        return [inside(member) for member in value] if isinstance(value, list) else value

    message: dict[str, Any] = inside(dict(raw))
    if room < 0:
        problems.error(INVALID, "", f"must have at most {MESSAGE_BYTES_MAX} bytes with its variables")
    return message


def merged(found: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Complete a message with defaults by their proper names: the message wins field by field, in aspects too.

    ``involves`` is left alone: lists of roles are joined when they are read.
    """
    kept = {
        name: value
        for name, value in defaults.items()
        if name not in ("involves", VARIABLES) and value is not None
    }
    message = {**kept, **found}
    if isinstance(found.get("aspects"), dict) and isinstance(kept.get("aspects"), dict):
        message["aspects"] = with_aspects(found["aspects"], kept["aspects"])
    for name in ("properties",):
        if isinstance(found.get(name), dict) and isinstance(kept.get(name), dict):
            message[name] = {**kept[name], **found[name]}
    return message


def with_aspects(said: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Complete aspects by aspects, each field by field."""
    completed = dict(said)
    for name, value in defaults.items():
        own = completed.get(name)
        if own is None:
            completed[name] = value
        elif isinstance(fields := table.expanded(name, own), dict) and isinstance(
            more := table.expanded(name, value), dict
        ):
            completed[name] = {
                **more,
                **{key: member for key, member in fields.items() if member is not None},
            }
    return completed


def of_type(types: Mapping[str, Mapping[str, Any]], type: str) -> Mapping[str, Any]:
    """Return the settings of a type, or of its nearest parent that has some (Events §17.8)."""
    while type and types:
        if type in types:
            return types[type]
        type = type.rpartition(".")[0]
    return {}


def _subject(raw: Mapping[str, Any]) -> Any:
    aspects = raw.get("aspects")
    messaging = aspects.get("messaging") if isinstance(aspects, Mapping) else None
    return messaging.get("subject") if isinstance(messaging, Mapping) else messaging
