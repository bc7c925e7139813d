"""Reading only for those who say who they are, where the operator wants that: authorised fetch (AP-482, AP-483)."""

from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from federation import Unsigned
from server.auth.requester import requester
from server.doors.activitypub.forbidden import Endpoint
from server.errors import READING_WANTED, ProblemError
from server.house import house
from server.negotiate import wants_html
from storage.entries import Viewer


def authorized(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers 401 to programs that prove nothing if ``federation.authorized_fetch`` is set.

    Pages for people stay as they are. A signature that does not hold is refused by ``requester``, a blocked
    host too.
    """

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        if is_closed_to(request, await requester(request) if _is_asked(request) else None):
            raise ProblemError(401, str(Unsigned()), headers=READING_WANTED)
        return await endpoint(request)

    return answered


def is_closed_to(request: Request, viewer: Viewer | None) -> bool:
    """Tell whether a request to read proves too little to be answered."""
    return viewer is None and _is_asked(request)


def _is_asked(request: Request) -> bool:
    return house(request).config.federation.authorized_fetch and not wants_html(request)
