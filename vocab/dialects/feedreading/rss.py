"""RSS 0.9x, 1.0 and 2.0, with Dublin Core, content, media, slash and the others in use (Atom §10.2)."""

import re
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

from vocab import feedhtml, html
from vocab.dialects.feedreading import composing, moments, texts
from vocab.dialects.feedreading.composing import Parts, address, line
from vocab.dialects.feedreading.media import attached
from vocab.dialects.feedreading.names import (
    ATOM10,
    ATOMS,
    CONTENT,
    DC,
    FEEDBURNER,
    MEDIA,
    RDF,
    RSS_SPACES,
    SY,
    THREAD,
    children,
    value,
)
from vocab.dialects.feedreading.reading import Item, Reading
from vocab.entry import Source
from vocab.xmltree import local, namespace

ITEMS_MAX: Final = 5_000
MANY: Final = 100
PERIODS: Final = {
    "hourly": 3600,
    "daily": 86_400,
    "weekly": 604_800,
    "monthly": 2_592_000,
    "yearly": 31_536_000,
}
INTERVAL_SECONDS_MAX: Final = 7 * 86_400
"""A feed that asks to be left alone for longer is asked all the same."""
DAYS: Final = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"})

_MAILED = re.compile(r"\A\s*(?:<?[^\s<>()@]+@[^\s<>()@]+>?)\s*(?:\((.*)\))?\s*\Z")
_NAMED = re.compile(r"\A\s*(.*?)\s*<[^\s<>@]+@[^\s<>@]+>\s*\Z")
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>|&#?\w{1,32};")


def read(root: Element, found_at: str) -> Reading:
    """Read a feed of any of these versions; of RSS 1.0 the items stand beside their channel."""
    base = texts.based(root, found_at)
    channel = next((one for one in root if local(one) == "channel"), root)
    base = texts.based(channel, base)
    home = address(_text(channel, "link"), base) or address(_self(channel, "alternate"), base)
    here = address(_self(channel, "self"), base)
    feed = here or found_at
    holders = (channel, root) if channel is not root else (root,)
    found = [one for holder in holders for one in holder if local(one) == "item"]
    creators = [person for text in _creators(channel)[:1] if (person := _author(text))]
    items = [_item(one, home or base, feed, creators) for one in found[:ITEMS_MAX]]
    image = _child(channel, "image")
    hubs = [address(one.get("href"), base) for one in _links(channel) if one.get("rel") == "hub"]
    dated = _text(channel, "lastBuildDate") or _text(channel, "pubDate") or value(channel, DC, "date")
    return Reading(
        "rss",
        id=feed,
        title=html.plain(feedhtml.title(_text(channel, "title"))),
        subtitle=html.plain(feedhtml.title(_text(channel, "description"))),
        here=here,
        home=home,
        icon="" if image is None else address(_text(image, "url"), base),
        next=address(_self(channel, "next"), base),
        hubs=tuple(hub for hub in hubs if hub),
        updated=moments.read(dated),
        items=composing.newest_first(items),
        interval_seconds=_interval(channel),
        skip_hours=_hours(channel),
        skip_days=frozenset(day.lower() for day in _skipped(channel, "skipDays", "day")) & DAYS,
        warnings=(f"only the first {ITEMS_MAX} items were read",) if len(found) > ITEMS_MAX else (),
    )


def _item(element: Element, base: str, feed: str, creators: list[dict[str, Any]]) -> Item:
    base = texts.based(element, base)
    guid = _child(element, "guid")
    id = line(_text(element, "guid")) or (element.get(f"{{{RDF}}}about") or "").strip()
    permanent = guid is not None and (guid.get("isPermaLink") or "true").strip().lower() != "false"
    url = (
        address(value(element, FEEDBURNER, "origLink"), base)
        or address(_text(element, "link"), base)
        or address(_self(element, "alternate"), base)
        or (address(id) if permanent or guid is None else "")
        or _player(element, base)
    )
    dated = (
        _text(element, "pubDate") or value(element, DC, "date") or _of_atom(element, "published", "updated")
    )
    source = _child(element, "source")
    parts = Parts(
        id=id,
        title=feedhtml.title(_text(element, "title"), base),
        content=_content(element, base),
        url=url,
        published=moments.read(dated),
        updated=moments.read(_of_atom(element, "updated")),
        dated=line(dated),
        authors=[person for text in _creators(element) if (person := _author(text))] or creators,
        categories=[line(texts.plain(one)) for one in _categories(element) if line(texts.plain(one))],
        attachments=attached(element, [], base),
        refs=[ref for one in children(element, THREAD, "in-reply-to")[:MANY] if (ref := line(one.get("ref")))],
        source=None if source is None or not address(source.get("url")) else Source(
            address(source.get("url")), line(texts.plain(source)), None, address(source.get("url"))
        ),
        raw=tostring(element, encoding="unicode"),
    )  # fmt: skip
    if value(element, CONTENT, "encoded"):
        parts.summary = feedhtml.body(_marked_up(_text(element, "description")), base)
    return composing.item(parts, feed=feed)


