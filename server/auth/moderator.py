"""Moderators: members marked as such, with a token that says so too; both are asked for each time (SEC-075)."""

from starlette.requests import Request

from server.auth import bearer
from server.auth.bearer import Grant
from server.errors import ProblemError
from server.house import house
from storage import members


async def moderator(request: Request, scope: str) -> Grant:
    """Return the grant of a moderator's token; a 401 without one, a 403 for anyone else's or another scope."""
    grant = await bearer.require(request, scope)
    member = await house(request).store.read(members.find, grant.actor.id)
    if member is None or not member.admin:
        raise ProblemError(403, "is for moderators of this server", type="principal-not-authorized")
    return grant
