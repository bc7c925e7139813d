"""Where the Events API's operations are."""

from typing import Final

from starlette.routing import BaseRoute, Route, WebSocketRoute

from server.doors.events import (
    analytics,
    bumps,
    channels,
    checks,
    collector,
    comments,
    entities,
    events,
    following,
    live,
    livesocket,
    notifications,
    provisioning,
    series,
    tokens,
    unbuilt,
    web,
    workflow,
)
from server.doors.events.door import PREFIXES, Door, Operations
from server.doors.events.rights import RIGHTS
from server.territory import below

OPERATIONS: Final[Operations] = (
    *events.OPERATIONS,
    *entities.OPERATIONS,
    *comments.OPERATIONS,
    *bumps.OPERATIONS,
    *checks.OPERATIONS,
    *collector.OPERATIONS,
    *analytics.OPERATIONS,
    *series.OPERATIONS,
    *channels.OPERATIONS,
    *following.OPERATIONS,
    *workflow.OPERATIONS,
    *notifications.OPERATIONS,
    *live.OPERATIONS,
    *tokens.OPERATIONS,
    *provisioning.OPERATIONS,
    *web.OPERATIONS,
    *unbuilt.OPERATIONS,
)
"""Every operation of the door; each noun lists its own."""


def routes() -> list[BaseRoute]:
    """Return the routes of the door."""
    door = Door(OPERATIONS, RIGHTS)
    alone = [Route(path, door) for path, _ in web.OPERATIONS]
    pixel = Route(web.PIXEL, web.show_pixel)
    return [WebSocketRoute(live.PATH, livesocket.serve), *alone, pixel, *below(PREFIXES, door, OPERATIONS)]
