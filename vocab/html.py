"""Which markup survives, and how it is shown (SEC-069, SEC-070; the set that Mastodon keeps).

Sanitise on the way in for display and on the way out; plain-text members are escaped, never sanitised.
"""

import re
from collections.abc import Mapping
from html import escape, unescape
from typing import Final

import nh3

from vocab import iri

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
INERT_CHARS_MAX: Final = 65_536
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
_RELATIONS_SET: Final = ("nofollow", "noopener", "noreferrer", "ugc")
_ANCHOR = re.compile(r'<a((?: [a-z]+="[^"]*")*)>')
_RELATION = re.compile(r' rel="([^"]*)"')
_LINK = re.compile(r"<a((?: [a-z]+=\"[^\"]*\")*)>(.*?)</a>", re.DOTALL)
_TARGET = re.compile(r' href="([^"]*)"')
_UNSEEN = re.compile(r'<span class="invisible">[^<]*</span>')
_TAG = re.compile(r'<(?:"[^"]*"|[^">])*>')
_TAG_OR_NAME = re.compile(r'<(?:"[^"]*"|[^">])*>|:(?P<name>[\w+-]{1,64}):')
_ADDRESS = re.compile(r"(?<![\w@.-])(?:www\.)?((?:[\w-]+\.)+[^\W\d_]{2,}(?::\d+)?)")
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
_INLINE_CLASSES: Final = frozenset({"activity-item-user", "activity-item-author", "resolved-link"})


def _inline_attribute(tag: str, attribute: str, value: str) -> str | None:
    if attribute == "class":
        return " ".join(name for name in value.split() if name in _INLINE_CLASSES) or None
    return _attribute(tag, attribute, value)


_INLINE = nh3.Cleaner(
    tags={"a", "b", "code", "del", "em", "i", "span", "strong", "u"},
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
    attributes={"a": {"href", "class"}, "span": {"class"}},
    attribute_filter=_inline_attribute,
    url_schemes=set(SCHEMES),
    url_relative="deny",
    link_rel=None,
)
_INERT = nh3.Cleaner(
    attributes={
        **nh3.ALLOWED_ATTRIBUTES,
        "*": {"class", "lang", "dir", "translate"},
        "a": {"href", "hreflang", "rel"},
    },
    url_schemes=set(SCHEMES),
    link_rel=None,
)
_STRIPPER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "template", "iframe", "noscript"})


def sanitise(html: str) -> str:
    """Return markup that is safe to show: known tags, known classes, links to http, https and mailto."""
    headings = _HEADING_ENDS.sub("</strong></p>", _HEADING_OPENS.sub("<p><strong>", html[:MARKUP_CHARS_MAX]))
    return _ANCHOR.sub(_with_relations, _CLEANER.clean(headings))


def inline(markup: str) -> str:
    """Return markup for a line, a title say: what is safe to show and begins no paragraph (Atom §17.1)."""
    return _ANCHOR.sub(_with_relations, _INLINE.clean(markup[:MARKUP_CHARS_MAX]))


def _with_relations(anchor: re.Match[str]) -> str:
    """Give a link our relations, and of its own those that say something about the page."""
    attributes = anchor[1]
    given = _RELATION.search(attributes)
    kept = [name for name in (given[1].lower().split() if given else []) if name in _RELATIONS_KEPT]
    rest = _RELATION.sub("", attributes)
    return f'<a{rest} rel="{" ".join(dict.fromkeys([*kept, *_RELATIONS_SET]))}">'


def about_oneself(markup: str) -> str:
    """Return sanitised markup whose links say that they lead to the same person (``rel="me"``)."""
    return _ANCHOR.sub(lambda anchor: anchor[0].replace(' rel="', ' rel="me ', 1), sanitise(markup))


def with_hosts(markup: str) -> str:
    """Return sanitised markup in which no link's text claims another host than the link leads to (SEC-072).

    Behind text that looks like an address but does not show the link's whole host, the host is written out.
    """
    return _LINK.sub(_with_host, markup)


def _with_host(link: re.Match[str]) -> str:
    target = _TARGET.search(link[1])
    href = unescape(target[1]) if target else ""
    claimed = _ADDRESS.search(unescape(_TAG.sub("", _UNSEEN.sub("", link[2]))).lower())
    if claimed is None or not iri.is_http(href) or claimed[1] == iri.host(href).removeprefix("www."):
        return link[0]
    return f'{link[0]} <span class="host">({escape(iri.host(href))})</span>'


def with_emoji(markup: str, pictures: Mapping[str, str]) -> str:
    """Put pictures in the place of ``:name:`` in the text of sanitised markup, never inside a tag (AP-746).

    ``pictures`` are addresses by name, known to be safe; names without a picture stay as they are.
    """
    if not pictures:
        return markup
    return _TAG_OR_NAME.sub(lambda found: _pictured(found, pictures), markup)


def _pictured(found: re.Match[str], pictures: Mapping[str, str]) -> str:
    address = pictures.get(found["name"] or "")
    if address is None:
        return found[0]
    name = escape(f":{found['name']}:")
    return (
        f'<img class="emoji" src="{escape(address)}" alt="{name}" title="{name}" width="20" height="20"'
        ' loading="lazy" decoding="async" referrerpolicy="no-referrer">'
    )


def inert(html: str) -> str:
    """Return an author's markup without what could run anywhere: scripts, handlers, styles, strange addresses.

    What is left may be more than others show. Text without a tag stays as it is, and so does markup longer
    than ``INERT_CHARS_MAX``: whoever shows it sanitises it (AP-026, REL-025).
    """
    return _INERT.clean(html) if "<" in html and len(html) <= INERT_CHARS_MAX else html


def rich(html: str) -> str:
    """Return an author's markup, made ``inert``, whose links are marked as in ``sanitise`` (Atom §17.1)."""
    return _ANCHOR.sub(_with_relations, _INERT.clean(html[:INERT_CHARS_MAX])) if "<" in html else html


def plain(html: str) -> str:
    """Return the text of markup, lines kept apart (AP-025); the result is text, to be escaped like any other."""
    lines = _BLOCK_ENDS.sub("\n\n", _BREAK.sub("\n", html[:MARKUP_CHARS_MAX]))
    text = unescape(_STRIPPER.clean(lines))
    trimmed = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", trimmed).strip()
