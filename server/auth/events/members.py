"""Members at their browsers, who need no key at the Events API (Events §1.2).

A page of ours may call with the cookie of its member; pages of other sites may not (SEC-064).
"""

from starlette.requests import Request

from server.auth import sessions
from server.auth.events.caller import Caller
from server.house import house
from storage import privileges
from storage.eventskeys import ADMINISTRATOR, BASIC, USER
from storage.tenants import DEFAULT


async def member(request: Request) -> Caller | None:
    """Return who is signed in where a page of ours calls: a user of the default tenant. None for anyone else."""
    parts = house(request)
    headers = request.headers
    if headers.get("sec-fetch-site") != "same-origin" or headers.get("host", "").lower() != parts.host:
        return None
    visit = await sessions.visit(request)
    tenant = await parts.eventskeys.tenant(DEFAULT)
    if visit.actor is None or visit.actor.name is None or tenant is None:
        return None
    username = visit.actor.name.lower()
    role = await parts.store.peek(privileges.role_of, tenant.id, username, now=parts.ports.clock())
    return Caller(tenant, BASIC, username, ADMINISTRATOR if visit.admin else role or USER)
