"""The page of the stream: what happened, day by day, and what its reader may do about it (Atom §2, §7.1).

It is made of the same entries as every feed of the stream. Nothing on it needs a script: filters are a form that asks,
actions are small forms that post. With scripts, what is new is announced as it happens.
"""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo
from itertools import groupby
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from server.auth.onlookers import TOKEN, XSRF, Asking
from server.eventstream import QUIET, EventStream, event
from server.house import house
from server.pages import activityfilters, answers, static
from server.pages.activityfilters import Chip, Filters
from server.pages.answers import Alternate
from server.pages.portraits import HUES, shown
from server.pages.rendering import render
from storage.signals import ANYTHING
from vocab import html, instants, jsontext
from vocab.dialects.as1 import types, verbs
from vocab.dialects.syndication import Item, Person, Troubles, brief, item_of, warned
from vocab.entry import Action, Entry
from vocab.media import Medium

NONE: Final = Troubles()
PATH: Final = "/activity"
SETTLE_SECONDS: Final = 3.0
"""News of so long are looked at together."""
QUIET_SECONDS: Final = 15.0
MISSED_MAX: Final = 200
"""So many entries are told at once at most: to who comes back, and after a rush."""
UNTOLD_US: Final = 1_000_000
"""What arrived so shortly before one looks may not be committed yet: it is told again rather than never."""
SEEN_MAX: Final = 10_000
"""So many ids of entries are remembered of what a listener was told."""
PRIVATE: Final = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie",
}
FORMS: Final = {
    "atom": "Atom", "rss": "RSS", "json": "JSON Feed", "as1": "Activity Streams 1.0", "as2": "Activity Streams 2.0",
}  # fmt: skip
"""The forms that a stream has besides its page."""
MEDIA_TYPES: Final = {
    "atom": "application/atom+xml",
    "rss": "application/rss+xml",
    "json": "application/feed+json",
}
DRAWN_BY_VERB: Final = {"like": "like", "favorite": "like", "vote": "like", "share": "share", "repost": "share",
                        "follow": "person", "make-friend": "person"}  # fmt: skip
TONES: Final = {
    **dict.fromkeys(("fail", "abandon", "dislike"), "bad"),
    **dict.fromkeys(("pass", "resolve", "close", "complete", "approve"), "good"),
    **dict.fromkeys(("like", "favorite", "vote"), "warm"),
}
"""How what was done is coloured; colour never is the only sign."""


