"""What each error means in the dialect: HTTP status, ``code`` and ``exception`` (Feeds §4).

Below the prefixes of this door nothing else is ever answered, whoever refuses: the front of the house included.
"""

from collections.abc import Iterator
from typing import Any, Final

from starlette.responses import Response

from server import errors
from server.auth.feeds.errors import MEANINGS, Meaning
from server.doors.feeds.answers import JSON, duration
from server.errors import ProblemError
from storage import errors as storage
from streams import errors as streams
from streams import feeds
from vocab import errors as vocab
from vocab import jsontext

MORE_INFO: Final = "https://getstream.io/docs/api_error_responses"
"""Where the codes are explained, by those whose dialect this is; programs compare whole answers with it."""
DETAIL_CHARS_MAX: Final = 500

INPUT: Final = Meaning(400, 4, "InputException")
NOT_THERE: Final = Meaning(404, 16, "DoesNotExistException")
TAKEN: Final = Meaning(409, 22, "ConflictException")
TOO_LARGE: Final = Meaning(413, 18, "InputBodySizeExceededException")
TOO_OFTEN: Final = Meaning(429, 9, "RateLimitReached")
INTERNAL: Final = Meaning(500, -1, "InternalException")


class MissingUser(Exception):
    """A server did not say for which user it speaks, and it has to."""


TABLE: Final[dict[type[Exception], Meaning]] = {
    **MEANINGS,
    MissingUser: Meaning(400, 10, "MissingUserException"),
    vocab.VocabError: INPUT,
    vocab.TooLarge: TOO_LARGE,
    streams.Refused: INPUT,
    streams.NotFound: NOT_THERE,
    streams.Gone: NOT_THERE,
    streams.NotAllowed: Meaning(403, 17, "NotAllowedException"),
    streams.NameTaken: TAKEN,
    streams.TooOften: TOO_OFTEN,
    streams.Unrankable: Meaning(400, 11, "RankingException"),
    streams.Unreachable: INPUT,
    streams.Malformed: Meaning(400, 14, "JinjaRuntimeException"),
    feeds.UnknownGroup: Meaning(400, 6, "FeedConfigException"),
    feeds.MissingActivity: Meaning(400, 13, "MissingActivityException"),
    feeds.UnknownRanking: Meaning(400, 12, "MissingRankingException"),
    feeds.Unbundled: Meaning(400, 14, "JinjaRuntimeException"),
    storage.Conflict: TAKEN,
}
"""Error class → meaning; a class that is not named means what its nearest named parent means."""

STATUSES: Final = {
    401: Meaning(401, 3, "SignatureException"),
    403: Meaning(403, 17, "NotAllowedException"),
    404: NOT_THERE,
    405: Meaning(405, 17, "MethodNotAllowedException"),
    409: TAKEN,
    413: TOO_LARGE,
    429: TOO_OFTEN,
}
"""What a status means that was decided elsewhere; others below 500 are told as bad input, those above as ours."""


DETAILS: Final = {
    404: "there is nothing of that name",
    405: "this cannot be done there; the header field Allow says what can",
    409: "there is one of that id already",
    503: "come again later",
}
"""What is said when there is nothing more to say."""


def refusal(error: Exception, seconds: float) -> Response:
    """Answer what went wrong, after so many seconds."""
    problem = errors.problem(error)
    meaning = _meaning(error, problem)
    body: dict[str, Any] = {
        "code": meaning.code,
        "detail": _detail(error, problem, meaning)[:DETAIL_CHARS_MAX],
        "duration": duration(seconds),
        "exception": meaning.exception,
        "more_info": MORE_INFO,
        "status_code": meaning.status,
    }
    fields = _fields(error, problem)
    if fields:
        body["exception_fields"] = fields
    return Response(jsontext.dumps(body), meaning.status, problem.headers, JSON)


def _meaning(error: Exception, problem: ProblemError) -> Meaning:
    for cls in type(error).__mro__:
        if cls in TABLE:
            return TABLE[cls]
    usual = INPUT if problem.status < 500 else INTERNAL
    return STATUSES.get(problem.status, usual)._replace(status=problem.status)


def _detail(error: Exception, problem: ProblemError, meaning: Meaning) -> str:
    """Return what may be told: errors that are only this door's say it themselves."""
    if isinstance(error, vocab.BadFields):
        return error.detail or "; ".join(_complaints(error.fields))
    ours = problem.status >= 500 > meaning.status
    return (str(error) if ours else problem.detail) or DETAILS.get(meaning.status, meaning.exception)


def _complaints(fields: dict[str, list[str]] | list[dict[str, list[str]]]) -> Iterator[str]:
    """Say what is wrong field by field; in a batch, with the place of the item."""
    if isinstance(fields, dict):
        yield from (f"{name}: {', '.join(reasons)}" for name, reasons in fields.items())
        return
    for place, one in enumerate(fields):
        yield from (f"{place}.{complaint}" for complaint in _complaints(one))


def _fields(error: Exception, problem: ProblemError) -> Any:
    """Return what is wrong by field, for bad input alone."""
    if isinstance(error, vocab.BadFields):
        return error.fields
    if isinstance(error, vocab.ParseError | streams.Refused) and error.field:
        return {error.field: [error.reason]}
    return {problem.field: [problem.detail]} if problem.field and isinstance(error, ProblemError) else None
