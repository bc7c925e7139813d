"""Reading an entry of a stream as an entry of a feed (Atom §3.4, §12.3)."""

import re
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Final

from vocab import html, media, plaintext
from vocab import iri as iris
from vocab.dialects.as1 import types, verbs
from vocab.dialects.syndication import bodies, titles
from vocab.dialects.syndication.addresses import web
from vocab.dialects.syndication.icons import icon
from vocab.dialects.syndication.items import Category, Generator, Item, Thing
from vocab.dialects.syndication.people import people
from vocab.dialects.syndication.things import is_comment, plainly, thing_of
from vocab.entry import Entry
from vocab.iri import is_http
from vocab.media import Medium
from vocab.objects import Object
from vocab.terms import PUBLIC_SPELLINGS

CARRIERS: Final = ("Create", "Announce", "Update", "Add", "Question")
"""Activities that are read for what they bring; all others are news themselves."""
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
APPLICATION: Final = "org.w3id.headwater"
"""The producer of what came from nowhere else (Atom §3.4.13)."""
APPLICATIONS: Final = "applications"
"""The provider of what applications put into their feeds (Atom §8.5)."""
_CHANGES_OF_STATE: Final = verbs.VENDOR + "jira/transition"


def item_of(
    entry: Entry,
    base_url: str,
    *,
    tongue: str | None = None,
    zone: tzinfo = UTC,
) -> Item:
    """Return what feeds show of an entry.

    ``tongue`` is the language that its reader wants, ``zone`` where they are. What an activity brings is shown
    under the activity's id; an activity without an object is about itself.
    """
    activity = entry.activity
    authors = people(activity, base_url)
    about = _about(activity)
    thing = _only(activity)
    brought = thing if activity.is_a(*CARRIERS, "Activity") else Object({})
    comment = is_comment(brought)
    page = _page(activity, thing)
    if _is_nowhere(entry, page, base_url):
        page = web(activity.id)
    target, parent = _target(activity, brought, base_url), _parent(brought)
    target = None if target is None else _placed(entry, target, base_url)
    things = tuple(_placed(entry, thing_of(value, base_url), base_url) for value in about)
    title_html = titles.written(entry.title_html) or titles.title(
        authors, entry.verb, things, target, comment=comment
    )
    title = " ".join(html.plain(title_html).split())
    content = _content(entry, thing, comment=comment, tongue=tongue) or _described(activity, title)
    shown, label = icon(activity, things, base_url)
    return Item(
        id=iris.identifier(entry.id),
        title=title,
        title_html=title_html,
        summary=bodies.excerpt(content, thing, page),
        content=content,
        published=entry.published,
        updated=entry.updated,
        author=authors[0],
        further_authors=authors[1:],
        page=page,
        document=entry.id if entry.item is not None and is_http(entry.id) else None,
        named=bool(entry.title_html or thing.text("name")),
        language=bodies.language(brought, tongue),
        categories=_categories(entry, brought),
        enclosures=_enclosures(brought),
        icon=shown,
        icon_label=label,
        actions=entry.actions,
        parent=None if parent is None else iris.identifier(parent),
        parent_page=target.page if target is not None and target.id == parent else web(parent),
        further_parents=tuple(dict.fromkeys(map(iris.identifier, brought.ids("inReplyTo")[1:]))),
        replies=web(next(iter(brought.ids("replies")), None)),
        replies_total=entry.replies_total,
        via=web(next(iter(activity.ids("object")), None)) if activity.is_a("Announce") else None,
        mentioned=_mentioned(activity, brought),
        source=entry.source,
        generator=_generator(activity, base_url),
        application=plaintext.name(entry.application).strip() or _application(activity),
        verbs=tuple(iris.written(verbs.iri(one)) for one in entry.verb),
        things=things or (_itself(entry, title, page),),
        target=target,
        offset=offset(entry.published, zone),
        warning=bodies.warning(brought),
        covered=brought.get("sensitive") is True,
    )


def brief(entry: Entry, base_url: str) -> str:
    """Return the title of an entry whose text is read below it: what has no name is not told by how it begins."""
    activity = entry.activity
    about = _about(activity)
    thing = _only(activity)
    comment = is_comment(thing)
    things = [_placed(entry, thing_of(value, base_url), base_url) for value in about]
    plain = [one if one.title else replace(one, label=plainly(one)) for one in things]
    target = _target(activity, thing, base_url)
    target = None if target is None else _placed(entry, target, base_url)
    if comment and target is not None and not target.label:
        target = replace(target, label="a post")
    return titles.title(people(activity, base_url), entry.verb, plain, target, comment=comment)


def _placed(entry: Entry, thing: Thing, base_url: str) -> Thing:
    return replace(thing, page=None) if _is_nowhere(entry, thing.page, base_url) else thing


