"""What users may do in the tenant (Events §17.2)."""

from typing import Any

from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operation, Operations
from server.doors.events.provisioning import known, spelled
from server.doors.events.provisioning.users import dismiss_user, require_other
from server.errors import ProblemError
from storage import privileges
from storage.eventskeys import ROLES
from storage.privileges import Privilege
from streams.events import users
from vocab.dialects.events.provisioning import privileges as spelling


async def list_privileges(call: Call) -> Answer:
    """List the privileges of all users whom the caller may know."""
    page = paging.asked(call, first=0)
    only = await known.usernames(call)
    found = await call.store.read(privileges.listed, call.tenant.id)
    seen = [one for one in found if only is None or one.username in only]
    told = await call.store.read(spelled.with_users, call.tenant.id, paging.part(page, seen))
    return paging.answer(call, page, told, len(seen))


async def get_privilege(call: Call) -> dict[str, Any]:
    """Show the privilege of a user."""
    username = await known.require(call, call.names["username"])
    found = await call.store.peek(privileges.find, call.tenant.id, username)
    if found is None:
        raise ProblemError(404)
    return await _told(call, found)


async def add_privilege(call: Call) -> Answer:
    """Give a user a privilege, in the place of the one they had."""
    return Answer(await _grant(call), 201)


async def change_privilege(call: Call) -> dict[str, Any]:
    """Give a user another privilege."""
    return await _grant(call)


async def _grant(call: Call) -> dict[str, Any]:
    username = call.names["username"].lower()
    said = spelling.posted(await call.json(), roles=ROLES)
    require_other(call, username, said.role)
    found = await call.store.write(users.grant, call.tenant.id, username, said, now=call.now)
    call.house.eventskeys.changed()
    return await _told(call, found)


async def _told(call: Call, held: Privilege) -> dict[str, Any]:
    [told] = await call.store.read(spelled.with_users, call.tenant.id, [held])
    return told


_OF_USER: dict[str, Operation] = {
    "GET": get_privilege,
    "POST": add_privilege,
    "PUT": change_privilege,
    "DELETE": dismiss_user,
}

OPERATIONS: Operations = (
    (f"{PROVISIONING}privileges", {"GET": list_privileges}),
    (f"{PROVISIONING}users/{{username}}/privilege", _OF_USER),
    (f"{PROVISIONING}privileges/{{username}}", _OF_USER),
)
