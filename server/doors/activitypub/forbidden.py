"""Telling that something is there but not for everyone, where the operator wants that told (AP-069)."""

from collections.abc import Awaitable, Callable
from functools import wraps

from starlette.requests import Request
from starlette.responses import Response

from server.auth.bearer import challenge
from server.errors import ProblemError
from server.house import house
from streams.errors import Hidden

Endpoint = Callable[[Request], Awaitable[Response]]


def revealing(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that answers 401 or 403 for what is hidden if ``federation.reveal_forbidden`` is set.

    Otherwise Hidden passes, and means what NotFound means: the two must not be told apart (SEC-033).
    """

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Hidden:
            if house(request).config.federation.reveal_forbidden:
                raise _forbidden(request) from None
            raise

    return answered


def _forbidden(request: Request) -> ProblemError:
    """Return 401 for whoever brings no credentials, 403 for others."""
    if {"authorization", "signature"} & set(request.headers):
        return ProblemError(403, "not for this actor", type="principal-not-authorized")
    return challenge(request, None, "credentials are required")
