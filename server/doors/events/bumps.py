"""Bumps: votes on entities and items (Events §10)."""

from server.doors.events import submitted
from server.doors.events.answers import Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from streams.events.submitting import BUMP


async def add_bumps(call: Call) -> Answered:
    """Keep votes, each in the place of the one that its actor gave before."""
    return await submitted.create(call, BUMP)


OPERATIONS: Operations = ((f"{AS}bumps", {"POST": add_bumps}),)
