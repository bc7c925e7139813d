"""What pages on the web say of themselves (Feeds §7.4)."""

from typing import Any, Final

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from server.errors import ProblemError
from server.opengraph import NoPreview
from vocab.errors import BadFields

NOTHING: Final = "couldn't find og data for the provided url"
"""What the dialect says of an address, whatever the reason, and without naming a field."""


async def read(call: Call) -> dict[str, Any]:
    """Tell what the page at ``url`` says of itself."""
    call.require(policy.READ_OPEN_GRAPH)
    address = call.query.text("url")
    if not address:
        raise BadFields({"url": ["this field is required"]})
    call.pace("read elsewhere")
    try:
        return await call.house.previews.find(address)
    except NoPreview as error:
        raise ProblemError(400, NOTHING) from error


OPERATIONS: Operations = ((f"{API}og/", {"GET": read}),)
