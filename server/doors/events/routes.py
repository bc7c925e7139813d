"""Where the Events API's operations are."""

from typing import Final

from starlette.routing import BaseRoute

from server.doors.events import (
    analytics,
    bumps,
    checks,
    collector,
    comments,
    entities,
    events,
    provisioning,
    series,
    tokens,
    unbuilt,
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
    *tokens.OPERATIONS,
    *provisioning.OPERATIONS,
    *unbuilt.OPERATIONS,
)
"""Every operation of the door; each noun lists its own."""


def routes() -> list[BaseRoute]:
    """Return the routes of the door."""
    door = Door(OPERATIONS, RIGHTS)
    return below(PREFIXES, door, OPERATIONS)
