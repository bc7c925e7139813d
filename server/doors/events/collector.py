"""The collector: messages that are taken in now and kept soon (Events §1.1)."""

from server.doors.events import submitted
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import COLLECTOR, Operations
from streams.events.submitting import BUMP, COMMENT, DATA_POINT, ENTITY, EVENT


async def queue_events(call: Call) -> Answer:
    """Take in an event, or several, to be kept soon."""
    return await submitted.queue(call, EVENT)


async def queue_entities(call: Call) -> Answer:
    """Take in what is said of an entity, or of several, to be kept soon."""
    return await submitted.queue(call, ENTITY)


async def queue_comments(call: Call) -> Answer:
    """Take in a comment, or several, to be kept soon."""
    return await submitted.queue(call, COMMENT)


async def queue_bumps(call: Call) -> Answer:
    """Take in votes, to be kept soon."""
    return await submitted.queue(call, BUMP)


async def queue_data_points(call: Call) -> Answer:
    """Take in a data point, or several, to be kept soon."""
    return await submitted.queue(call, DATA_POINT)


OPERATIONS: Operations = (
    (f"{COLLECTOR}events", {"POST": queue_events}),
    (f"{COLLECTOR}entities", {"POST": queue_entities}),
    (f"{COLLECTOR}comments", {"POST": queue_comments}),
    (f"{COLLECTOR}bumps", {"POST": queue_bumps}),
    (f"{COLLECTOR}data-points", {"POST": queue_data_points}),
)