@dataclass(frozen=True, slots=True)
class Showing:
    """One page of the stream for one reader.

    ``options`` are the providers with their filters, as the configuration has them (Atom §5), the first of them what
    holds for all. ``newer`` and ``older`` are addresses of the pages beside this one. ``root`` is the path below which
    the door lies, ``zone`` where the reader is. ``scripts`` are paths of scripts of ours by which plug-ins add actions
    (Atom §7.1).
    """

    asking: Asking
    entries: Sequence[Entry]
    options: Sequence[Mapping[str, Any]] = ()
    troubles: Troubles = NONE
    newer: str | None = None
    older: str | None = None
    title: str = "Activity"
    root: str = ""
    zone: tzinfo = UTC
    scripts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Face:
    """The picture of an author; for want of one a letter on one of some colours."""

    picture: str | None
    initial: str
    hue: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as the page shows it: ``anchor`` is its place there, ``type`` the key of its first object's type."""

    item: Item
    anchor: str
    title: Markup
    content: Markup
    drawing: Markup
    own_icon: str
    tone: str
    type: str
    who: Face
    excerpt: str
    media: list[Medium]
    files: list[Medium]
    actions: tuple[Action, ...]
    at: str
    clock: str


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day."""

    date: date
    shown: list[Shown]

    @property
    def heading(self) -> str:
        """The day as people write it."""
        return f"{self.date:%A}, {self.date.day} {self.date:%B} {self.date.year}"


class Seen(NamedTuple):
    """An entry that somebody is shown, and when it arrived here, in microseconds."""

    id: str
    arrived: int


Look = Callable[[int], Awaitable[Sequence[Seen]]]


async def page(request: Request, stream: Showing) -> Response:
    """Answer with the page of a stream."""
    base_url = house(request).base_url
    query = activityfilters.without_paging(request.query_params.multi_items())
    filters = Filters.of(query, stream.options)
    first = stream.newer is None
    path = stream.root + PATH
    alternates = _alternates(base_url, path, query)
    text = render(
        "activity.html",
        host=house(request).host,
        public=False,
        alternates=alternates,
        title=stream.title,
        days=_days(base_url, stream),
        filters=filters,
        chips=_chips(path, filters.chips),
        troubles=stream.troubles,
        newer=_beside(stream.newer),
        older=_beside(stream.older),
        is_first=first,
        feeds=[(name, _address(path, query, form)) for form, name in FORMS.items()],
        live=f"{path}/live?{urlencode([*query, *_secret(request, stream.asking)])}" if first else "",
        token=stream.asking.form_token,
        token_field=XSRF,
        member=stream.asking.actor,
        scripts=list(stream.scripts),
        path=path,
    )
    return HTMLResponse(text, headers={**PRIVATE, "Link": answers.links(alternates)})


async def live(
    request: Request, look: Look, *, most: int, since: int | None = None, on_close: Callable[[], None]
) -> Response:
    """Answer with an event whenever a reader's stream has entries that it had not: of these, the ids.

    ``look`` returns as many of the newest entries that the reader may see by the query that was asked, usually
    ``most``, and raises when they may see none any more. What is not for the reader is never the cause of an event. The
    id of an event is an instant up to which all has been told: who comes back with it (``since``, in microseconds) is
    told what came since (WHATWG HTML §9.2). ``on_close`` is called at the end.
    """
    parts = house(request)

    def moment() -> int:
        return parts.ports.clock() - UNTOLD_US

    async def pieces() -> AsyncIterator[bytes]:
        seen = frozenset(one.id for one in first)
        missed = [one.id for one in first if since is not None and one.arrived > since][:MISSED_MAX]
        yield _news(begun, missed) if missed else b"id: %d\n\n" % begun
        while True:
            if not await bell.wait(QUIET_SECONDS):
                yield QUIET
                continue
            await asyncio.sleep(SETTLE_SECONDS)
            at = moment()
            found = [one.id for one in await look(most)]
            if len(found) == most < MISSED_MAX and seen.isdisjoint(found):
                found = [one.id for one in await look(MISSED_MAX)]
            new = [id for id in found if id not in seen]
            seen = frozenset((*seen, *found)) if len(seen) < SEEN_MAX else frozenset(found)
            if new:
                yield _news(at, new)

    with contextlib.ExitStack() as held:
        held.callback(on_close)
        bell = held.enter_context(parts.store.signals.listen(ANYTHING))
        begun = moment()
        first = await look(most if since is None else max(most, MISSED_MAX))
        return EventStream(pieces(), on_close=held.pop_all().close)


def _news(at: int, ids: Sequence[str]) -> bytes:
    return event(at, jsontext.dumps({"new": list(ids)}), "news")


def _secret(request: Request, asking: Asking) -> list[tuple[str, str]]:
    """Return the feed token of a reader who is known by one, for addresses that are told to them alone."""
    return [(TOKEN, request.query_params[TOKEN])] if asking.way == "token" else []


def _beside(address: str | None) -> str | None:
    """Return the address of a page beside this one, for a browser: it has shown who its reader is already."""
    if address is None:
        return None
    parts = urlsplit(address)
    query = parse_qsl(parts.query, keep_blank_values=True)
    return f"{parts.path}?{urlencode([(name, value) for name, value in query if name != 'os_authType'])}"


def _days(base_url: str, stream: Showing) -> list[Day]:
    zone = stream.zone
    every = [_shown(entry, index, base_url, zone) for index, entry in enumerate(stream.entries)]
    by_day = groupby(every, key=lambda one: one.item.published.astimezone(zone).date())
    return [Day(day, list(shown)) for day, shown in by_day]


def _shown(entry: Entry, index: int, base_url: str, zone: tzinfo) -> Shown:
    item = item_of(entry, base_url, zone=zone)
    verb = verbs.key(entry.verb[-1]) if entry.verb else "post"
    own = item.icon if item.icon and not item.icon.startswith(f"{base_url}/static/") else ""
    kind = DRAWN_BY_VERB.get(verb) or (item.icon or "kind-thing.svg").rpartition("kind-")[2].removesuffix(
        ".svg"
    )
    pictures = [one for one in item.enclosures if one.kind and shown(one.url, base_url)]
    return Shown(
        item=item,
        anchor=f"e{entry.item}" if entry.item is not None else f"n{index}",
        title=Markup(brief(entry, base_url) if item.content and not item.named else item.title_html),  # noqa: S704 sanitised
        content=Markup(item.content.removeprefix(warned(item.warning))),  # noqa: S704 sanitised
        drawing=Markup(static.drawing(f"kind-{kind if kind in static.KINDS else 'thing'}.svg")),  # noqa: S704 ours
        own_icon=own if own and shown(own, base_url) else "",
        tone=TONES.get(verb, ""),
        type=types.key(item.things[0].type) if item.things and item.things[0].type else "",
        who=_face(item.author, base_url),
        excerpt=" ".join(html.plain(item.summary).split()).removesuffix(" Read more"),
        media=pictures,
        files=[one for one in item.enclosures if one not in pictures],
        actions=entry.actions,
        at=instants.spell(instants.microseconds(entry.published)),
        clock=f"{entry.published.astimezone(zone):%H:%M}",
    )


def _face(author: Person, base_url: str) -> Face:
    initial = next((letter for letter in author.name if letter.isalnum()), "·").upper()
    hue = hashlib.sha256((author.id or author.name).encode()).digest()[0] % HUES
    return Face(author.picture if shown(author.picture, base_url) else None, initial, hue)


def _alternates(base_url: str, path: str, query: list[tuple[str, str]]) -> tuple[Alternate, ...]:
    return tuple(
        Alternate(base_url + _address(path, query, form), media_type, f"Activity ({FORMS[form]})")
        for form, media_type in MEDIA_TYPES.items()
    )


def _address(path: str, query: list[tuple[str, str]], form: str) -> str:
    """Return where the same stream is in another form."""
    return f"{path}?{urlencode([*query, ('format', form)])}"


def _chips(path: str, chips: Sequence[Chip]) -> list[tuple[str, str]]:
    return [(chip.label, f"{path}?{urlencode(chip.without)}" if chip.without else path) for chip in chips]
