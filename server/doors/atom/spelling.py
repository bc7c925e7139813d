"""The stream in each of its forms (Atom §3, §7.6, §13, §14)."""

from collections.abc import Callable, Sequence
from typing import Final

from server import hub
from server.doors.atom import negotiating
from server.inward import media_type
from server.pages.feeds import FAVICON
from server.providers.stream import Stream
from streams.providers import Problems
from vocab.dialects import as1, as2page, atom, jsonfeed, rss
from vocab.dialects.syndication import Authorisation, Header, Item, Troubles, item_of, reachable
from vocab.dialects.syndication.reading import offset
from vocab.entry import Entry

Told = Sequence[tuple[Entry, Item]]
Writer = Callable[[Header, Told], bytes]

WRITERS: Final[dict[str, tuple[str, Writer]]] = {
    negotiating.ATOM: (atom.MEDIA_TYPE, lambda header, told: atom.feed(header, [item for _, item in told])),
    negotiating.RSS: (rss.MEDIA_TYPE, lambda header, told: rss.feed(header, [item for _, item in told])),
    negotiating.JSON: (
        jsonfeed.MEDIA_TYPE,
        lambda header, told: jsonfeed.feed(header, [item for _, item in told]),
    ),
    negotiating.AS1: (as1.MEDIA_TYPE, as1.feed),
    negotiating.AS2: (
        as2page.MEDIA_TYPE,
        lambda header, told: as2page.page(header, [entry for entry, _ in told]),
    ),
}
"""A form → its media type, and how it is written. Pages for people are written by ``server.pages``."""


def write(stream: Stream, form: str, base_url: str, *, now_offset: str) -> bytes:
    """Write the stream. Pure, so that it may be done on another thread."""
    told = [
        (entry, reachable(item_of(entry, base_url, tongue=stream.tongue, zone=stream.zone), stream.emails))
        for entry in stream.entries
    ]
    _, writer = WRITERS[form]
    written = writer(header(stream, base_url, now_offset=now_offset), told)
    if stream.query.relative_links:
        written = relative(written, stream.addresses.root)
    return written


def header(stream: Stream, base_url: str, *, now_offset: str) -> Header:
    """Return what the stream says of itself."""
    where = stream.addresses
    return Header(
        id=where.id,
        title=stream.title,
        page=f"{where.root}/activity",
        here=where.here,
        updated=stream.updated,
        icon=f"{base_url}{FAVICON}",
        first=where.first,
        previous=where.previous,
        next=where.next,
        last=where.last,
        hub=f"{base_url}{hub.PATH}" if not stream.asking.way else None,
        offset=now_offset,
        troubles=troubles(stream.problems),
        deletions=tuple(stream.deletions),
    )


def link(stream: Stream, form: str, base_url: str) -> str:
    """Return what the header of a stream that everybody may read says of the hub (WebSub §4); empty for any other.

    The hub tells of forms that are nothing but feeds.
    """
    if stream.asking.way or media_type(WRITERS[form][0]) not in hub.TYPES:
        return ""
    return f'<{base_url}{hub.PATH}>; rel="hub", <{stream.addresses.here}>; rel="self"'


def troubles(problems: Problems) -> Troubles:
    """Return why something may be missing, as feeds tell it."""
    return Troubles(
        problems.timed_out, problems.throttled, problems.banned,
        tuple(Authorisation(one.id, one.name, one.uri, one.authorisation_uri) for one in problems.authorisations),
    )  # fmt: skip


def relative(written: bytes, root: str) -> bytes:
    """Let links begin behind what all addresses of the door begin with (Atom §4.1)."""
    return written.replace(f'href="{root}/'.encode(), b'href="/')


__all__ = ["WRITERS", "header", "link", "offset", "relative", "troubles", "write"]
