"""How a thing is shown: the aspects ``presentation``, ``content`` and ``summary`` (Events §7.2, §7.15)."""

from typing import Final

from vocab.dialects.events.aspects.kinds import text, uri
from vocab.dialects.events.aspects.shapes import Shape

presentation: Final = Shape(
    {"label": text, "description": text, "details_url": uri, "thumbnail": uri, "icon": uri},
    shorthand="label",
)
