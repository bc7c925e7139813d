"""The front page: what this is, and who here wants to be found."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.house import house
from server.negotiate import field, prefers_activity, wants_html
from server.pages import answers
from server.pages.answers import Alternate
from server.pages.portraits import of_actor
from storage import actors
from streams import ids

PEOPLE_MAX = 24
FEEDS = (
    Alternate("/activity", "application/atom+xml", "Activity (Atom)"),
    Alternate("/activity?format=rss", "application/rss+xml", "Activity (RSS)"),
    Alternate("/activity?format=json", "application/feed+json", "Activity (JSON Feed)"),
)
"""The stream of everything that happened here, for readers of feeds (Atom §14)."""


async def get_home(request: Request) -> Response:
    """Answer with the front page; send a program that asks what acts here to the server's own actor (AP-132)."""
    parts = house(request)
    if not wants_html(request) and prefers_activity(field(request, b"accept")):
        return RedirectResponse(ids.instance_actor(parts.base_url), 303, {"Vary": "Accept"})
    people = await parts.store.read(actors.discoverable, limit=PEOPLE_MAX)
    return answers.page(
        request,
        "home.html",
        alternates=(Alternate(ids.instance_actor(parts.base_url), answers.ACTIVITY_JSON), *FEEDS),
        canonical=f"{parts.base_url}/",
        people=[of_actor(actor, parts.base_url) for actor in people],
    )
