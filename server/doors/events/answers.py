"""Answers of the door: JSON, with a status and header fields where they are not the usual ones (Events §1.3, §1.4)."""

from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias

from starlette.responses import Response

from vocab import jsontext

JSON: Final = "application/json"

Header = tuple[bytes, bytes]
_HEAD: Final[list[Header]] = [(b"content-type", JSON.encode()), (b"cache-control", b"private, no-store")]


@dataclass(frozen=True, slots=True)
class Answer:
    """More than a body. One without a body has None and, usually, the status 204."""

    body: Any = None
    status: int = 200
    headers: list[Header] = field(default_factory=list)


Answered: TypeAlias = dict[str, Any] | list[Any] | Answer | Response
"""What an operation may return. A Response is sent as it is, for what is no JSON."""


def response(answered: Answered) -> Response:
    """Make an answer of what an operation returned."""
    if isinstance(answered, Response):
        return answered
    answer = answered if isinstance(answered, Answer) else Answer(answered)
    body = b"" if answer.body is None else jsontext.dumps(answer.body)
    made = Response(body, answer.status)
    made.raw_headers = [*_HEAD, *answer.headers, (b"content-length", b"%d" % len(body))]
    return made
