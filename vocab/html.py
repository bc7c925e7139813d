"""Which markup survives (SEC-069, SEC-070; the set that Mastodon keeps).

Sanitise on the way in for display and on the way out; plain-text members are escaped, never sanitised.
"""

import re
from html import unescape
from typing import Final

import nh3

TAGS: Final = frozenset(
    {
        "p",
        "br",
        "span",
        "a",
        "del",
        "pre",
        "code",
        "em",
        "strong",
        "b",
        "i",
        "u",
        "ul",
        "ol",
        "li",
        "blockquote",
    }
)
MARKUP_CHARS_MAX: Final = 262_144
"""Longer markup is cut where it is shown: the sanitiser's time grows with the square of what is escaped in it."""
SCHEMES: Final = frozenset({"http", "https", "mailto"})

_ATTRIBUTES: Final = {
    "a": {"href", "class", "rel", "translate"},
    "span": {"class", "translate"},
    "p": {"class"},
    "ol": {"start", "reversed"},
    "li": {"value"},
}
_CLASS = re.compile(r"(?:h|p|u|e)-[a-z0-9-]+|mention|hashtag|ellipsis|invisible|quote-inline")
_RELATIONS_KEPT: Final = ("me", "tag")
_RELATIONS_SET: Final = ("nofollow", "noopener", "noreferrer")
_ANCHOR = re.compile(r'<a((?: [a-z]+="[^"]*")*)>')
_RELATION = re.compile(r' rel="([^"]*)"')
_HEADING_OPENS = re.compile(r"<h[1-6](?:\s[^<>]*)?>", re.IGNORECASE)
_HEADING_ENDS = re.compile(r"</h[1-6]\s*>", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_BLOCK_ENDS = re.compile(r"</(?:p|div|li|blockquote|pre|h[1-6]|ul|ol)\s*>", re.IGNORECASE)


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Keep known classes and relations; drop an attribute that has none left."""
    if attribute == "class":
        return " ".join(name for name in value.split() if _CLASS.fullmatch(name)) or None
    if attribute == "translate":
        return "no" if value == "no" else None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    clean_content_tags={
        "script",
        "style",
        "math",
        "svg",
        "template",
        "iframe",
        "noscript",
        "title",
        "textarea",
    },
    attributes=_ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "template", "iframe", "noscript"})


def sanitise(html: str) -> str:
    """Return markup that is safe to show: known tags, known classes, links to http, https and mailto."""
    headings = _HEADING_ENDS.sub("</strong></p>", _HEADING_OPENS.sub("<p><strong>", html[:MARKUP_CHARS_MAX]))
    return _ANCHOR.sub(_with_relations, _CLEANER.clean(headings))


def _with_relations(anchor: re.Match[str]) -> str:
    """Give a link our relations, and of its own those that say something about the page."""
    attributes = anchor[1]
    given = _RELATION.search(attributes)
    kept = [name for name in (given[1].lower().split() if given else []) if name in _RELATIONS_KEPT]
    rest = _RELATION.sub("", attributes)
    return f'<a{rest} rel="{" ".join(dict.fromkeys([*kept, *_RELATIONS_SET]))}">'


def plain(html: str) -> str:
    """Return the text of markup, lines kept apart (AP-025); the result is text, to be escaped like any other."""
    lines = _BLOCK_ENDS.sub("\n\n", _BREAK.sub("\n", html[:MARKUP_CHARS_MAX]))
    text = unescape(_STRIPPER.clean(lines))
    trimmed = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip()
