"""Whose records a caller may know: their own, leaders those of whom they lead, administrators all (Events §17)."""

from typing import Final

from server.doors.events.call import Call
from server.errors import ProblemError
from storage.eventskeys import MANAGEMENT, TEAM_LEADER
from streams.events import parties
from streams.events.users import USER_TYPE

OF_USERS: Final = f"{USER_TYPE.lower()}/"


async def usernames(call: Call) -> frozenset[str] | None:
    """Return the users whose records the caller may know; None for all."""
    caller = call.caller
    if caller.sees_all:
        return None
    if caller.user is None or caller.username is None:
        return frozenset()
    own = frozenset({caller.username})
    if caller.role not in (TEAM_LEADER, MANAGEMENT) or caller.scoped:
        return own
    led = await call.store.read(parties.led, call.tenant.id, caller.user.key, caller.role)
    return own.union(key.partition("/")[2] for key in led if key.startswith(OF_USERS))


async def require(call: Call, username: str) -> str:
    """Return a user's name as it is kept. Raises a 404 when the caller may not know of them (Events §1.4)."""
    username = username.lower()
    known = await usernames(call)
    if known is not None and username not in known:
        raise ProblemError(404)
    return username
