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


async def get_home(request: Request) -> Response:
    """Answer with the front page."""
    parts = house(request)
    people = await parts.store.read(actors.discoverable, limit=PEOPLE_MAX)
    return answers.page(
        request,
        "home.html",
        alternates=(Alternate(ids.instance_actor(parts.base_url), answers.ACTIVITY_JSON),),
        canonical=f"{parts.base_url}/",
        people=[of_actor(actor, parts.base_url) for actor in people],
    )