def _is_nowhere(entry: Entry, page: str | None, base_url: str) -> bool:
    """Tell whether there is nothing at an address: applications name things of theirs that they say nothing of."""
    ours = page is not None and page.startswith(f"{base_url}/") and "/entities/" in page
    return ours and entry.provider == APPLICATIONS


def _about(activity: Object) -> list[Any]:
    """Return what an activity is about; a question, which is an activity and has no object, is about itself."""
    asked = [activity.data] if activity.is_a("Question") else []
    return activity.values("object") or asked


def _only(activity: Object) -> Object:
    nodes = activity.embedded("object") or ([activity] if activity.is_a("Question") else [])
    return nodes[0] if len(nodes) == 1 else Object({})


def offset(at: datetime, zone: tzinfo) -> str:
    """Spell how far a zone is from UTC at an instant: ``+0530`` (Atom §3.1.4)."""
    return at.astimezone(zone).strftime("%z")[:5]


def _content(entry: Entry, thing: Object, *, comment: bool, tongue: str | None) -> str:
    """Return what an entry says: the activity's own text, else that of what it brings.

    What only changed its state says nothing new, unless it came in a feed, whose entries bring texts of their own.
    """
    if entry.activity.text("content") and not entry.activity.is_a("Question"):
        return bodies.body(entry.activity.with_(type=None), comment=False, tongue=tongue)
    if not entry.activity.is_a(*CARRIERS, "Activity"):
        return ""
    if _CHANGES_OF_STATE in entry.verb and entry.source is None:
        return ""
    return bodies.body(thing, comment=comment, tongue=tongue)


def _described(activity: Object, title: str) -> str:
    """Return what an activity says of itself in brief, unless its title says it."""
    said = " ".join(html.plain(activity.text("summary") or "").split())
    return "" if not said or said in title else f"<p>{escape(said, quote=False)}</p>"


def _page(activity: Object, thing: Object) -> str | None:
    """Return the permalink: of the activity if it has one, else of what it brings."""
    brought = activity.is_a(*CARRIERS, "Activity")
    own = web(media.page(activity))
    return own or (brought and (web(media.page(thing)) or web(thing.id))) or web(activity.id)


def _target(activity: Object, thing: Object, base_url: str) -> Thing | None:
    """Return what it was done to: a comment is made on what it answers."""
    given = activity.values("target") or thing.values("inReplyTo")
    found = next((value for value in given if isinstance(value, str | dict)), None)
    if found is None:
        return None
    told = thing_of(found, base_url)
    named = isinstance(found, dict) or not thing.values("inReplyTo")
    return told if named else Thing(id=told.id, page=told.page)


def _parent(thing: Object) -> str | None:
    return next(iter(thing.ids("inReplyTo")), None)


def _categories(entry: Entry, thing: Object) -> tuple[Category, ...]:
    tags = [Category(name, f"#{name}") for name in bodies.hashtags(thing) if name.strip()]
    words = (" ".join(plaintext.name(term).split()) for term in entry.category)
    return tuple(dict.fromkeys([*(Category(word) for word in words if word), *tags]))


def _enclosures(thing: Object) -> tuple[Medium, ...]:
    """Return the files that readers can do something with: those of which it is known of what kind they are."""
    found = (one for one in media.attached(thing) if _MEDIA_TYPE.fullmatch(one.media_type))
    return tuple(replace(one, url=iris.written(one.url)) for one in found)


def _mentioned(activity: Object, thing: Object) -> tuple[str, ...]:
    """Return who is named or addressed, each once; lists of people are nobody."""
    named = [tag.get("href") for tag in thing.embedded("tag") if tag.is_a("Mention")]
    addressed = [one for term in ("to", "cc") for one in activity.ids(term) if one not in PUBLIC_SPELLINGS]
    found = [*named, *(one for one in addressed if not one.endswith(("/followers", "/following")))]
    return tuple(dict.fromkeys(page for one in found if isinstance(one, str) and (page := web(one))))


def _generator(activity: Object, base_url: str) -> Generator:
    """Return the application that told it: as it says itself, else this server."""
    found = next(iter(activity.values("generator")), None)
    if isinstance(found, str):
        return Generator(web(found) or base_url)
    if not isinstance(found, dict):
        return Generator(base_url)
    node = Object(found)
    url = web(node.id) or web(media.page(node)) or base_url
    return Generator(url, " ".join(plaintext.name(node.text("name") or "").split()))


def _application(activity: Object) -> str:
    return next(iter(activity.ids("generator")), "") or APPLICATION


def _itself(entry: Entry, title: str, page: str | None) -> Thing:
    """Return an activity as what it is about (Atom §10.3.5)."""
    kind = "article" if entry.title_html else "note"
    return Thing(entry.id, title, page=page, type=types.iri(kind), label=title)
