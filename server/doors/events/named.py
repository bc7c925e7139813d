"""The item of a stream that a path names (Events §2.1)."""

from uuid import UUID

from server.doors.events.call import Call
from server.errors import ProblemError
from vocab.dialects.events import references


def item(call: Call) -> UUID:
    """Return the id of the item that a path names by ``{stream_id}``. Raises a 404 for what is no id."""
    found = references.item(call.names["stream_id"])
    if found is None:
        raise ProblemError(404)
    return found
