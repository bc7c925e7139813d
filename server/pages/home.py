"""The front page: what this is, and who here wants to be found."""

from starlette.requests import Request
from starlette.responses import Response

from server.house import house
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
    """Answer with the front page."""
    parts = house(request)
    people = await parts.store.read(actors.discoverable, limit=PEOPLE_MAX)
    return answers.page(
        request,
        "home.html",
        alternates=(Alternate(ids.instance_actor(parts.base_url), answers.ACTIVITY_JSON), *FEEDS),
        canonical=f"{parts.base_url}/",
        people=[of_actor(actor, parts.base_url) for actor in people],
    )
