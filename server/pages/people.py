"""Who follows an actor, and whom it follows (AP-163)."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import paging
from server.house import house
from server.negotiate import wants_html
from server.pages import answers
from server.pages.answers import Alternate
from server.pages.portraits import Portrait, of_actor, of_name
from storage import Transaction, actors, objects
from storage.actors import ActorRow
from streams import actors as making
from streams import read
from streams.errors import NotFound
from streams.read import Bounds, Page

TITLES = {"followers": "Followers", "following": "Following"}


async def get_people(request: Request) -> Response:
    """Answer with the page of those who follow one of our actors, or whom it follows."""
    parts = house(request)
    kind = request.path_params["kind"]
    if kind not in TITLES:
        raise NotFound(kind)
    actor = await parts.store.read(making.shown, request.path_params["name"])
    iri = f"{actor.iri}/{kind}"
    if not wants_html(request):
        return RedirectResponse(iri, 303, {"Vary": "Accept"})
    bounds, limit = paging.asked(request)
    total, page, people = await parts.store.read(
        _people, actor, kind, bounds or Bounds(), limit, parts.base_url
    )
    owner = of_actor(actor, parts.base_url)
    return answers.page(
        request,
        "people.html",
        alternates=(Alternate(iri, answers.ACTIVITY_JSON),),
        canonical=f"{parts.base_url}{owner.page}/{kind}",
        title=TITLES[kind],
        owner=owner,
        path=f"{owner.page}/{kind}",
        total=total,
        people=people,
        newer=page.newer and paging.query(page.newer),
        older=page.older and paging.query(page.older),
    )


async def _people(
    tx: Transaction, actor: ActorRow, kind: str, bounds: Bounds, limit: int, base_url: str
) -> tuple[int, Page, list[Portrait]]:
    """Return one page of people as anyone sees it; hidden members are counted and not named (AP-157)."""
    owner = await objects.by_id(tx, actor.id)
    if owner is None:
        raise NotFound(actor.iri)
    reading = await read.open_stream(tx, owner, kind, None)
    page = Page([], None, None) if reading.hidden else await read.page(tx, reading, bounds, limit=limit)
    known = await actors.of_ids(tx, [entry.id for entry in page.entries])
    people = [
        of_actor(known[entry.id], base_url) if entry.id in known else of_name(entry.iri)
        for entry in page.entries
    ]
    return reading.stream.total, page, people
