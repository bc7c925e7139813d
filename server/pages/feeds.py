"""Atom and JSON Feed of what an actor tells everyone.

Feeds are one level below the page they belong to, as a dot is a letter of a name: ``ada.atom`` may be someone.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from server import hub, paging
from server.house import house
from server.pages import answers
from server.pages.entries import entry_of
from server.pages.portraits import of_actor, person
from storage.actors import ActorRow
from streams import actors, posts
from streams.posts import Telling, Told
from streams.read import Bounds
from vocab import html, instants, stored
from vocab.dialects import atom, jsonfeed, rss
from vocab.dialects.syndication import Header, Item, item_of

Spelling = tuple[str, Callable[[Header, Iterable[Item]], bytes]]

SPELLINGS: dict[str, Spelling] = {
    "atom": (atom.MEDIA_TYPE, atom.feed),
    "rss": (rss.MEDIA_TYPE, rss.feed),
    "json": (jsonfeed.MEDIA_TYPE, jsonfeed.feed),
}
"""The last part of a feed's address → its media type, and how it is written."""


async def get_atom(request: Request) -> Response:
    """Answer with an actor's posts as Atom."""
    return await _of_actor(request, "atom")


async def get_json(request: Request) -> Response:
    """Answer with an actor's posts as JSON Feed."""
    return await _of_actor(request, "json")


async def _of_actor(request: Request, spelling: str) -> Response:
    parts = house(request)
    actor = await parts.store.read(actors.shown, request.path_params["name"])
    bounds, limit = paging.asked(request)
    told = await parts.store.read(posts.outbox, actor.id, bounds or Bounds(), limit=limit)
    return answer(request, spelling, told, bounds, **_about(actor, parts.base_url))


def _about(actor: ActorRow, base_url: str) -> dict[str, Any]:
    portrait = of_actor(actor, base_url)
    author = person(portrait, base_url)
    summary = stored(actor.document, actor.context).text("summary") or ""
    return {
        "title": f"{portrait.plain} (@{portrait.acct})", "page": author.page,
        "subtitle": html.plain(summary), "author": author, "icon": portrait.picture,
        "since": instants.moment(actor.published),
    }  # fmt: skip


def answer(
    request: Request,
    spelling: str,
    told: Telling,
    bounds: Bounds | None,
    *,
    page: str,
    since: datetime,
    **about: Any,
) -> Response:
    """Answer with one page of a feed (RFC 5005 §3). ``since`` is when an empty feed was updated."""
    base_url = house(request).base_url
    media_type, write = SPELLINGS[spelling]
    address = f"{page}/feed.{spelling}"
    items = [_item(one, base_url) for one in told.told]
    updated = max((one.updated for one in items), default=since)
    header = Header(
        id=address, page=page, here=_address(address, bounds), updated=updated, first=address,
        previous=_neighbour(address, told.newer), next=_neighbour(address, told.older),
        hub=f"{base_url}{hub.PATH}", **about,
    )  # fmt: skip
    return answers.feed(
        request, write(header, items), media_type, updated=updated, here=header.here, hub=header.hub
    )


def _item(told: Told, base_url: str) -> Item:
    """Return an entry, with the number of its answers where we know them all."""
    return item_of(entry_of(told), base_url, replies_total=told.post.replies if told.post.local else None)


def _neighbour(feed: str, bounds: Bounds | None) -> str | None:
    return None if bounds is None else _address(feed, bounds)


def _address(feed: str, bounds: Bounds | None) -> str:
    query = "" if bounds is None else paging.query(bounds)
    return f"{feed}?{query}" if query else feed
