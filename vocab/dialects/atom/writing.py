"""Elements, their text and their links, as XML can carry them (SEC-077, SEC-078)."""

import re
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from vocab import iri as iris
from vocab.dialects.atom.names import ATOM
from vocab.iri import is_http

_FORBIDDEN: Final = re.compile(
    "[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]"
    f"|[{''.join(chr(plane + end) for plane in range(0x10000, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF))}]"
)
"""What may not or should not stand in XML 1.0: controls, surrogates and noncharacters (§2.2)."""
_LINE_ENDS: Final = re.compile("\r\n?|\x85")


def text(value: str) -> str:
    """Return text without what XML cannot carry, its line ends as a parser will read them."""
    if value.isascii() and value.isprintable():
        return value
    return _FORBIDDEN.sub("", _LINE_ENDS.sub("\n", value))


def instant(moment: datetime) -> str:
    """Spell an instant with exactly three decimals, in UTC (Atom §3.1.3)."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:23] + "Z"


def add(parent: Element, name: str, value: str, *, space: str = ATOM, type: str = "") -> Element:
    """Add an element with a text; titles, summaries and contents say what type of text it is."""
    child = SubElement(parent, f"{{{space}}}{name}", {"type": type} if type else {})
    child.text = text(value)
    return child


def link(parent: Element, rel: str, href: str | None, **attributes: str | int | None) -> Element | None:
    """Add a link that can be followed; anything else is left out."""
    if not followed(href):
        return None
    shown = {name: text(str(value)) for name, value in attributes.items() if value is not None}
    given = {name: value for name, value in shown.items() if value.strip()}
    return SubElement(
        parent, f"{{{ATOM}}}link", {"rel": text(rel), "href": iris.written(href or ""), **given}
    )


def followed(href: str | None) -> bool:
    """Tell whether an address leads to the web."""
    return href is not None and is_http(href)


def document(root: Element) -> bytes:
    """Write a document whose root is this element."""
    return f'<?xml version="1.0" encoding="utf-8"?>\n{tostring(root, encoding="unicode")}'.encode()
