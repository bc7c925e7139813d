"""Ids of feeds, ``slug:id`` (§3), and the entries of ``to``, which may carry a token (§2.3)."""

import re
from typing import Any, Final, NamedTuple

PART_BYTES_MAX: Final = 255

_PART: Final = re.compile(rf"[A-Za-z0-9_-]{{1,{PART_BYTES_MAX}}}")


class FeedId(NamedTuple):
    """Which feed of which group."""

    slug: str
    id: str

    def __str__(self) -> str:
        return f"{self.slug}:{self.id}"

    @classmethod
    def of(cls, slug: str, id: str) -> "FeedId | None":
        """Return the id of a feed, or None when one of its parts could not be one."""
        return cls(slug, id) if _PART.fullmatch(slug) and _PART.fullmatch(id) else None

    @classmethod
    def parse(cls, text: str) -> "FeedId | None":
        """Read ``slug:id``; None when it is none."""
        slug, _, id = text.partition(":")
        return cls.of(slug, id)


class Target(NamedTuple):
    """One entry of ``to``: a feed and, from some SDKs, a token that allows to write there."""

    feed: FeedId
    token: str = ""

    @classmethod
    def read(cls, entry: Any) -> "Target | None":
        """Read ``"slug:id"``, ``"slug:id token"`` or ``["slug:id", "token"]``; None when it is none of these."""
        if isinstance(entry, str):
            name, _, token = entry.strip().partition(" ")
        elif isinstance(entry, list) and len(entry) == 2 and all(isinstance(part, str) for part in entry):
            name, token = entry
        else:
            return None
        feed = FeedId.parse(name)
        return None if feed is None else cls(feed, token.strip())
