"""Asking ourselves what anybody would be answered at an address of ours.

Whoever tells others of our feeds (WebSub) sends what those would read who ask for them, made by the same handlers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from starlette.types import ASGIApp, Message

from vocab import iri as iris


@dataclass(frozen=True, slots=True)
class Answered:
    """What anybody would be answered; header names are lower-case."""

    status: int
    headers: dict[str, str]
    body: bytes


NOWHERE: Final = Answered(404, {}, b"")


class Inward:
    """Asks the application in this process. It is made when it is first asked: ``make`` returns it."""

    def __init__(self, make: Callable[[], ASGIApp], base_url: str, state: dict[str, Any]) -> None:
        self._make = make
        self._app: ASGIApp | None = None
        self._base_url = base_url
        self._state = state

    async def get(self, url: str, *, accept: str = "*/*") -> Answered:
        """Return what a stranger's GET would be answered; a 404 for what is not ours."""
        if not url.startswith(f"{self._base_url}/") or not url.isascii() or "#" in url:
            return NOWHERE
        if self._app is None:
            self._app = self._make()
        heard: list[Message] = []

        async def send(message: Message) -> None:
            heard.append(message)

        await self._app(self._scope(url, accept), _nothing, send)
        return _answered(heard)

    def _scope(self, url: str, accept: str) -> dict[str, Any]:
        parts = urlsplit(url)
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": parts.scheme, "path": unquote(parts.path), "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(), "root_path": "", "client": None, "server": None,
            "headers": [(b"host", iris.host(self._base_url).encode()), (b"accept", accept.encode())],
            "state": dict(self._state), "caller": "", "waits": _at_once,
        }  # fmt: skip


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _at_once() -> None:
    """Nobody counts what we ask ourselves."""


def _answered(heard: list[Message]) -> Answered:
    start = next((message for message in heard if message["type"] == "http.response.start"), None)
    if start is None:
        return NOWHERE
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    body = b"".join(message.get("body", b"") for message in heard if message["type"] == "http.response.body")
    return Answered(start["status"], headers, body)
