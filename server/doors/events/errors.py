"""What each error means at the Events API: a status and a code (Events §1.4).

Below the prefixes of this door nothing else is ever answered, whoever refuses: the front of the house included.
"""

from typing import Final

from starlette.responses import Response

from server import errors
from server.auth.events import Denied, UnknownKey
from server.doors.events.answers import JSON
from streams import filters
from streams.events import reading
from streams.events.reading import Ambiguous
from streams.filters import InvalidFilter
from vocab import dialects, jsontext
from vocab import errors as vocab

DETAIL_CHARS_MAX: Final = 500


class Refusal(Exception):
    """An operation refuses a call, with a status and a code of its own. The text is told."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


CODES: Final = {
    400: "invalid_value",
    401: "unknown_key",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    409: "conflict",
    413: "too_large",
    415: "unsupported_media_type",
    429: "too_many_requests",
    501: "not_built",
    503: "unavailable",
}
"""What a status means that nobody has a finer word for; any other is ``bad_request``, or from 500 on ``internal``."""

MEANINGS: Final[dict[type[Exception], tuple[int, str]]] = {
    UnknownKey: (401, "unknown_key"),
    Denied: (403, "not_allowed"),
    vocab.JsonError: (400, "malformed_json"),
    vocab.TooLarge: (413, "too_large"),
    dialects.events.BadReference: (400, "invalid_reference"),
    filters.InvalidFilter: (400, "invalid_filter"),
    reading.Ambiguous: (409, "ambiguous"),
    vocab.VocabError: (400, "invalid_value"),
    InvalidFilter: (400, "invalid_filter"),
    Ambiguous: (409, "ambiguous"),
}
"""Error class → status and code, where they are not those of ``server.errors``; a parent speaks for its children."""

MESSAGES: Final = {
    404: "there is nothing of that name",
    405: "this cannot be done there; the header field Allow says what can",
    409: "there is one of that name already",
    503: "come again later",
}
"""What is said when there is nothing more to say."""


def refusal(error: Exception, seconds: float = 0.0) -> Response:
    """Answer what went wrong; how long it took is told nowhere."""
    problem = errors.problem(error)
    status, code = _meaning(error, problem.status)
    message = _message(error, problem, status)[:DETAIL_CHARS_MAX]
    body = {"error": {"code": code, "message": message}}
    return Response(jsontext.dumps(body), status, problem.headers, JSON)


def _meaning(error: Exception, status: int) -> tuple[int, str]:
    if isinstance(error, Refusal):
        return error.status, error.code
    for cls in type(error).__mro__:
        if cls in MEANINGS:
            return MEANINGS[cls]
    return status, CODES.get(status, "bad_request" if status < 500 else "internal")


def _message(error: Exception, problem: errors.ProblemError, status: int) -> str:
    if isinstance(error, vocab.BadFields) and isinstance(error.fields, dict):
        return "; ".join(f"{name}: {', '.join(reasons)}" for name, reasons in error.fields.items())
    if problem.status >= 500 > status or isinstance(error, Refusal):
        return str(error)  # only this door knows the error, and says itself what is wrong
    named = problem.detail.startswith(f"{problem.field}: ") or not (problem.field and problem.detail)
    told = problem.detail if named else f"{problem.field}: {problem.detail}"
    return told or MESSAGES.get(status, CODES.get(status, "internal"))
