"""Markup that feeds bring: what of it is kept, with addresses made absolute (Atom §10.3.8, §17.1).

More survives than in posts of people: headings, tables, pictures. Nothing runs, nothing styles the page around it, and
a relative address that nothing says what it is relative to is dropped. What cannot be cleaned is nothing at all.
"""

import re
from collections.abc import Mapping, Set
from functools import lru_cache
from html import escape
from typing import Any, Final

import nh3

INLINE: Final = frozenset(
    {
        "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "ins", "kbd", "mark", "q",
        "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    }
)  # fmt: skip
BLOCKS: Final = INLINE | {
    "blockquote", "caption", "center", "col", "colgroup", "dd", "details", "div", "dl", "dt", "figcaption", "figure",
    "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "rp", "rt", "ruby", "summary", "table",
    "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
RELATIONS: Final = "nofollow noopener noreferrer ugc"
CHARS_MAX: Final = 262_144
"""Longer markup is cut: the sanitiser's time grows with what is in it."""
TITLE_CHARS_MAX: Final = 4_096

_DROPPED: Final = frozenset(
    {
        "script",
        "style",
        "math",
        "svg",
        "template",
        "iframe",
        "noscript",
        "title",
        "textarea",
        "object",
        "select",
    }
)
_CLASSES: Final = frozenset(
    {"activity-item-user", "activity-item-author", "resolved-link", "user-content", "mention", "hashtag"}
)
"""Classes that scripts of streams look for (Atom §3.8)."""
_ATTRIBUTES: Final[Mapping[str, Set[str]]] = {
    "*": {"class", "dir", "lang"},
    "a": {"href", "title"},
    "img": {"alt", "height", "src", "title", "width"},
    "ol": {"reversed", "start"},
    "li": {"value"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "abbr": {"title"},
}
_OTHER_SCHEME = re.compile(r"\s*(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Keep known classes only; pictures are of http and https alone."""
    if attribute == "class":
        return " ".join(name for name in value.split() if name in _CLASSES) or None
    if tag == "img" and attribute == "src":
        return None if _OTHER_SCHEME.match(value) else value
    return value


@lru_cache(64)
def _cleaner(base: str, *, inline: bool) -> nh3.Cleaner:
    tags = INLINE if inline else BLOCKS
    attributes: dict[str, set[str]] = {
        tag: set(names) for tag, names in _ATTRIBUTES.items() if tag == "*" or tag in tags
    }
    relative: Any = ("rewrite_with_base", base) if base.startswith(("http://", "https://")) else "deny"
    try:
        return _made(set(tags), attributes, relative)
    except ValueError:  # an address that is none
        return _made(set(tags), attributes, "deny")


def _made(tags: set[str], attributes: dict[str, set[str]], relative: Any) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=tags,
        clean_content_tags=set(_DROPPED),
        attributes=attributes,
        attribute_filter=_attribute,
        url_schemes={"http", "https", "mailto"},
        url_relative=relative,
        link_rel=RELATIONS,
    )


def body(markup: str, base: str = "") -> str:
    """Return the markup of a text, safe to keep; ``base`` is what its relative addresses are relative to."""
    return _cleaner(base, inline=False).clean(markup[:CHARS_MAX]).strip()


def title(markup: str, base: str = "") -> str:
    """Return the markup of a title: one line, inline tags alone."""
    if "<" not in markup and "&" not in markup:
        return escape(_SPACE.sub(" ", markup[:TITLE_CHARS_MAX]).strip(), quote=False)
    cleaned = _cleaner(base, inline=True).clean(markup[:TITLE_CHARS_MAX])
    return _SPACE.sub(" ", cleaned).strip()
