"""Flat feeds as text: what most readers ask for, most of the time (Feeds §6.3)."""

from typing import NamedTuple

from storage.feedpages import Part
from streams.feeds import lines, reading
from streams.feeds.lines import Line
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId


class Page(NamedTuple):
    """A page of a flat feed, and whether there is another one after it."""

    lines: list[Line]
    more: bool


async def page(parts: Feeds, space: Space, feed: FeedId, part: Part) -> Page:
    """Return a part of a flat feed as it is answered, the newest activity first."""
    found = await written(parts, space, feed, part.one_more())
    return Page(found[: part.limit], len(found) > part.limit)


async def written(parts: Feeds, space: Space, feed: FeedId, part: Part) -> list[Line]:
    """Return a part of a flat feed, without a look at what comes after it."""
    listed = await reading.page(parts, space, feed, part)
    found = await lines.written(parts, space.entities, listed)
    if len(found) == len(listed):
        return found
    return await lines.written(
        parts, space.entities, await reading.page(parts, space, feed, part, living=True)
    )
