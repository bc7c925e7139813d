"""Where the Feeds API's operations are."""

import re

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
    """Return the routes of the door: it takes all that lies below its prefixes, and tells the rest apart itself.

    The others are never asked. They say what there is, to metrics and to the documentation.
    """
    door = Door(OPERATIONS, KINDS)
    return [
        *(_below(prefix, door) for prefix in PREFIXES),
        Route(REDIRECT.rstrip("/"), door),
        Route(files.SERVED, files.serve),
        *(
            Route(path, operation, methods=[method])
            for path, operations in OPERATIONS
            for method, operation in operations.items()
        ),
    ]


def _below(prefix: str, door: Door) -> Route:
    """Return a route for all paths with a prefix, those with line breaks included, which Starlette would not find."""
    route = Route(f"{prefix}{{path:path}}", door)
    route.path_regex = re.compile(re.escape(prefix))
    return route
