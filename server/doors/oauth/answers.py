"""How the OAuth door answers programs: JSON that nobody keeps, and errors in the words of RFC 6749 §5.2."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server.errors import ProblemError
from vocab.jsontext import dumps

Endpoint = Callable[[Request], Awaitable[Response]]

NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
KEPT = {"Cache-Control": "public, max-age=600"}
JSON = "application/json"


class OAuthError(Exception):
    """A program's request is refused. ``error`` is one of the codes of RFC 6749 §5.2, RFC 7591 §3.2.2 or RFC 7009."""

    def __init__(
        self, error: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status
        self.headers = dict(headers or {})


def json(document: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] = NOT_KEPT) -> Response:
    """Answer with a JSON object."""
    return Response(dumps(dict(document)), status, headers, JSON)


def answering(endpoint: Endpoint) -> Endpoint:
    """Return an endpoint that tells errors as OAuth does; what is no fault of the request stays a problem document."""

    @wraps(endpoint)
    async def answered(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OAuthError as refusal:
            return _refusal(refusal)
        except ProblemError as problem:
            if problem.status not in (400, 415):
                raise
            description = f"{problem.field}: {problem.detail}" if problem.field else problem.detail
            return _refusal(OAuthError("invalid_request", description))

    return answered


def _refusal(refusal: OAuthError) -> Response:
    document = {"error": refusal.error, "error_description": refusal.description}
    return json(document, refusal.status, {**NOT_KEPT, **refusal.headers})
