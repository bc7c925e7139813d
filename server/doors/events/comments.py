"""Comments: what is said about entities and items (Events §8)."""

from server.doors.events import events, listing, submitted
from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from streams.events.submitting import COMMENT
from streams.events.wanted import Comments, Said, Tagged
from vocab.dialects.events import references
from vocab.errors import BadFields


async def add_comments(call: Call) -> Answered:
    """Keep a comment, or several as an array, which is kept whole or not at all."""
    return await submitted.create(call, COMMENT)


async def get_comment(call: Call) -> Answered:
    """Show a comment."""
    return await events.show(call)


async def get_on_item(call: Call) -> Answered:
    """List the comments on an item, the newest first."""
    id = references.item(call.names["stream_id"])
    if id is None:
        raise BadFields({"stream_id": ["must be the id of an item"]})
    return await listing.items(call, Comments(id, _said(call)))


async def get_on_entity(call: Call) -> Answered:
    """List the comments on an entity; with `?type=` those that it made (COMMENTS), or that mention it (MENTIONS)."""
    return await listing.items(call, Comments(call.ref, _said(call)))


async def get_tagged(call: Call) -> Answered:
    """List the comments with a tag."""
    return await listing.items(call, Tagged(call.names["tag"]))


def _said(call: Call) -> Said:
    """Return how comments are to be related to what the path names (Events §8)."""
    label = call.query.text("type").upper().rpartition(":")[2] or Said.ON.value
    try:
        return Said(label)
    except ValueError:
        raise BadFields({"type": [f"must be one of {', '.join(one.value for one in Said)}"]}) from None


OPERATIONS: Operations = (
    (f"{AS}comments", {"POST": add_comments}),
    (f"{AS}comment/{{stream_id}}", {"GET": get_comment}),
    (f"{AS}comments/{{stream_id}}", {"GET": get_on_item}),
    (f"{AS}comments/{{type}}/{{id}}", {"GET": get_on_entity}),
    (f"{AS}comments/tags/{{tag}}", {"GET": get_tagged}),
)
