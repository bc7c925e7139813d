"""From an answer to a reading: off the event loop, strictly first, leniently if need be (Atom §10.2)."""

import asyncio

from federation.feeds import Fetched
from server.pulling import dirty
from vocab.dialects import feedreading
from vocab.dialects.feedreading import Malformed, NoFeed, Reading


async def parsed(body: bytes, *, found_at: str, content_type: str) -> Reading:
    """Read a feed off the event loop, leniently if it is no well-formed XML. Raises NoFeed."""
    try:
        return await asyncio.to_thread(feedreading.read, body, found_at=found_at, content_type=content_type)
    except Malformed as error:
        return await dirty.read(body, found_at=found_at, content_type=content_type, reason=error.reason)


def outbox(found: Fetched) -> str:
    """Return where the activities are of an actor whose document was found; empty for anything else."""
    if found.answer.body.lstrip()[:1] != b"{":
        return ""
    try:
        data = feedreading.data(found.answer.body, found.content_type)
    except NoFeed:
        return ""
    return feedreading.outbox(data) if isinstance(data, dict) else ""
