"""Answers of the door: a JSON object with how long it took spliced in (Feeds §1.2)."""

from dataclasses import dataclass, field
from typing import Any, Final

from starlette.responses import Response

from vocab import jsontext

JSON: Final = "application/json"
CREATED: Final = frozenset(("POST", "PUT"))
"""Methods whose success is 201; some SDKs take nothing else (Feeds §3)."""
OURS: Final = frozenset(("duration", "exception"))
"""Members at the top of an answer that SDKs read: how long it took, and that it is a refusal (Feeds §1.2)."""

Header = tuple[bytes, bytes]
_HEAD: Final[list[Header]] = [(b"content-type", JSON.encode()), (b"cache-control", b"private, no-store")]


@dataclass(frozen=True, slots=True)
class Answer:
    """More than a body: header fields, or a status that is not the usual one."""

    body: dict[str, Any] | bytes = b"{}"
    headers: list[Header] = field(default_factory=list)
    status: int = 0


Answered = dict[str, Any] | bytes | Answer | Response
"""What an operation may return.

Bytes are JSON text already: of an object, without ``duration``. A Response is sent as it is, for what is no JSON.
"""


class _Json(Response):
    """A response whose head is not worked out anew each time."""

    def __init__(self, status: int, body: bytes, headers: list[Header]) -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = [*_HEAD, *headers, (b"content-length", b"%d" % len(body))]


def duration(seconds: float) -> str:
    """Spell how long something took."""
    return f"{seconds * 1000:.2f}ms"


def _text(body: dict[str, Any]) -> bytes:
    """Write a body, without the members that are the door's own: a custom field may have such a name."""
    if not OURS.isdisjoint(body):
        body = {name: value for name, value in body.items() if name not in OURS}
    return jsontext.dumps(body)


def response(answered: Answered, method: str, seconds: float) -> Response:
    """Answer a request that was made with a method and took so many seconds."""
    if isinstance(answered, Response):
        return answered
    answer = answered if isinstance(answered, Answer) else Answer(answered)
    body = answer.body if isinstance(answer.body, bytes) else _text(answer.body)
    took = b'"duration":"%.2fms"}' % (seconds * 1000)
    spliced = b"{" + took if body == b"{}" else body[:-1] + b"," + took
    return _Json(answer.status or (201 if method in CREATED else 200), spliced, answer.headers)
