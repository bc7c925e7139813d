"""What many have said together: the page and feeds of a hashtag, and where people read a conversation."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server import paging
from server.house import house
from server.pages import answers, feeds
from server.pages.cards import address, card
from server.pages.profile import alternates
from storage import Transaction, posts
from storage.entries import Stream
from storage.posts import Post
from streams import contexts, ids, tags
from streams import posts as telling
from streams.errors import NotFound
from streams.posts import Around, Telling
from streams.read import Bounds
from vocab import instants


async def answer_tag(request: Request) -> Response:
    """Answer with the page of a hashtag: public posts, newest first (AP-747)."""
    parts = house(request)
    bounds, limit = paging.asked(request)
    stream, told, around = await parts.store.read(
        _tagged, request.path_params["name"], parts.base_url, bounds or Bounds(), limit
    )
    path = f"/tags/{quote(stream.name, safe='')}"
    page = f"{parts.base_url}{path}"
    return answers.page(
        request,
        "tag.html",
        alternates=alternates(page, page, f"#{stream.name}"),
        canonical=page,
        path=path,
        name=stream.name,
        cards=[card(one.post, parts.base_url, around) for one in told.told],
        newer=told.newer and paging.query(told.newer),
        older=told.older and paging.query(told.older),
    )


async def get_feed(request: Request) -> Response:
    """Answer with the posts under a hashtag as a feed."""
    parts = house(request)
    await feeds.checked(request)
    bounds, limit = paging.asked(request)
    stream, told, _ = await parts.store.read(
        _tagged, request.path_params["name"], parts.base_url, bounds or Bounds(), limit
    )
    page = ids.tag(parts.base_url, stream.name)
    return feeds.answer(
        request, feeds.spelling(request), told, bounds, title=f"#{stream.name}", page=page, below=page,
        since=instants.moment(0),
    )  # fmt: skip


async def answer_conversation(request: Request) -> Response:
    """Send people to the thread that a conversation is, at the first post of it that everyone may read."""
    parts = house(request)
    iri = ids.context(parts.base_url, request.path_params["id"])
    first = await parts.store.read(_first, iri, parts.base_url)
    return RedirectResponse(address(first, parts.base_url), 303, {"Vary": "Accept"})


async def _tagged(
    tx: Transaction, name: str, base_url: str, bounds: Bounds, limit: int
) -> tuple[Stream, Telling, Around]:
    reading = await tags.open_tag(tx, name, base_url)
    told = await telling.gathered(tx, reading.stream.id, bounds, limit=limit)
    return reading.stream, told, await telling.around(tx, (one.post for one in told.told))


async def _first(tx: Transaction, iri: str, base_url: str) -> Post:
    said = await contexts.open_for(tx, iri, None, base_url)
    listed = await posts.listed_in(tx, said.reading.stream.id, limit=1, oldest_first=True)
    found = await posts.of_ids(tx, [one.thing for one in listed])
    found.update({post.id: post for post in (await posts.of_iris(tx, said.alone)).values()})
    if not found:
        raise NotFound(iri)
    return next(iter(found.values()))
