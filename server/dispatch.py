"""Requests to handlers: Starlette's routes, found by their first segment and called without ceremony.

Starlette walks through all routes and wraps each call three times; on a server whose answers take some
tens of microseconds that is half of the work. Paths, parameters and handlers stay Starlette's.
"""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.errors import ProblemError

_ENCODED_SLASH: Final = re.compile(rb"%2[Ff]")
_SLASH: Final = "\0"
"""No path has this sign: ``server.screen`` refuses it."""


class Application(Starlette):
    """A Starlette application that dispatches plain routes itself; anything else is left to Starlette."""

    def __init__(self, routes: Iterable[BaseRoute], **options: Any) -> None:
        routes = list(routes)
        super().__init__(routes=routes, **options)
        self._by_segment: dict[str, list[Route]] = {}
        for route in routes:
            if isinstance(route, Route):
                self._by_segment.setdefault(_segment(route.path), []).append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request. Errors are raised, for whoever wraps the application to tell."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        scope["app"] = self
        response = await self.answer(Request(scope, receive, send))
        await response(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Return the answer to a request; nothing has been sent yet."""
        route = self._find(request.scope)
        request.scope["endpoint"] = route.endpoint
        response: Response = await route.endpoint(request)
        return response

    def _find(self, scope: Scope) -> Route:
        path, method = _path(scope), scope["method"]
        allowed: set[str] = set()
        for route in self._by_segment.get(_segment(path), ()):
            found = route.path_regex.match(path)
            if found is None:
                continue
            if route.methods is None or method in route.methods:
                scope["path_params"] = {
                    name: value.replace(_SLASH, "/") for name, value in found.groupdict().items()
                }
                return route
            allowed |= route.methods
        if allowed:
            raise ProblemError(405, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})
        raise ProblemError(404)


def _path(scope: Scope) -> str:
    """Return the path, with another sign for each slash that came encoded: it belongs to its segment."""
    path, sent = str(scope["path"]), bytes(scope.get("raw_path") or b"")
    if not _ENCODED_SLASH.search(sent):
        return path
    segments = (unquote_to_bytes(segment).decode(errors="replace") for segment in sent.split(b"/"))
    return "/".join(segment.replace("/", _SLASH) for segment in segments)


def _segment(path: str) -> str:
    """Return what tells routes apart at a glance: the first segment, or its first character for a handle."""
    first = path[1:].partition("/")[0]
    return "@" if first.startswith("@") else first
