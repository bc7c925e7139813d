"""What a feed says of itself and of each entry, before it is spelt as Atom or as JSON Feed.

Both dialects read from here, so that they cannot disagree. Whether someone may read an activity is decided
before it comes here (SEC-076).
"""

from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from typing import Final

from vocab import html, media, plaintext, telling
from vocab.iri import is_http
from vocab.media import Medium
from vocab.objects import Object

CARRIERS: Final = ("Create", "Announce", "Update")
"""Activities that are read for what they bring; all others are news themselves."""


@dataclass(frozen=True, slots=True)
class Person:
    """An author. ``page`` and ``picture`` are addresses."""

    name: str
    page: str | None = None
    picture: str | None = None


@dataclass(frozen=True, slots=True)
class Header:
    """A feed: ``id`` never changes, ``page`` is what people look at, ``here`` this very document.

    ``first``, ``previous`` (newer) and ``next`` (older) are addresses of pages of the same feed (RFC 5005 §3).
    """

    id: str
    title: str
    page: str
    here: str
    updated: datetime
    subtitle: str = ""
    author: Person | None = None
    icon: str | None = None
    language: str | None = None
    first: str | None = None
    previous: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An entry: ``id`` never changes, ``content`` is sanitised markup, instants are UTC.

    ``parent`` is the IRI of what it answers; ``replies`` where its answers are, ``replies_total`` how many.
    """

    id: str
    title: str
    content: str
    published: datetime
    updated: datetime
    author: Person
    page: str | None = None
    document: str | None = None
    named: bool = False
    language: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Medium, ...] = field(default=())
    parent: str | None = None
    replies: str | None = None
    replies_total: int | None = None


def item(activity: Object, author: Person, *, at: datetime, replies_total: int | None = None) -> Item:
    """Read an activity, or an object by itself, as an entry.

    A carrier with its object embedded is shown as that object, under the activity's id. ``at`` is when it
    was stored, for those that do not say when they were published. ``updated`` is never before ``published``.
    """
    about = activity.embedded("object") if activity.is_a(*CARRIERS) else []
    thing = about[0] if len(about) == 1 and not activity.text("content") else activity
    published = thing.instant("published") or activity.instant("published") or at
    return Item(
        id=activity.id or thing.id or "",
        title=telling.title(thing, author.name),
        content=_content(thing),
        published=published,
        updated=max(published, thing.instant("updated") or published),
        author=author,
        page=media.page(thing) or _web(thing.id),
        document=_web(activity.id),
        named=bool(thing.text("name")),
        language=language(thing),
        categories=tuple(hashtags(thing)),
        enclosures=tuple(one for one in media.attached(thing) if one.media_type),
        parent=next(iter(thing.ids("inReplyTo")), None),
        replies=_web(next(iter(thing.ids("replies")), None)),
        replies_total=replies_total,
    )


def language(thing: Object) -> str | None:
    """Return the language of a thing's text, when it says one (AP-013)."""
    texts = thing.get("contentMap")
    if not isinstance(texts, dict):
        return None
    shown = thing.text("content")
    tags = [tag for tag, text in texts.items() if text == shown and tag != "und"]
    return tags[0] if len(tags) == 1 else None


def hashtags(thing: Object) -> list[str]:
    """Return the hashtags of a thing without their ``#``, each once."""
    names = (tag.text("name") for tag in thing.embedded("tag") if tag.is_a("Hashtag"))
    return list(
        dict.fromkeys(plaintext.name(name).lstrip("#") for name in names if name and name.strip("# "))
    )


def _content(thing: Object) -> str:
    """Return the text of an entry; a warning stands before it, as readers of feeds cannot fold it away."""
    content = html.with_hosts(html.sanitise(thing.text("content") or ""))
    summary = html.plain(thing.text("summary") or "")
    if not summary:
        return content
    shown = escape(summary, quote=False)
    return (
        f"<p><strong>{shown}</strong></p>{content}" if thing.get("sensitive") else f"<p>{shown}</p>{content}"
    )


def _web(address: str | None) -> str | None:
    return address if address is not None and is_http(address) else None
