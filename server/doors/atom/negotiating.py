"""In which form the stream is wanted (Atom §2): Atom for whoever does not clearly say otherwise.

Dashboards send ``application/json, text/javascript, */*`` and mean Atom. Another form has to be named by its own type
and be wanted more than anything.
"""

from functools import lru_cache
from typing import Final

from vocab.mediatype import is_activity, parse_accept

ATOM, RSS, JSON, AS1, AS2, HTML = "atom", "rss", "json", "as1", "as2", "html"

TYPES: Final = {
    "application/atom+xml": ATOM,
    "application/rss+xml": RSS,
    "application/feed+json": JSON,
    "application/stream+json": AS1,
    "application/activity+json": AS2,
    "text/html": HTML,
    "application/xhtml+xml": HTML,
}
ANY: Final = frozenset(("*/*", "application/*", "text/xml", "application/xml"))


@lru_cache(maxsize=1_024)
def form(accept: str, *, pages: bool) -> str:
    """Return the form that an Accept header asks for; a page for people only where there are ``pages``.

    The highest quality wins, and of equals what is named first: a form, or anything, which is Atom.
    """
    best, best_quality = ATOM, 0.0
    for media_type, parameters, quality in parse_accept(accept):
        named = ATOM if media_type in ANY else _named(media_type, parameters.get("profile", ""), pages=pages)
        if named is not None and quality > best_quality:
            best, best_quality = named, quality
    return best


def _named(media_type: str, profile: str, *, pages: bool) -> str | None:
    if media_type == "application/ld+json":
        return AS2 if is_activity(f'{media_type}; profile="{profile}"') else None
    found = TYPES.get(media_type)
    return None if found == HTML and not pages else found
