"""Requests to handlers: Starlette's routes, found by their first segment and called without ceremony.

Starlette walks through all routes and wraps each call three times; on a server whose answers take some
tens of microseconds that is half of the work. Paths, parameters and handlers stay Starlette's.
"""

from collections.abc import Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from server.errors import ProblemError


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
        path, method = scope["path"], scope["method"]
        allowed: set[str] = set()
        for route in self._by_segment.get(_segment(path), ()):
            found = route.path_regex.match(path)
            if found is None:
                continue
            if route.methods is None or method in route.methods:
                scope["path_params"] = found.groupdict()
                return route
            allowed |= route.methods
        if allowed:
            raise ProblemError(405, headers={"Allow": ", ".join(sorted({*allowed, "OPTIONS"}))})
        raise ProblemError(404)


def _segment(path: str) -> str:
    """Return what tells routes apart at a glance: the first segment, or its first character for a handle."""
    first = path[1:].partition("/")[0]
    return "@" if first.startswith("@") else first
