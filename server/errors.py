"""What each error means over HTTP: the only place that knows status codes.

Errors carry facts; this table turns their classes into RFC 9457 problem documents. A class that is
not in it is a mistake of ours: 500, logged with its traceback, told to nobody else.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.responses import Response

from federation import errors as federation
from server.media import errors as media
from storage import errors as storage
from streams import errors as streams
from vocab import errors as vocab

MEDIA_TYPE = "application/problem+json"
FEP_C180 = "https://w3id.org/fep/c180#"
DETAIL_CHARS_MAX = 500


class ProblemError(Exception):
    """A door refuses a request. ``type`` is a URI, or the short name of a problem of FEP-c180 (AP-605).

    ``field`` is the member, parameter or header at fault; ``members`` are what a problem document says besides.
    """

    def __init__(
        self,
        status: int,
        detail: str = "",
        *,
        type: str = "about:blank",
        field: str = "",
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.type = type if ":" in type else FEP_C180 + type
        self.field = field
        self.headers = dict(headers or {})
        self.members = dict(members or {})


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an error class means: status, problem type, whether its text may be told, when to come again."""

    status: int
    type: str = "about:blank"
    told: bool = True
    retry_seconds: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


SIGNATURE_WANTED = {
    "WWW-Authenticate": 'Signature headers="(request-target) host date digest"',
    "Accept-Signature": 'sig1=("@method" "@target-uri" "content-digest");created;keyid',
}
"""What a request that did not prove its origin may try next (AP-419)."""
READING_WANTED = {
    "WWW-Authenticate": 'Signature headers="(request-target) host date"',
    "Accept-Signature": 'sig1=("@method" "@target-uri");created;keyid',
    "Vary": "Accept, Authorization, Signature, Signature-Input",
}
"""The same for a request to read, which has no body (AP-482)."""

TABLE: dict[type[Exception], Meaning] = {
    vocab.VocabError: Meaning(400),
    streams.Refused: Meaning(400),
    streams.Conflicting: Meaning(409),
    streams.NotAnActor: Meaning(400, FEP_C180 + "not-an-actor"),
    streams.Redundant: Meaning(400, FEP_C180 + "redundant-activity"),
    streams.NotFound: Meaning(404, told=False),
    streams.Gone: Meaning(410, told=False),
    streams.NotAllowed: Meaning(403, FEP_C180 + "actor-not-authorized"),
    streams.NameTaken: Meaning(409),
    streams.TooOften: Meaning(429, FEP_C180 + "rate-limit-exceeded"),
    streams.Unrankable: Meaning(400),
    streams.Unreachable: Meaning(400, FEP_C180 + "object-does-not-exist"),
    federation.OutboundError: Meaning(502, told=False),
    federation.Disbelieved: Meaning(502, told=False),
    federation.BadHandle: Meaning(400),
    federation.VerificationError: Meaning(401, headers=SIGNATURE_WANTED),
    federation.ActorMismatch: Meaning(401, FEP_C180 + "principal-actor-mismatch", headers=SIGNATURE_WANTED),
    federation.KeyUnavailable: Meaning(503, retry_seconds=60),
    federation.Blocked: Meaning(403),
    media.Unsupported: Meaning(415, FEP_C180 + "unsupported-media-type"),
    media.TooManyPixels: Meaning(413, FEP_C180 + "media-too-large"),
    storage.Conflict: Meaning(409, told=False),
    storage.Busy: Meaning(503, told=False, retry_seconds=1),
    storage.TooLong: Meaning(503, told=False, retry_seconds=1),
    storage.Full: Meaning(503, told=False, retry_seconds=60),
    storage.Broken: Meaning(503, told=False, retry_seconds=10),
    storage.Unreachable: Meaning(503, told=False, retry_seconds=5),
    storage.LeaseLost: Meaning(503, told=False, retry_seconds=1),
    storage.Mismatch: Meaning(503, told=False, retry_seconds=60),
}
"""Error class → meaning; a class that is not named means what its nearest named parent means."""


def problem(error: Exception) -> ProblemError:
    """Return what an error means to the caller; 500 for what the table does not know."""
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, HTTPException):
        standard = HTTPStatus(error.status_code).phrase
        detail = "" if error.detail == standard else error.detail
        return ProblemError(error.status_code, detail, headers=error.headers)
    meaning = next((TABLE[cls] for cls in type(error).__mro__ if cls in TABLE), None)
    if meaning is None:
        return ProblemError(500, "the request id leads to the cause in the server's log")
    return ProblemError(
        meaning.status,
        str(error) if meaning.told else "",
        type=meaning.type,
        field=str(getattr(error, "field", "")),
        headers=_headers(meaning, error),
    )


def _headers(meaning: Meaning, error: Exception) -> dict[str, str]:
    seconds = getattr(error, "retry_seconds", meaning.retry_seconds)
    return {**meaning.headers, **({} if seconds is None else {"Retry-After": str(seconds)})}


def document(error: ProblemError) -> bytes:
    """Write a problem document (RFC 9457 §3)."""
    members = {
        "type": error.type,
        "title": HTTPStatus(error.status).phrase,
        "status": error.status,
        "detail": error.detail[:DETAIL_CHARS_MAX],
        "field": error.field,
        **error.members,
    }
    return json.dumps({name: value for name, value in members.items() if value != ""}).encode()


def response(error: Exception) -> Response:
    """Answer with what an error means."""
    meant = problem(error)
    return Response(document(meant), meant.status, meant.headers, MEDIA_TYPE)
