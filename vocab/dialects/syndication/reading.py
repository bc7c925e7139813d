"""Reading an entry of a stream as an entry of a feed (Atom §3.4, §12.3)."""

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from html import escape
from typing import Any, Final

from vocab import html, media, plaintext
from vocab.dialects.as1 import types, verbs
from vocab.dialects.syndication import bodies, titles
from vocab.dialects.syndication.icons import icon
from vocab.dialects.syndication.items import Category, Generator, Item, Thing
from vocab.dialects.syndication.people import people
from vocab.dialects.syndication.things import is_comment, plainly, thing_of
from vocab.entry import Entry
from vocab.iri import is_http
from vocab.objects import Object
from vocab.terms import PUBLIC_SPELLINGS

CARRIERS: Final = ("Create", "Announce", "Update", "Add", "Question")
"""Activities that are read for what they bring; all others are news themselves."""
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
        page = _web(activity.id)
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
        id=entry.id,
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
        enclosures=tuple(one for one in media.attached(brought) if one.media_type),
        icon=shown,
        icon_label=label,
        actions=entry.actions,
        parent=parent,
        parent_page=target.page if target is not None and target.id == parent else _web(parent),
        further_parents=tuple(dict.fromkeys(brought.ids("inReplyTo")[1:])),
        replies=_web(next(iter(brought.ids("replies")), None)),
        replies_total=entry.replies_total,
        via=_web(next(iter(activity.ids("object")), None)) if activity.is_a("Announce") else None,
        mentioned=_mentioned(activity, brought),
        source=entry.source,
        generator=_generator(activity, base_url),
        application=entry.application or _application(activity),
        verbs=entry.verb,
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
    return media.page(activity) or (brought and (media.page(thing) or _web(thing.id))) or _web(activity.id)


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
    tags = [Category(name, f"#{name}") for name in bodies.hashtags(thing)]
    return (*(Category(plaintext.name(term)) for term in entry.category), *tags)


def _mentioned(activity: Object, thing: Object) -> tuple[str, ...]:
    """Return who is named or addressed, each once; lists of people are nobody."""
    named = [tag.get("href") for tag in thing.embedded("tag") if tag.is_a("Mention")]
    addressed = [iri for term in ("to", "cc") for iri in activity.ids(term) if iri not in PUBLIC_SPELLINGS]
    found = [*named, *(iri for iri in addressed if not iri.endswith(("/followers", "/following")))]
    return tuple(dict.fromkeys(iri for iri in found if isinstance(iri, str) and is_http(iri)))


def _generator(activity: Object, base_url: str) -> Generator:
    """Return the application that told it: as it says itself, else this server."""
    found = next(iter(activity.values("generator")), None)
    if isinstance(found, str):
        return Generator(_web(found) or base_url)
    if not isinstance(found, dict):
        return Generator(base_url)
    node = Object(found)
    url = _web(node.id) or media.page(node) or base_url
    return Generator(url, " ".join(plaintext.name(node.text("name") or "").split()))


def _application(activity: Object) -> str:
    return next(iter(activity.ids("generator")), "") or APPLICATION


def _itself(entry: Entry, title: str, page: str | None) -> Thing:
    """Return an activity as what it is about (Atom §10.3.5)."""
    kind = "article" if entry.title_html else "note"
    return Thing(entry.id, title, page=page, type=types.iri(kind), label=title)


def _web(address: str | None) -> str | None:
    return address if address is not None and is_http(address) else None
