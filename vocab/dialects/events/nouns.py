"""Which kind of message one is that comes without an address to tell by (Events §22)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from vocab.dialects.events import bumps
from vocab.dialects.events.related import QUIET

EVENT: Final = "event"
BUMP: Final = "bump"
NOUNS: Final = {
    "as.api.entity": "entity",
    QUIET: "entity",
    "as.api.comment": "comment",
    "as.api.bump": BUMP,
    "as.api.datapoint": "data-point",
}
"""Types, which routing keys may say as well."""
MEMBERS: Final = {"comment": "comment", "series": "data-point"}
"""What only messages of a kind have."""
INVOLVES: Final = ("involves", "entities", "relations", "roles")
TYPES: Final = ("type", "action", "event")


def addressed(message: Mapping[str, Any], key: str) -> tuple[str, dict[str, Any]]:
    """Return the kind of a message that came with a routing key, and the message with the type that this implies.

    The key tells, else its type, else what is in it; anything else is an event, whose type the key is if it says none.
    """
    said = {name.lower(): value for name, value in message.items()}
    type = next((said[name] for name in TYPES if said.get(name)), None)
    implied = key.strip().lower()
    if implied in NOUNS:
        return NOUNS[implied], {**message, "type": QUIET} if implied == QUIET else dict(message)
    if isinstance(type, str):
        return NOUNS.get(type.lower(), EVENT), dict(message)
    noun = _by_members(said)
    return noun, {**message, "type": key} if noun == EVENT and type is None and implied else dict(message)


def _by_members(said: Mapping[str, Any]) -> str:
    for name, noun in MEMBERS.items():
        if name in said:
            return noun
    if "entity_ref" in said and not said.get(INVOLVES[0]):
        return "entity"
    involved = next((said[name] for name in INVOLVES if said.get(name)), None)
    return BUMP if any(role in bumps.VALUES for role in _roles(involved)) else EVENT


def _roles(involved: Any) -> Iterator[str]:
    """Go through all that may be labels of roles."""
    for one in involved if isinstance(involved, list) else [involved]:
        if isinstance(one, Mapping):
            for label in (*one, one.get("role"), one.get("type")):
                if isinstance(label, str):
                    yield label.upper()
