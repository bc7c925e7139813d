"""Messages as they are answered to who sent them, with what was noticed (Events §1.4)."""

from collections.abc import Mapping
from typing import Any

from vocab.dialects.events.messages import Comment, Entity, Event, Reading


def echo(raw: Any, reading: Reading[Any]) -> dict[str, Any]:
    """Return a message with ``_valid`` and ``_errors``: as it would be stored if it is valid, else as it was sent."""
    message = reading.message
    body = getattr(message, "body", None)
    told = dict(body) if body else dict(raw) if isinstance(raw, Mapping) else {}
    if isinstance(message, Entity):
        told["_stream_id"] = told["_streamid"] = str(message.ref.stream_id)
    elif isinstance(message, Event | Comment):
        told["_stream_id"] = str(message.id)
    return told | {"_valid": reading.problems.valid, "_errors": reading.problems.spell()}
