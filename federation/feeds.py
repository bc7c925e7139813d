"""Fetching feeds of others (Atom §10.1): conditional, compressed if they like, through the one way out."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Final
from urllib.parse import urljoin

from federation.backoff import retry_after_seconds
from federation.client import Client
from federation.response import Response

ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/activity+json,"
    ' application/ld+json; profile="https://www.w3.org/ns/activitystreams", application/stream+json,'
    " application/rdf+xml;q=0.9, application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
)
ENCODINGS: Final = "gzip, br"
BYTES_MAX: Final = 10 * 1024 * 1024
SECONDS_MAX: Final = 20.0
REDIRECTS_MAX: Final = 5
LINKS_MAX: Final = 50


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the address of a feed answered, and what its header fields say about asking again."""

    answer: Response

    @property
    def status(self) -> int:
        """The status of the answer."""
        return self.answer.status

    @property
    def content_type(self) -> str:
        """What the body is said to be."""
        return self.answer.headers.get("content-type", "")

    @property
    def max_age_seconds(self) -> int:
        """For how long the answer is said to be good; 0 when that is not said."""
        for part in self.answer.headers.get("cache-control", "").lower().split(","):
            name, _, value = part.strip().partition("=")
            value = value.strip('"')
            if name == "max-age" and value.isascii() and value.isdigit():
                return int(value[:9])
        return 0

    def retry_after_seconds(self, now: int) -> int | None:
        """For how long to be left alone, None when that is not said; ``now`` is in microseconds."""
        return retry_after_seconds(self.answer.headers.get("retry-after"), now=now)

    def links(self, relation: str) -> list[str]:
        """Return where links in the header lead that have a relation (RFC 8288)."""
        found = []
        for link in _split(self.answer.headers.get("link", ""))[:LINKS_MAX]:
            target, _, parameters = link.strip().partition(">")
            if target.startswith("<") and relation in _relations(parameters):
                with contextlib.suppress(ValueError):  # it leads nowhere: http://[
                    found.append(urljoin(self.answer.url, target[1:].strip()))
        return found


async def fetch(
    client: Client,
    url: str,
    *,
    etag: str | None = None,
    modified: str | None = None,
    headers: Mapping[str, str] | None = None,
    seconds: float = SECONDS_MAX,
) -> Fetched:
    """GET a feed unless it is what it was. Every kind of failure is an OutboundError."""
    asked = {"Accept": ACCEPT, "Accept-Encoding": ENCODINGS, **(headers or {})}
    asked |= {"If-None-Match": etag} if etag else {}
    asked |= {"If-Modified-Since": modified} if modified else {}
    answer = await client.get(
        url, headers=asked, limit_bytes=BYTES_MAX, total_seconds=seconds, redirects_max=REDIRECTS_MAX
    )
    return Fetched(answer)


def _split(field: str) -> list[str]:
    """Split a list at its commas, but not within ``<…>`` or quotes."""
    parts, start, inside, quoted = [], 0, False, False
    for at, character in enumerate(field):
        if character == '"' and not inside:
            quoted = not quoted
        elif character in "<>" and not quoted:
            inside = character == "<"
        elif character == "," and not inside and not quoted:
            parts.append(field[start:at])
            start = at + 1
    return [*parts, field[start:]]


def _relations(parameters: str) -> list[str]:
    message = Message()
    message["content-type"] = f"x/x{parameters}"
    named = message.get_param("rel")
    return named.lower().split() if isinstance(named, str) else []
