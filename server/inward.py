"""Asking ourselves what anybody would be answered at an address of ours.

Whoever tells others of our feeds (WebSub) sends what those would read who ask for them, made by the same handlers.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
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

    async def get(self, url: str, *, accept: str = "*/*", types: Collection[str] = ()) -> Answered:
        """Return what a stranger's GET would be answered; a 404 for what is not ours.

        With ``types`` the body of what is of another media type is left out: it may be long, or have no end.
        """
        if not url.startswith(f"{self._base_url}/") or not url.isascii() or "#" in url:
            return NOWHERE
        if self._app is None:
            self._app = self._make()
        heard = _Heard(types)
        await self._app(self._scope(url, accept), heard.receive, heard.send)
        return heard.answered

    def _scope(self, url: str, accept: str) -> dict[str, Any]:
        parts = urlsplit(url)
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET",
            "scheme": parts.scheme, "path": unquote(parts.path), "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(), "root_path": "", "client": None, "server": None,
            "headers": [(b"host", iris.host(self._base_url).encode()), (b"accept", accept.encode())],
            "state": dict(self._state), "caller": "", "waits": _at_once, "confine": _at_once,
        }  # fmt: skip


def _at_once() -> None:
    """Nobody counts what we ask ourselves, and no other site reads it."""


class _Heard:
    """One question and what is answered. Whoever asks is gone once they have asked: nothing goes on for ever."""

    def __init__(self, types: Collection[str]) -> None:
        self._types = types
        self._asked = False
        self._kept = True
        self.answered = NOWHERE

    async def receive(self) -> Message:
        """Return the request, which has no body, and then that nobody waits for more."""
        if self._asked:
            return {"type": "http.disconnect"}
        self._asked = True
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(self, message: Message) -> None:
        """Take a part of the answer."""
        if message["type"] == "http.response.start":
            headers = {
                name.decode("latin-1").lower(): value.decode("latin-1") for name, value in message["headers"]
            }
            kind = media_type(headers.get("content-type", ""))
            self._kept = not self._types or kind in self._types
            self.answered = Answered(message["status"], headers, b"")
        elif message["type"] == "http.response.body" and self._kept:
            body = self.answered.body + message.get("body", b"")
            self.answered = replace(self.answered, body=body)


def media_type(header: str) -> str:
    """Return a media type without its parameters."""
    return header.partition(";")[0].strip().lower()
