"""A place to try credentials (Feeds §2.4)."""

from server.doors.feeds.answers import Answer
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations


async def try_credentials(call: Call) -> Answer:
    """Answer nothing to whoever is believed."""
    return Answer(status=200)


OPERATIONS: Operations = ((f"{API}test/auth/digest/", {"GET": try_credentials, "POST": try_credentials}),)
