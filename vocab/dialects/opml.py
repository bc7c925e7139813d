"""Lists of feeds that are followed, as OPML 2.0 has them (Atom §14)."""

from collections.abc import Iterable
from html import escape
from typing import Final, NamedTuple

from vocab import plaintext, xmltree
from vocab.dialects.feedreading import composing
from vocab.errors import ParseError
from vocab.xmltree import local

TYPE: Final = "text/x-opml"
FEEDS_MAX: Final = 1_000
TITLE_CHARS_MAX: Final = 500


class Outline(NamedTuple):
    """A feed: what it is called, where it is read, and the page that it belongs to."""

    title: str
    feed: str
    page: str = ""


def write(title: str, outlines: Iterable[Outline]) -> str:
    """Write a list of feeds."""
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<opml version="2.0"><head><title>{_text(title)}</title></head><body>',
    ]
    for one in outlines:
        page = f' htmlUrl="{_text(one.page)}"' if one.page else ""
        name = _text(one.title or one.feed)
        lines.append(f'<outline type="rss" text="{name}" title="{name}" xmlUrl="{_text(one.feed)}"{page}/>')
    return "\n".join([*lines, "</body></opml>", ""])


def read(text: str) -> list[Outline]:
    """Return the feeds of a list, folders and all, each once. Raises ParseError for what is no such list."""
    root = xmltree.parse(text)
    if local(root) != "opml":
        raise ParseError(f"<{local(root)[:40]}> is no list of feeds")
    found: dict[str, Outline] = {}
    for one in root.iter():
        if local(one) != "outline":
            continue
        named = {key.lower(): value for key, value in one.attrib.items()}
        feed = composing.address(named.get("xmlurl"))
        if feed:
            title = composing.line(named.get("title") or named.get("text"))[:TITLE_CHARS_MAX]
            found.setdefault(feed, Outline(title, feed, composing.address(named.get("htmlurl"))))
    if len(found) > FEEDS_MAX:
        raise ParseError(f"has {len(found)} feeds, at most {FEEDS_MAX} are taken")
    return list(found.values())


def _text(text: str) -> str:
    return escape(xmltree.without_forbidden(plaintext.without_controls(text)))
