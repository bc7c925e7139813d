"""Where the Atom door is (Atom §2). A slash at the end means nothing, and all may lie below a context path."""

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from server.doors.atom import (
    acting,
    activity,
    callback,
    configuring,
    following,
    hooks,
    hub,
    showing,
    thirdparty,
)
from server.pages import activityfilters

Endpoint = Callable[[Request], Awaitable[Response]]

ROUTES: Final[tuple[tuple[str, str, Endpoint], ...]] = (
    ("GET", "/activity", activity.get_activity),
    ("GET", "/activity/filter", activityfilters.get_filter),
    ("GET", "/activity/live", showing.get_live),
    ("GET", "/activity/scripts/{name}", showing.get_script),
    ("GET", "/plugins/servlet/streams", activity.get_servlet),
    ("GET", "/rest/activity-stream/1.0/config", configuring.get_config),
    ("GET", "/rest/activity-stream/1.0/preferences", configuring.get_preferences),
    ("GET", "/rest/activity-stream/1.0/validate", configuring.get_validate),
    ("POST", "/hooks/{provider}/{secret}", hooks.post_hook),
    ("POST", "/rest/activities/1.0", thirdparty.post),
    ("GET", "/rest/activities/1.0", thirdparty.some),
    ("GET", "/rest/activities/1.0/{id}", thirdparty.one),
    ("DELETE", "/rest/activities/1.0/{id}", thirdparty.delete),
    ("POST", "/plugins/servlet/streamscomments", acting.comment),
    ("POST", "/plugins/servlet/streamscomments/{provider}", acting.comment),
    ("POST", "/plugins/servlet/streamscomments/{provider}/{path:path}", acting.comment),
    ("POST", "/rest/stream-actions/1.0/actions/{action}/{object:path}", acting.act),
    ("DELETE", "/rest/stream-actions/1.0/actions/{action}/{object:path}", acting.undo),
    ("POST", "/rest/jira-activity-stream/1.0/actions/{action}/{object:path}", acting.act),
    ("DELETE", "/rest/jira-activity-stream/1.0/actions/{action}/{object:path}", acting.undo),
    ("POST", "/websub/hub", hub.post_hub),
    ("GET", "/subscriptions.opml", following.export),
    ("POST", "/subscriptions.opml", following.bring),
    ("GET", "/websub/callback/{secret}", callback.verify),
    ("POST", "/websub/callback/{secret}", callback.deliver),
)
"""Method, path without a slash at its end, and what answers; GET answers HEAD too."""


def routes(context_path: str = "") -> list[BaseRoute]:
    """Return the routes of the door, below its context path and, when that is not empty, without it too."""
    return [
        Route(prefix + path + end, endpoint, methods=[method])
        for prefix in dict.fromkeys((context_path, ""))
        for method, path, endpoint in ROUTES
        for end in ("", "/")
    ]
