"""An actor's page: who this is, what is pinned, what was told lately."""

from dataclasses import dataclass

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import Response

from server import paging
from server.house import house
from server.pages import answers
from server.pages.answers import Alternate
from server.pages.cards import Card, card
from server.pages.portraits import Portrait, followed, of_actor, of_name, sanitised, shown
from storage import Transaction, actors, entries
from storage.actors import ActorRow
from storage.posts import Post
from streams import posts
from streams.posts import Around, Telling
from streams.read import Bounds
from vocab import Object, html, media, plaintext, stored

FIELDS_MAX = 50
COUNTED = ("outbox", "followers", "following")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a page says of one of ours beyond its portrait; ``moved`` is where it went."""

    portrait: Portrait
    about: Markup
    excerpt: str
    fields: list[tuple[str, Markup]]
    banner: str | None
    indexable: bool
    counts: dict[str, int]
    moved: Portrait | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One post of a profile; ``sharer`` passed it on."""

    card: Card
    sharer: Portrait | None


async def answer(request: Request, actor: ActorRow) -> Response:
    """Answer with the page of one of our actors."""
    parts = house(request)
    bounds, limit = paging.asked(request)
    profile, told, pinned, around = await parts.store.read(_profile, actor, parts.base_url, bounds, limit)
    path = profile.portrait.page
    return answers.page(
        request,
        "profile.html",
        alternates=alternates(actor.iri, f"{parts.base_url}{path}", profile.portrait.plain),
        canonical=f"{parts.base_url}{path}",
        path=path,
        profile=profile,
        pinned=[card(post, parts.base_url, around) for post in pinned],
        entries=[
            _entry(one, parts.base_url, around, profile.portrait)
            for one in told.told
            if one.post not in pinned
        ],
        newer=told.newer and paging.query(told.newer),
        older=told.older and paging.query(told.older),
        first_page=bounds is None,
    )


def alternates(document: str, page: str, title: str) -> tuple[Alternate, ...]:
    """Return the other forms of a list of posts: its document, and its feeds."""
    return (
        Alternate(document, answers.ACTIVITY_JSON),
        Alternate(f"{page}/feed.atom", "application/atom+xml", f"{title} (Atom)"),
        Alternate(f"{page}/feed.rss", "application/rss+xml", f"{title} (RSS)"),
        Alternate(f"{page}/feed.json", "application/feed+json", f"{title} (JSON Feed)"),
    )


def _entry(told: posts.Told, base_url: str, around: Around, owner: Portrait) -> Entry:
    sharer = owner if told.shared and owner.kind != "Group" else None
    return Entry(card(told.post, base_url, around), sharer)


async def _profile(
    tx: Transaction, actor: ActorRow, base_url: str, bounds: Bounds | None, limit: int
) -> tuple[Profile, Telling, list[Post], Around]:
    told = await posts.outbox(tx, actor.id, bounds or Bounds(), limit=limit)
    pinned = [] if bounds else await posts.pinned(tx, actor.id)
    around = await posts.around(tx, [*pinned, *(one.post for one in told.told)])
    return await _described(tx, actor, base_url), told, pinned, around


async def _described(tx: Transaction, actor: ActorRow, base_url: str) -> Profile:
    document = stored(actor.document, actor.context)
    streams = {kind: await entries.find(tx, actor.id, kind) for kind in COUNTED}
    banner = media.picture(document, "image")
    moved = next(iter(document.ids("movedTo")), None)
    summary = document.text("summary") or ""
    return Profile(
        portrait=of_actor(actor, base_url),
        about=sanitised(summary, document, base_url),
        excerpt=" ".join(html.plain(summary).split())[:200],
        fields=_fields(document, base_url),
        banner=banner if shown(banner, base_url) else None,
        indexable=document.get("indexable") is True,
        counts={
            kind: (stream.public_total if kind == "outbox" else stream.total) if stream else 0
            for kind, stream in streams.items()
        },
        moved=None if moved is None else await _found(tx, moved, base_url),
    )


async def _found(tx: Transaction, iri: str, base_url: str) -> Portrait:
    known = await actors.find(tx, iri)
    return of_name(iri) if known is None else of_actor(known, base_url)


def _fields(document: Object, base_url: str) -> list[tuple[str, Markup]]:
    """Return the fields of a profile: ``PropertyValue``, or the Notes and Links of FEP-fb2a (AP-097, AP-747)."""
    found = []
    for node in document.embedded("attachment")[:FIELDS_MAX]:
        value = node.text("content") or node.get("value") or node.get("href")
        if isinstance(value, str) and node.is_a("PropertyValue", "Note", "Link"):
            found.append((plaintext.name(node.text("name") or ""), _value(value, document, base_url)))
    return found


def _value(value: str, document: Object, base_url: str) -> Markup:
    """Return the value of a field; its links say that they lead to the same person (``rel="me"``)."""
    address = value.strip()
    if followed(address) != "#":
        value = f'<a href="{escape(address)}">{escape(address)}</a>'
    return sanitised(html.about_oneself(value), document, base_url)
