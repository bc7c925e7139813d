"""Feeds of what an actor or a tag tells everyone: Atom, RSS, JSON Feed and Activity Streams 1.0 (Atom §2, §14).

Feeds are one level below what they belong to, as a dot is a letter of a name: ``ada.atom`` may be someone. A feed is
the same for all who read it, and says so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from server import hub, paging
from server.auth import onlookers
from server.house import house
from server.pages import answers
from server.pages.entries import entry_of
from server.pages.portraits import of_actor
from storage import members
from storage.actors import ActorRow
from streams import actors, posts
from streams.errors import NotFound
from streams.posts import Telling, Told
from streams.read import Bounds
from vocab import html, instants, stored
from vocab.dialects import as1, atom, jsonfeed, rss
from vocab.dialects.syndication import Deletion, Header, Item, item_of, person, reachable
from vocab.entry import Entry

Told_ = Sequence[tuple[Entry, Item]]
Spelling = tuple[str, Callable[[Header, Told_], bytes]]

SPELLINGS: Final[dict[str, Spelling]] = {
    "atom": (atom.MEDIA_TYPE, lambda header, told: atom.feed(header, [item for _, item in told])),
    "rss": (rss.MEDIA_TYPE, lambda header, told: rss.feed(header, [item for _, item in told])),
    "json": (jsonfeed.MEDIA_TYPE, lambda header, told: jsonfeed.feed(header, [item for _, item in told])),
    "as1": (as1.MEDIA_TYPE, as1.feed),
}
"""The last part of a feed's address → its media type, and how it is written."""
GONE_FOR: Final = timedelta(days=30)
"""So long a feed says that an entry is gone."""
CREDENTIALS: Final = frozenset({onlookers.TOKEN, "os_authType"})
"""Parameters of an address that say who asks, or that they want to be asked."""
FAVICON: Final = "/static/favicon.svg"


async def get_of_name(request: Request) -> Response:
    """Answer with what an actor tells everyone, below its page."""
    parts = house(request)
    actor = await parts.store.read(actors.shown, request.path_params["name"])
    return await of_actor_at(request, actor, f"{parts.base_url}/@{actor.name}", spelling(request))


async def get_of_actor(request: Request) -> Response:
    """Answer with what an actor tells everyone, below its id."""
    actor = await house(request).store.read(actors.shown, request.path_params["name"])
    return await of_actor_at(request, actor, actor.iri, spelling(request))


def spelling(request: Request) -> str:
    """Return in which form a feed is asked for. Raises NotFound for one that nobody knows."""
    name: str = request.path_params["spelling"]
    if name not in SPELLINGS:
        raise NotFound(request.url.path)
    return name


async def of_actor_at(request: Request, actor: ActorRow, below: str, spelling: str) -> Response:
    """Answer with what an actor tells everyone; with ``include=all`` what it likes, follows and edits too."""
    parts = house(request)
    await checked(request)
    bounds, limit = paging.asked(request)
    every = request.query_params.get("include") == "all"
    since = parts.ports.clock() - int(GONE_FOR.total_seconds()) * 1_000_000 if bounds is None else None
    told = await parts.store.read(
        posts.everything, actor.id, bounds or Bounds(), limit=limit, every=every, since=since
    )
    about = _about(actor, parts.base_url)
    emails: dict[str, str] = {}
    if parts.config.atom.author_email == "all":
        emails = await parts.store.read(members.emails, [actor.iri])
        about["author"] = replace(about["author"], email=emails.get(actor.iri, ""))
    return answer(
        request, spelling, told, bounds, below=below, query="include=all" if every else "", emails=emails, **about
    )  # fmt: skip


async def checked(request: Request) -> None:
    """Refuse wrong credentials, and none where that is asked for: the former are never taken for none (Atom §2)."""
    if "authorization" in request.headers or not request.query_params.keys().isdisjoint(CREDENTIALS):
        await onlookers.asking(request)


def _about(actor: ActorRow, base_url: str) -> dict[str, Any]:
    portrait = of_actor(actor, base_url)
    document = stored(actor.document, actor.context)
    author = person(
        {**document.data, "id": actor.iri, "preferredUsername": actor.name, "name": portrait.plain}, base_url
    )
    return {
        "title": portrait.plain, "page": f"{base_url}/@{actor.name}", "author": author, "logo": portrait.picture,
        "subtitle": html.plain(document.text("summary") or ""), "since": instants.moment(actor.published),
    }  # fmt: skip


def answer(
    request: Request,
    spelling: str,
    told: Telling,
    bounds: Bounds | None,
    *,
    below: str,
    since: datetime,
    query: str = "",
    emails: Mapping[str, str] = MappingProxyType({}),
    **about: Any,
) -> Response:
    """Answer with one page of a feed (RFC 5005 §3). ``since`` is when an empty feed was updated."""
    base_url = house(request).base_url
    media_type, write = SPELLINGS[spelling]
    address = _address(f"{below}/feed.{spelling}", query)
    items = [_item(one, base_url, emails) for one in told.told]
    gone = tuple(Deletion(iri, instants.moment(at)) for iri, at in told.buried)
    updated = max((*(item.updated for _, item in items), *(one.at for one in gone)), default=since)
    header = Header(
        id=address, here=_page(address, bounds), updated=updated, first=address,
        previous=_neighbour(address, told.newer), next=_neighbour(address, told.older),
        last=_page(address, Bounds(after=1)) if told.older else None, icon=f"{base_url}{FAVICON}", deletions=gone,
        hub=f"{base_url}{hub.PATH}", **about,
    )  # fmt: skip
    return answers.feed(
        request, write(header, items), media_type, updated=updated, here=header.here, hub=header.hub
    )


def _item(told: Told, base_url: str, emails: Mapping[str, str]) -> tuple[Entry, Item]:
    """Return an entry, with the number of its answers where we know them all."""
    entry = replace(entry_of(told), replies_total=told.post.replies if told.post.local else None)
    return entry, reachable(item_of(entry, base_url), emails)


def _neighbour(feed: str, bounds: Bounds | None) -> str | None:
    return None if bounds is None else _page(feed, bounds)


def _page(feed: str, bounds: Bounds | None) -> str:
    return feed if bounds is None else _address(feed, paging.query(bounds))


def _address(feed: str, query: str) -> str:
    return f"{feed}{'&' if '?' in feed else '?'}{query}" if query else feed
