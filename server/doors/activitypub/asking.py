"""Who asks for what lies in a tenant's name space: a caller of its Events API, or whoever reads anything else here.

A key of the Events API is believed at these addresses as it is there (Events §1.2, §23.2). Who owns the tenant, or runs
the server, sees what it keeps, as they do in the stream (Atom §2).
"""

from typing import Final

from starlette.requests import Request

from federation import Unsigned
from server.auth import onlookers
from server.auth.bearer import carried
from server.auth.events import Caller, Denied, Right, UnknownKey, authenticate, presented
from server.auth.requester import requester
from server.doors.activitypub import answers
from server.doors.activitypub.authorized import is_closed_to
from server.errors import READING_WANTED, ProblemError
from server.house import house
from server.query import Query
from storage.tenants import Tenant
from streams.events.documents import Asking
from streams.events.reader import Reader
from streams.providers.onlooker import ANYBODY

CREDENTIALS: Final = f"{answers.CREDENTIALS}, X-API-Key"
"""Fields of a request that say who asks."""


async def asking(request: Request, tenant: Tenant) -> Asking:
    """Return who asks. A 401 for a key that is not known, and for who proves nothing where that is asked for."""
    caller = await _caller(request)
    if caller is not None and caller.tenant.id == tenant.id:
        return Asking(reader=await house(request).eventskeys.reader(caller))
    onlooker = ANYBODY if caller is not None else await onlookers.at_link(request)
    if onlooker.admin or tenant.id in onlooker.tenants:
        return Asking(onlooker.viewer, Reader(tenant.id, sees_all=True))
    viewer = None if caller is not None else onlooker.viewer or await requester(request)
    if caller is None and is_closed_to(request, viewer):
        raise ProblemError(401, str(Unsigned()), headers=READING_WANTED)
    return Asking(viewer)


def private(asking: Asking) -> dict[str, str]:
    """Return the fields that say for whom an answer is."""
    known = asking.viewer is not None or asking.reader is not None
    cached = {"Cache-Control": answers.PRIVATE} if known else {}
    return {"Vary": f"Accept, {CREDENTIALS}" if known else "Accept", **cached}


async def _caller(request: Request) -> Caller | None:
    """Return who calls with a key; a bearer token that is none is left to others."""
    parts = house(request)
    try:
        key = presented(request.scope["headers"], Query(request.scope["query_string"]).pairs)
        if key is None:
            return None
        caller = await authenticate(parts.eventskeys, key, now=parts.ports.clock())
        if caller.tenant.suspended is not None:
            raise Denied("the tenant is suspended")
        caller.require(Right.READ)
    except UnknownKey as error:
        if carried(request) is not None:
            return None
        raise ProblemError(401, str(error)) from None
    except Denied as error:
        raise ProblemError(403, str(error)) from None
    return caller
