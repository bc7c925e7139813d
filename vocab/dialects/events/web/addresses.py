"""Addresses of pages as browsers name them: their hosts, their queries, and who sent somebody there (Events §21.4)."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from vocab.dialects.events.aspects.pageview import taken_apart

HOST_CHARS_MAX: Final = 255
SEARCH: Final = frozenset(
    {"google", "bing", "duckduckgo", "yahoo", "yandex", "baidu", "ecosia", "qwant", "startpage", "search"}
)
SOCIAL: Final = frozenset(
    {
        "facebook", "instagram", "twitter", "linkedin", "reddit", "pinterest", "youtube", "tiktok", "threads", "bsky",
        "mastodon", "snapchat", "whatsapp", "telegram", "vk",
    }
)  # fmt: skip
SHORT: Final = frozenset({"t.co", "x.com", "lnkd.in", "fb.me", "t.me", "youtu.be"})
"""Hosts of social networks whose labels do not tell."""


def host(address: Any) -> str:
    """Return the host of an address, in lower case; one without a scheme begins with it. Empty when there is none."""
    if not isinstance(address, str):
        return ""
    text = address.strip()
    try:
        found = (urlsplit(text if "//" in text else f"//{text}").hostname or "").lower()
    except ValueError:
        return ""
    return found if len(found) <= HOST_CHARS_MAX and not found.startswith(".") else ""


def asked(address: Any) -> Mapping[str, Any]:
    """Return the parameters in the query of an address; the first of those that are given twice."""
    if not isinstance(address, str):
        return {}
    _, found = taken_apart(address)
    return {name: value[0] if isinstance(value, list) else value for name, value in found.items()}


def kind(referrer: str, own: str) -> str:
    """Return by what somebody came: search, social, referral, or direct within a site and from nowhere."""
    if not referrer or referrer == own:
        return "direct"
    labels = set(referrer.split("."))
    if referrer in SHORT or labels & SOCIAL:
        return "social"
    return "search" if labels & SEARCH else "referral"
