"""Routes: what matches a filter is copied into a feed of the same tenant, by its configuration."""

from dataclasses import dataclass
from typing import Self

from streams.filters import Filter, parse
from vocab.dialects.getstream import FeedId


@dataclass(frozen=True, slots=True)
class Route:
    """A route of every tenant. Made once, when it is configured."""

    match: Filter
    into: FeedId

    @classmethod
    def read(cls, match: str, into: str) -> Self:
        """Read a route. Raises InvalidFilter, and ValueError for what is no feed."""
        feed = FeedId.parse(into)
        if feed is None:
            raise ValueError(f"no feed is called {into[:200]!r}: expected group:id")
        return cls(parse(match), feed)
