"""A program of its own: makes of a feed that is no well-formed XML what can be made of it.

It reads the feed from its standard input as UTF-8 and writes a JSON Feed to its standard output. It imports nothing of
ours and inherits nothing. Its exit code is 1 when there is nothing to be had.
"""

import contextlib
import json
import os
import resource
import sys
from html import unescape
from re import sub
from time import strftime
from typing import Any

import feedparser

MEMORY_BYTES_MAX = 1024 * 1024 * 1024
CPU_SECONDS_MAX = 15
ENTRIES_MAX = 5_000


def main() -> int:
    """Read one feed."""
    with contextlib.suppress(ValueError):  # macOS knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS_MAX, CPU_SECONDS_MAX))
    os.nice(5)
    base = sys.argv[1]
    headers = {"content-type": "application/xml; charset=utf-8", "content-location": base}
    try:
        # What is found is cleaned where it is taken over: the one cleaner there is for all feeds.
        found = feedparser.parse(sys.stdin.buffer.read(), response_headers=headers, sanitize_html=False)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError) as error:
        sys.stderr.write(f"{type(error).__name__}: {error}")
        return 1
    if not found.get("version") and not found.entries:
        return 1
    sys.stdout.write(json.dumps(_feed(found, base)))
    return 0


def _feed(found: Any, base: str) -> dict[str, Any]:
    feed = found.feed
    hubs = [link.get("href") for link in feed.get("links", []) if link.get("rel") == "hub"]
    own = [link.get("href") for link in feed.get("links", []) if link.get("rel") == "self"]
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": _plain(feed.get("title", "")),
        "description": _plain(feed.get("subtitle", "")),
        "home_page_url": feed.get("link") or base,
        "feed_url": own[0] if own else base,
        "hubs": [{"type": "WebSub", "url": hub} for hub in hubs if hub],
        "items": [_item(one) for one in found.entries[:ENTRIES_MAX]],
    }


def _item(entry: Any) -> dict[str, Any]:
    contents = [one.get("value", "") for one in entry.get("content", [])]
    authors = entry.get("authors") or ([{"name": entry["author"]}] if entry.get("author") else [])
    return {
        "id": entry.get("id", ""),
        "url": entry.get("link", ""),
        "title": _plain(entry.get("title", "")),
        "content_html": next((text for text in contents if text), entry.get("summary", "")),
        "date_published": _date(entry, "published") or _date(entry, "updated") or _date(entry, "created"),
        "date_modified": _date(entry, "updated"),
        "authors": [{"name": one.get("name", ""), "url": one.get("href", "")} for one in authors],
        "tags": [one.get("term") for one in entry.get("tags", []) if one.get("term")],
        "attachments": [
            {"url": one.get("href", ""), "mime_type": one.get("type", "")}
            for one in entry.get("enclosures", [])
        ],
    }


def _date(entry: Any, name: str) -> str:
    moment = entry.get(f"{name}_parsed")
    return strftime("%Y-%m-%dT%H:%M:%SZ", moment) if moment else ""


def _plain(markup: str) -> str:
    return unescape(sub(r"<[^<>]*>", "", markup))


if __name__ == "__main__":
    sys.exit(main())
