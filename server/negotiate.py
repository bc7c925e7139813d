"""Which representation a reader wants, and whether a writer sends one we read (AP-024, AP-063, AP-064)."""

from functools import lru_cache

from starlette.requests import Request

from server.errors import ProblemError
from vocab.mediatype import is_activity, parse_accept

ACTIVITY_JSON = "application/activity+json; charset=utf-8"
LD_JSON = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
HTML = "text/html"
JSON_TYPES = frozenset({"application/json", "application/ld+json", "application/*", "*/*"})


def field(request: Request, name: bytes) -> str:
    """Return a header field's first value, the empty text when there is none, from the list as it came.

    Starlette's mapping costs several times as much, which is paid on every request.
    """
    for key, value in request.scope["headers"]:
        if key == name:
            return str(value, "latin-1")
    return ""


FEEDS = {
    "application/atom+xml": "atom",
    "application/rss+xml": "rss",
    "application/feed+json": "json",
    "application/stream+json": "as1",
}
"""Media types of feeds → what their addresses end in."""


def wants_html(request: Request) -> bool:
    """Tell whether a page for people is preferred over the Activity Streams document (AP-063)."""
    return preferred(field(request, b"accept")) == HTML


def wants_feed(request: Request) -> str | None:
    """Return in which spelling a feed is preferred over anything else that we can give; None when none is (Atom §2)."""
    accept = request.headers.get("accept", "")
    return (
        feed_preferred(accept)
        if "atom" in accept or "rss" in accept or "feed" in accept or "stream" in accept
        else None
    )


@lru_cache(maxsize=256)
def feed_preferred(accept: str) -> str | None:
    """Choose from an Accept header whether to answer with a feed: the highest quality wins, then who is named first."""
    best, best_quality = None, 0.0
    for media_type, parameters, quality in parse_accept(accept):
        spelling = FEEDS.get(media_type)
        offered = spelling or _offered(media_type, parameters.get("profile", ""))
        if offered is not None and quality > best_quality:
            best, best_quality = spelling, quality
    return best


def activity_type(request: Request) -> str:
    """Return which of the two media types of Activity Streams to answer with (AP-064)."""
    chosen = preferred(field(request, b"accept"))
    return ACTIVITY_JSON if chosen == HTML else chosen


@lru_cache(maxsize=1024)
def preferred(accept: str) -> str:
    """Choose from an Accept header: the highest quality wins, and of equals the one that is named first.

    What we cannot give is passed over; when nothing is left, Activity Streams is the answer to all.
    """
    best, best_quality = ACTIVITY_JSON, 0.0
    for media_type, parameters, quality in parse_accept(accept):
        offered = _offered(media_type, parameters.get("profile", ""))
        if offered is not None and quality > best_quality:
            best, best_quality = offered, quality
    return best


def _offered(media_type: str, profile: str) -> str | None:
    if media_type in (HTML, "application/xhtml+xml"):
        return HTML
    if media_type == "application/ld+json" and profile:
        return LD_JSON
    if media_type == "application/activity+json" or media_type in JSON_TYPES:
        return ACTIVITY_JSON
    return None


def require_activity(request: Request) -> None:
    """Refuse a body that is not declared as Activity Streams (AP-190, AP-311)."""
    if not is_activity(field(request, b"content-type")):
        raise ProblemError(
            415,
            "must be application/activity+json, or application/ld+json with the profile of Activity Streams",
            type="unsupported-media-type",
            field="content-type",
            headers={"Accept-Post": "application/activity+json, application/ld+json"},
        )


@lru_cache(maxsize=1024)
def prefers_activity(accept: str) -> bool:
    """Tell whether an Accept header names Activity Streams and wants it more than plain JSON (Events §23.2)."""
    best = {True: 0.0, False: 0.0}
    for media_type, parameters, quality in parse_accept(accept):
        if media_type in ("application/json", "text/json", "application/*", "*/*"):
            best[False] = max(best[False], quality)
        elif _offered(media_type, parameters.get("profile", "")) not in (None, HTML):
            best[True] = max(best[True], quality)
    return best[True] > best[False] or best[True] == best[False] > 0
