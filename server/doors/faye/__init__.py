"""Realtime: what is new in feeds, told over Bayeux as the vendor's JavaScript SDK speaks it (Feeds §11.1)."""

from typing import Final

from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute

from server import errors
from server.doors.faye import bayeux, polling, socket
from server.territory import Territory

PATHS: Final = ("/faye", "/faye/")


def routes() -> list[BaseRoute]:
    """Return the routes of the door: one address for every transport, spelt in two ways."""
    found: list[BaseRoute] = []
    for path in PATHS:
        found += [
            Route(path, polling.post, methods=["POST"]),
            Route(path, polling.get, methods=["GET"]),
            Route(path, polling.preflight, methods=["OPTIONS"]),
            WebSocketRoute(path, socket.serve),
        ]
    return found


def _refusal(error: Exception, seconds: float) -> Response:
    """Answer what went wrong with a message that says so."""
    meant = errors.problem(error)
    text = meant.detail if meant.status < 500 else "Internal server error"
    return Response(bayeux.refusal(meant.status, text), meant.status, meant.headers, "application/json")


TERRITORY: Final = Territory(prefixes=PATHS, sharing=None, refusal=_refusal, any_host=True)
"""SDKs are told any host for it, as for the Feeds API."""
