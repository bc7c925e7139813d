"""Comments: what is said about entities and items (Events §8)."""

from server.doors.events import events, listing, named, submitted
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, V1, Operations
from streams.errors import NotFound
from streams.events import hiding
from streams.events.submitting import COMMENT
from streams.events.wanted import Comments, Said, Tagged
from vocab.dialects.events import Problems, acl, references
from vocab.errors import BadFields


async def add_comments(call: Call) -> Answered:
    """Keep a comment, or several as an array, which is kept whole or not at all."""
    return await submitted.create(call, COMMENT)


async def get_comment(call: Call) -> Answered:
    """Show a comment."""
    return await events.show(call)


async def rule_comment(call: Call) -> Answered:
    """Say who may know of a comment by its `acl`: for its author, and for those to whom belongs what it is on."""
    problems = Problems()
    said = await call.message()
    rules = acl.read(said.get("acl", []), problems=problems) or ()
    if not problems.valid or set(said) - {"acl"}:
        raise BadFields({"acl": ["must be a list of rules, and nothing else of a comment can be changed"]})
    await call.store.write(
        hiding.rule, call.space, await call.reader(), named.item(call), rules, now=call.now
    )
    try:
        return await events.show(call)
    except NotFound:  # they have hidden it from themselves
        return Answer(status=204)


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
    (f"{V1}comments", {"POST": add_comments}),
    (f"{AS}comment/{{stream_id}}", {"GET": get_comment, "PUT": rule_comment}),
    (f"{AS}comments/{{stream_id}}", {"GET": get_on_item}),
    (f"{AS}comments/{{type}}/{{id}}", {"GET": get_on_entity}),
    (f"{AS}comments/tags/{{tag}}", {"GET": get_tagged}),
)
