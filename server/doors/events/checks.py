"""Checking messages: what is wrong with them is told, and nothing is kept (Events §1.1, §1.4)."""

from server.doors.events import submitted
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import AS, V1, Operations
from streams.events.submitting import BUMP, COMMENT, DATA_POINT, ENTITY, EVENT


async def check_events(call: Call) -> Answer:
    """Tell what is wrong with an event, or several."""
    return await submitted.check(call, EVENT)


async def check_entities(call: Call) -> Answer:
    """Tell what is wrong with what is said of an entity, or of several."""
    return await submitted.check(call, ENTITY)


async def check_comments(call: Call) -> Answer:
    """Tell what is wrong with a comment, or several."""
    return await submitted.check(call, COMMENT)


async def check_bumps(call: Call) -> Answer:
    """Tell what is wrong with votes."""
    return await submitted.check(call, BUMP)


async def check_data_points(call: Call) -> Answer:
    """Tell what is wrong with a data point, or several."""
    return await submitted.check(call, DATA_POINT)


OPERATIONS: Operations = tuple(
    (f"{base}{noun}/validate", {"POST": check})
    for noun, check in (
        ("events", check_events),
        ("entities", check_entities),
        ("comments", check_comments),
        ("bumps", check_bumps),
        ("data-points", check_data_points),
    )
    for base in (AS, V1)
)
"""Both spellings of each address are in use."""
