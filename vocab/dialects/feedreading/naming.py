"""By what an entry is known again (Atom §3.10, §10.3.1, §10.3.12). Pure."""

import re
from hashlib import md5, sha256
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit
from uuid import UUID

NAMESPACE_URL: Final = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")
URL_BYTES_MAX: Final = 0xFFFF
_TRACKING = re.compile(r"utm_\w+|streamsSourceProduct", re.IGNORECASE)


def urn(url: str) -> str:
    """Return the id that servers of the original kind give to what has a permalink; two bytes of length come first."""
    name = url.encode()[:URL_BYTES_MAX]
    digest = md5(NAMESPACE_URL.bytes + len(name).to_bytes(2, "big") + name, usedforsecurity=False).digest()
    return f"urn:uuid:{UUID(bytes=digest, version=3)}"


def event(url: str, instant_ms: int | None = None) -> str:
    """Return the id of something that happened to what has a permalink; without an instant, of its creation."""
    if instant_ms is None:
        return urn(url)
    return urn(f"{url}{'&' if '?' in url else '?'}activityTimestamp={instant_ms}")


def untracked(url: str) -> str:
    """Return a permalink as it is compared: without what only says by which way a reader came."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    if not parts.query:
        return url
    kept = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _TRACKING.fullmatch(name)
    ]
    return urlunsplit(parts._replace(query=urlencode(kept)))


def key(id: str, permalink: str, *, object_id: str, published: str, feed: str, title: str) -> str:
    """Return what an entry is known by in its feed. What the feed itself gives decides, never when it was read."""
    if id.strip():
        return id.strip()
    if permalink:
        return permalink
    if object_id and published:
        return f"{object_id} {published}"
    return "sha256:" + sha256("\n".join((feed, title, published)).encode(errors="replace")).hexdigest()
