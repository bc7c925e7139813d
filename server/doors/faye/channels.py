"""Channels that tell what is new in feeds: ``/site-<app id>-feed-<slug><id>`` (Feeds §11.1)."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from vocab.dialects.getstream import FeedId

_CHANNEL: Final = re.compile(r"/site-([0-9]{1,10})-feed-([A-Za-z0-9_-]{2,510})", re.ASCII)


class Channel(NamedTuple):
    """A tenant's number, and slug and id of a feed without anything between them."""

    app_id: int
    together: str

    @classmethod
    def read(cls, name: str) -> "Channel | None":
        """Read the name of a channel; None for one that never tells anything."""
        found = _CHANNEL.fullmatch(name)
        return None if found is None else cls(int(found[1]), found[2])

    def feeds(self, slugs: Iterable[str]) -> list[FeedId]:
        """Return the feeds that may be meant: ``timelines1`` is one of ``timeline`` and one of ``timelines``."""
        found = (
            FeedId.of(slug, self.together[len(slug) :]) for slug in slugs if self.together.startswith(slug)
        )
        return [feed for feed in found if feed is not None]
