"""How a thing is shown: the aspects ``presentation``, ``content`` and ``summary`` (Events §7.2, §7.15)."""

from typing import Any, Final

from vocab.dialects.events import markup
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.kinds import anything, free, text, uri
from vocab.dialects.events.aspects.shapes import Shape
from vocab.dialects.events.messages import Role
from vocab.dialects.events.roletypes import MENTIONS

presentation: Final[Shape] = Shape(
    {"label": text, "description": text, "details_url": uri, "thumbnail": uri, "icon": uri},
    shorthand="label",
)

summary: Final[Shape] = Shape(
    {"title": text, "subtitle": text, "content": text, "properties": free},
    shorthand="title",
)

CONTENT: Final = Shape(
    {
        **dict.fromkeys(("title", "subtitle", "byline", "content", "detected_language"), text),
        "sentiment": anything,
    },
    {"subject": "title"},
    required=("title",),
)


def content(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read a text with a title; entities that it names as ``@Type/id`` are mentioned by the message."""
    found = CONTENT(value, host, field)
    if found and host.on == "event" and isinstance(found.get("content"), str):
        for target in markup.read(found["content"]).targets:
            host.takes_part(Role(MENTIONS, target, derived=True))
    return found
