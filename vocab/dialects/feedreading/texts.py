"""Text constructs of Atom: unescaped exactly once, whatever type they have (RFC 4287 §3.1, Atom §10.3.8)."""

from html import escape
from typing import Final
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from vocab import feedhtml
from vocab.xmltree import XML, local

VOID: Final = frozenset({"br", "col", "hr", "img", "wbr"})


def based(element: Element, base: str) -> str:
    """Return the address that what is inside an element is relative to."""
    own = (element.get(f"{XML}base") or "").strip()
    if not own:
        return base
    try:
        return urljoin(base, own)
    except ValueError:
        return base


def title(element: Element | None, base: str) -> str:
    """Return a text construct as the markup of a title."""
    return "" if element is None else feedhtml.title(_markup(element), based(element, base))


def body(element: Element | None, base: str) -> str:
    """Return a text construct as the markup of a text; plain text keeps its lines."""
    if element is None:
        return ""
    markup = _markup(element)
    if _kind(element) == "text" and markup.strip():
        markup = "<p>" + markup.strip().replace("\n\n", "</p><p>").replace("\n", "<br>") + "</p>"
    return feedhtml.body(markup, based(element, base))


def plain(element: Element | None) -> str:
    """Return all text in an element."""
    return "" if element is None else "".join(element.itertext())


def inside(element: Element) -> str:
    """Return what an element holds as markup, as for the div of ``xhtml``."""
    return escape(element.text or "", quote=False) + "".join(
        _written(child) + escape(child.tail or "", quote=False) for child in element
    )


def _kind(element: Element) -> str:
    """Return ``text``, ``html``, ``xhtml`` or ``none``; Atom 0.3 says it by a media type and a mode."""
    type = (element.get("type") or "text").strip().lower()
    mode = (element.get("mode") or "").strip().lower()
    if mode == "base64" or element.get("src"):
        return "none"
    if type in ("html", "text/html"):
        return "html" if mode != "xml" else "xhtml"
    if type in ("xhtml", "application/xhtml+xml"):
        return "html" if mode == "escaped" else "xhtml"
    if type == "text" or type.startswith("text/"):
        return "xhtml" if mode == "xml" and len(element) else "text"
    return "none"


def _markup(element: Element) -> str:
    kind = _kind(element)
    if kind == "none":
        return ""
    if kind == "xhtml":
        wrapped = [child for child in element if local(child) == "div"]
        return inside(wrapped[0] if len(element) == 1 and wrapped else element)
    text = plain(element)
    return text if kind == "html" else escape(text, quote=False)


def _written(element: Element) -> str:
    name = local(element).lower()
    attributes = "".join(
        f' {key}="{escape(value)}"' for key, value in element.attrib.items() if not key.startswith("{")
    )
    if name in VOID:
        return f"<{name}{attributes}>"
    return f"<{name}{attributes}>{inside(element)}</{name}>"
