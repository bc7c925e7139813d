"""Where the Feeds API's operations are."""

from starlette.routing import BaseRoute, Route

from server.doors.feeds import (
    activities,
    analytics,
    auditlogs,
    collections,
    feeds,
    files,
    follows,
    moderation,
    og,
    personalization,
    privacy,
    probe,
    reactions,
    users,
)
from server.doors.feeds.door import PREFIXES, REDIRECT, Door, Operations
from server.doors.feeds.kinds import KINDS
from server.territory import below

OPERATIONS: Operations = (
    *feeds.OPERATIONS,
    *activities.OPERATIONS,
    *follows.OPERATIONS,
    *users.OPERATIONS,
    *collections.OPERATIONS,
    *reactions.OPERATIONS,
    *privacy.OPERATIONS,
    *auditlogs.OPERATIONS,
    *og.OPERATIONS,
    *files.OPERATIONS,
    *analytics.OPERATIONS,
    *personalization.OPERATIONS,
    *moderation.OPERATIONS,
    *probe.OPERATIONS,
)
"""Every operation of the door; each noun lists its own."""


def routes() -> list[BaseRoute]:
    """Return the routes of the door."""
    door = Door(OPERATIONS, KINDS)
    return [
        Route(REDIRECT.rstrip("/"), door),
        Route(files.SERVED, files.serve),
        *below(PREFIXES, door, OPERATIONS),
    ]
