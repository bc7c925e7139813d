"""Requests to handlers: Starlette's routes, found by their first segment and called without ceremony.

Starlette walks through all routes and wraps each call three times; on a server whose answers take some
tens of microseconds that is half of the work. Paths, parameters and handlers stay Starlette's.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.errors import ProblemError

PATHS_REMEMBERED: Final = 4_096
PATH_CHARS_REMEMBERED: Final = 200
"""Of so many paths that were asked for lately the handler is known, unless they are longer than this."""
_ENCODED_SLASH: Final = re.compile(rb"%2[Ff]")
_SLASH: Final = "\0"
"""No path has this sign: ``server.screen`` refuses it."""


class Asked(Request):
    """A request whose body, which mostly comes in one message, is read without ceremony."""

    async def body(self) -> bytes:
        """Return the whole body; raise ClientDisconnect when it does not come."""
        if not hasattr(self, "_body"):
            pieces: list[bytes] = []
            more = True
            while more:
                message = await self._receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                pieces.append(message.get("body", b""))
                more = message.get("more_body", False)
            self._stream_consumed = True
            self._body = pieces[0] if len(pieces) == 1 else b"".join(pieces)
        return self._body


class Application(Starlette):
    """A Starlette application that dispatches plain routes itself; anything else is left to Starlette."""

    def __init__(self, routes: Iterable[BaseRoute], **options: Any) -> None:
        routes = list(routes)
        super().__init__(routes=routes, **options)
        self._by_segment: dict[str, list[Route]] = {}
        self._found = lru_cache(PATHS_REMEMBERED)(self._search)
        for route in routes:
            if isinstance(route, Route):
                self._by_segment.setdefault(_segment(route.path), []).append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Errors are raised, for whoever wraps the application to tell."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        response = await self.answer(Asked(scope, receive, send))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request; nothing has been sent yet. OPTIONS is told what is allowed."""
        try:
            route = self._find(request.scope)
        except ProblemError as refusal:
            if refusal.status != 405 or request.method != "OPTIONS":
                raise
            return Response(status_code=204, headers=refusal.headers)
        request.scope["endpoint"] = route.endpoint
        response: Response = await route.endpoint(request)
        return response

    def _find(self, scope: Scope) -> Route:
        """Return the route of a request, and note what its path says."""
        path = _path(scope)
        search = self._found if len(path) <= PATH_CHARS_REMEMBERED else self._search
        route, said = search(scope["method"], path)
        scope["path_params"] = dict(said)
        return route

    def _search(self, method: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route for a path and its parameters; raise the 404, or the 405 that says what is allowed."""
        allowed: set[str] = set()
        for route in self._by_segment.get(_segment(path), ()):
            found = route.path_regex.match(path)
            if found is None:
                continue
            if route.methods is None or method in route.methods:
                return route, {name: value.replace(_SLASH, "/") for name, value in found.groupdict().items()}
            allowed |= route.methods
        if allowed:
            raise ProblemError(405, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})
        raise ProblemError(404)


def _path(scope: Scope) -> str:
    """Return the path, with another sign for each slash that came encoded: it belongs to its segment."""
    path: str = scope["path"]
    sent: bytes = scope.get("raw_path") or b""
    if b"%" not in sent or not _ENCODED_SLASH.search(sent):
        return path
    segments = (unquote_to_bytes(segment).decode(errors="replace") for segment in sent.split(b"/"))
    return "/".join(segment.replace("/", _SLASH) for segment in segments)


def _segment(path: str) -> str:
    """Return what tells routes apart at a glance: the first segment, or its first character for a handle."""
    first = path[1:].partition("/")[0]
    return "@" if first.startswith("@") else first