def _content(element: Element, base: str) -> str:
    """Return the text of an item: the whole one, else its description, else that of its media."""
    groups = [element, *children(element, MEDIA, "group")]
    whole = value(element, CONTENT, "encoded") or _text(element, "body") or _text(element, "description")
    return feedhtml.body(
        _marked_up(whole or next((text for one in groups if (text := value(one, MEDIA, "description"))), "")),
        base,
    )


def _marked_up(text: str) -> str:
    """Give plain text its lines as markup; what has tags or references is markup already."""
    return (
        text
        if _MARKUP.search(text)
        else text.strip().replace("&", "&amp;").replace("<", "&lt;").replace("\n", "<br>")
    )


def _child(element: Element, name: str) -> Element | None:
    """Return the first child of RSS's own by this name: without a namespace, or in one of RSS 1.0."""
    return next((one for one in element if local(one) == name and _is_own(one)), None)


def _is_own(element: Element) -> bool:
    return namespace(element) in RSS_SPACES


def _text(element: Element, name: str) -> str:
    """Return the text of the first such child that has some."""
    found = (one for one in element if local(one) == name and _is_own(one))
    return next((text for one in found if (text := texts.plain(one).strip())), "")


def _links(element: Element) -> list[Element]:
    return children(element, ATOM10, "link")[:MANY]


def _self(element: Element, rel: str) -> str:
    return next(
        (one.get("href") or "" for one in _links(element) if (one.get("rel") or "alternate") == rel), ""
    )


def _of_atom(element: Element, *names: str) -> str:
    return next(
        (
            texts.plain(one)
            for name in names
            for one in element
            if local(one) == name and namespace(one) in ATOMS
        ),
        "",
    )


def _player(element: Element, base: str) -> str:
    return next((address(one.get("url"), base) for one in children(element, MEDIA, "player")), "")


def _creators(element: Element) -> list[str]:
    found = [texts.plain(one) for one in children(element, DC, "creator")] or [
        texts.plain(one) for one in element if local(one) in ("author", "managingEditor")
    ]
    return [text for text in found[:MANY] if text.strip()]


def _author(text: str) -> dict[str, Any] | None:
    """Read ``mail (name)``, ``name <mail>`` or a name; a mail address is never kept."""
    mailed, named = _MAILED.match(text[:500]), _NAMED.match(text[:500])
    name = (mailed[1] or "") if mailed else named[1] if named else text
    return composing.person(html.plain(feedhtml.title(name))) if line(name) else None


def _categories(element: Element) -> list[Element]:
    plain = [one for one in element if local(one) == "category" and namespace(one) not in (*ATOMS, MEDIA)]
    return [*plain, *children(element, DC, "subject")][:MANY]


def _hours(channel: Element) -> frozenset[int]:
    hours = _skipped(channel, "skipHours", "hour")
    return frozenset(int(hour) % 24 for hour in hours if hour.isascii() and hour.isdigit() and len(hour) < 3)


def _skipped(channel: Element, kind: str, name: str) -> list[str]:
    found = _child(channel, kind)
    return [] if found is None else [line(texts.plain(one)) for one in found if local(one) == name][:MANY]


def _interval(channel: Element) -> int:
    """Return how long the feed asks to be left alone: by its ttl in minutes, or by a period and how often in it."""
    ttl = _text(channel, "ttl")
    if ttl.isascii() and ttl.isdigit() and len(ttl) < 8:
        return min(int(ttl) * 60, INTERVAL_SECONDS_MAX)
    period, often = (
        PERIODS.get(value(channel, SY, "updatePeriod").lower(), 0),
        value(channel, SY, "updateFrequency"),
    )
    times = int(often) if often.isascii() and often.isdigit() and 0 < len(often) < 6 else 1
    return min(period // max(times, 1), INTERVAL_SECONDS_MAX)
