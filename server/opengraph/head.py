"""The head of a page: its title, its ``meta`` and its ``link`` elements, and nothing else of it.

Markup comes from strangers. It is read in pieces, so that what never ends is found out early, and never to its end
when the head is over; what cannot be read is passed over.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

PIECE_CHARS: Final = 16 * 1024
UNREAD_CHARS_MAX: Final = 256 * 1024
"""A comment or a script that is longer than this ends the reading: each piece looks for its end anew."""
READING_SECONDS_MAX: Final = 0.5
METAS_MAX: Final = 500
LINKS_MAX: Final = 200
VALUE_CHARS_MAX: Final = 8 * 1024
NAMES: Final = ("property", "name", "itemprop")
"""Where the name of a ``meta`` stands; pages mix these up."""

Attributes = dict[str, str]


@dataclass(slots=True)
class Head:
    """What a head says: metas by their names in lower case, links by their relations, all in order.

    ``alternates`` are the page in other forms, by their media types.
    """

    title: str = ""
    base: str = ""
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    alternates: list[tuple[str, str]] = field(default_factory=list)

    def first(self, *names: str) -> str:
        """Return the first content that is not empty of the first of these names that has one."""
        for name in names:
            for named, content in self.metas:
                if named == name and content:
                    return content
        return ""


def read(text: str, *, clock: Callable[[], float] = time.monotonic) -> Head:
    """Read the head of a page; blocks for at most about half a second, and never raises."""
    reader, deadline = _Reader(), clock() + READING_SECONDS_MAX
    for start in range(0, len(text), PIECE_CHARS):
        try:
            reader.feed(text[start : start + PIECE_CHARS])
        except (AssertionError, ValueError):  # the parser stumbles: over &#111…, for one
            break
        if reader.over or len(reader.rawdata) > UNREAD_CHARS_MAX or clock() > deadline:
            break
    reader.head.title = " ".join("".join(reader.title).split())
    return reader.head


class _Reader(HTMLParser):
    """Collects what is wanted. ``over`` once the head has ended and something was said in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.head = Head()
        self.title: list[str] = []
        self.over = False
        self._in_title = False
        self._drawing = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element in."""
        if self.over:
            return
        if tag == "svg":
            self._drawing += 1
        elif tag == "title":
            self._in_title = not self.title and not self._drawing
        elif tag == "body":
            self._end()
        elif tag in _TAKERS:
            given = {name: (value or "")[:VALUE_CHARS_MAX].strip() for name, value in reversed(attrs)}
            _TAKERS[tag](self.head, given)

    def handle_endtag(self, tag: str) -> None:
        """Note where the title, a drawing or the head ends."""
        if tag == "svg":
            self._drawing = max(self._drawing - 1, 0)
        elif tag == "title":
            self._in_title = False
        elif tag == "head":
            self._end()

    def handle_data(self, data: str) -> None:
        """Take the text of the title in."""
        if self._in_title and len(self.title) < METAS_MAX:
            self.title.append(data[:VALUE_CHARS_MAX])

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Pass over ``<![…``, which is a comment in HTML and would be an error to the parser."""
        return self.parse_bogus_comment(i, report)

    def _end(self) -> None:
        """Stop at the end of the head; pages that say nothing there may do so in the body."""
        self.over = any(name.startswith(("og:", "twitter:")) for name, _ in self.head.metas)


def _meta(head: Head, given: Attributes) -> None:
    if len(head.metas) < METAS_MAX and "content" in given:
        names = {given[name].lower() for name in NAMES if given.get(name)}
        head.metas += [(name, given["content"]) for name in sorted(names)]


def _link(head: Head, given: Attributes) -> None:
    if len(head.links) < LINKS_MAX and given.get("href"):
        relations = given.get("rel", "").lower().split()
        head.links.append((" ".join(relations), given["href"]))
        if "alternate" in relations:
            type = given.get("type", "").partition(";")[0].strip().lower()
            head.alternates.append((type, given["href"]))


def _base(head: Head, given: Attributes) -> None:
    head.base = head.base or given.get("href", "")


_TAKERS: Final[dict[str, Callable[[Head, Attributes], None]]] = {"meta": _meta, "link": _link, "base": _base}
