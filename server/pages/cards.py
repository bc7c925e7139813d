"""A post as a page shows it: text, warning, pictures, poll, quotation, counts."""

from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from server.pages import polls
from server.pages.polls import Poll
from server.pages.portraits import Portrait, followed, of_author, of_name, sanitised, shown, shown_address
from storage.posts import Post
from streams import ids, posts
from streams.posts import NOTHING, Around
from vocab import Object, html, instants, media, plaintext, quotes, telling
from vocab import iri as iris
from vocab.dialects.syndication import hashtags, language
from vocab.media import Medium

EXCERPT_CHARS_MAX = 200
LONG_CHARS_MIN = 4_000
"""Longer texts are shown whole on their own page only."""
SHORT = ("Note", "Question", "ChatMessage")
"""Types whose ``summary`` is a warning; that of others tells what they are about."""


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag, and the path of its page."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Parent:
    """What a post answers: whose it is, or where, and a link to it."""

    name: str
    link: str
    local: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Everything a template says of one post.

    ``link`` leads to its page: ours by its path, anyone else's at home. ``warning`` stands before a text that
    is folded away; ``covered`` pictures are behind a cover. ``files`` are what is only linked to.
    """

    iri: str
    link: str
    local: bool
    kind: str
    author: Portrait
    name: str
    warning: str
    abstract: str
    content: Markup
    excerpt: str
    long: bool
    language: str | None
    covered: bool
    media: list[Medium]
    files: list[Medium]
    poll: Poll | None
    quote: "Card | None"
    quote_link: str | None
    parent: Parent | None
    starts: datetime | None
    place: str
    tags: list[Tag]
    published: datetime
    edited: datetime | None
    history: str | None
    replies: int
    likes: int | None
    shares: int | None


def card(post: Post, base_url: str, around: Around = NOTHING, *, public: bool = True) -> Card:
    """Return what a page shows of a post. What is not ``public`` is shown without loading from elsewhere."""
    quote = around.quoted.get(post.id)
    thing = posts.read(post)
    author = of_author(post, base_url) or of_name(post.iri)
    published = instants.moment(post.published)
    folded = _warned(thing)
    summary = html.plain(thing.text("summary") or "")
    pictures, files = _attached(thing, base_url, public=public)
    quote_iri = quotes.quoted(thing)
    return Card(
        iri=post.iri,
        link=_path(post, thing, base_url),
        local=bool(post.local),
        kind=post.type,
        author=author,
        name=_name(thing, author),
        warning=(summary or "Sensitive content") if folded else "",
        abstract="" if folded else summary,
        content=sanitised(thing.text("content") or "", thing, base_url),
        excerpt=telling.shortened(
            " ".join(html.plain(thing.text("content") or "").split()), EXCERPT_CHARS_MAX
        ),
        long=len(thing.text("content") or "") > LONG_CHARS_MIN,
        language=language(thing),
        covered=thing.get("sensitive") is True and not folded,
        media=pictures,
        files=files,
        poll=polls.of(thing, datetime.now(UTC)),
        quote=None if quote is None else card(quote, base_url),
        quote_link=quote_iri if quote is None and quote_iri and followed(quote_iri) != "#" else None,
        parent=_parent(thing, around.answered.get(post.id), base_url),
        starts=thing.instant("startTime") if thing.is_a("Event") else None,
        place=_place(thing),
        tags=_tags(thing, base_url) if post.local else [],
        published=thing.instant("published") or published,
        edited=_edited(thing, post),
        history=next(iter(thing.ids("formerRepresentations")), None) if post.local else None,
        replies=post.replies,
        likes=(post.likes or 0) if post.local else None,
        shares=(post.shares or 0) if post.local else None,
    )


def address(post: Post, base_url: str) -> str:
    """Return where people read a post: on a page of ours by its path, or at its home."""
    return _path(post, posts.read(post), base_url)


def _parent(thing: Object, known: Post | None, base_url: str) -> Parent | None:
    """Return what a post answers, by its author when everyone may read it, else by its host."""
    iri = next((iri for iri in thing.ids("inReplyTo") if followed(iri) != "#"), None)
    if iri is None:
        return None
    author = None if known is None else of_author(known, base_url)
    if known is None or author is None:
        return Parent(f"a post at {iris.host(iri)}", iri, local=False)
    return Parent(author.plain, address(known, base_url), bool(known.local))


def _path(post: Post, thing: Object, base_url: str) -> str:
    if post.local and post.iri.startswith(f"{base_url}/"):
        return post.iri.removeprefix(base_url)
    return followed(media.page(thing) or post.iri)


def _name(thing: Object, author: Portrait) -> str:
    """Return a heading: the name; for an activity without text the sentence that tells it (AP-025)."""
    name = " ".join(plaintext.name(thing.text("name") or "").split())
    if not name and thing.is_activity and not thing.is_a("Question") and not thing.text("content"):
        return telling.title(thing, author.plain)
    return name


def _warned(thing: Object) -> bool:
    """Tell whether a text is folded away: said to be sensitive, or for want of a word short and with a summary."""
    summary = html.plain(thing.text("summary") or "")
    if thing.get("sensitive") is None:
        return bool(summary) and thing.is_a(*SHORT)
    return thing.get("sensitive") is True and bool(summary)


def _attached(thing: Object, base_url: str, *, public: bool) -> tuple[list[Medium], list[Medium]]:
    """Separate what is shown from what is linked to: unknown kinds, plain http, and all that is not public."""
    every = media.attached(thing)
    pictures = [one for one in every if public and one.kind and shown(one.url, base_url)]
    return pictures, [one for one in every if one not in pictures]


def _place(thing: Object) -> str:
    names = (plaintext.name(node.text("name") or "") for node in thing.embedded("location"))
    return next((name for name in names if name), "")


def _tags(thing: Object, base_url: str) -> list[Tag]:
    """Return the hashtags of a post of ours, unless its text links them itself."""
    if "hashtag" in (thing.text("content") or ""):
        return []
    return [Tag(name, ids.tag(base_url, name).removeprefix(base_url)) for name in hashtags(thing)]


def _edited(thing: Object, post: Post) -> datetime | None:
    """Return when a post was last edited, as it says; counting votes and the like is no edit."""
    updated, published = (
        thing.instant("updated"),
        thing.instant("published") or instants.moment(post.published),
    )
    return updated if updated is not None and updated > published else None


def medium_name(medium: Medium) -> str:
    """Return what a link to a file is called."""
    return medium.description or shown_address(medium.url)
