"""The feed of a page: who wants to follow a site often gives the address of that (Atom §10.1, §14)."""

from typing import Final
from urllib.parse import urljoin

from federation.feeds import Fetched
from server.opengraph import charset, head
from vocab import iri as iris

FEEDS: Final = frozenset({"application/atom+xml", "application/rss+xml", "application/feed+json"})
PAGES: Final = frozenset({"text/html", "application/xhtml+xml"})
PAGE_BYTES_MAX: Final = 1024 * 1024
"""So much of a page is looked at: what it says of its feeds stands at its beginning."""


def advertised(found: Fetched) -> str:
    """Return where the first feed is that a page names; empty for what is no page, or names none."""
    if found.content_type.partition(";")[0].strip().lower() not in PAGES:
        return ""
    told = head.read(charset.text(found.answer.body[:PAGE_BYTES_MAX], found.content_type))
    base = _joined(found.answer.url, told.base) or found.answer.url
    for type, href in told.alternates:
        address = _joined(base, href) if type in FEEDS else ""
        if iris.is_http(address):
            return iris.without_fragment(address)
    return ""


def _joined(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:
        return ""
