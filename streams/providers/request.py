"""What a provider is asked for (Atom §8.2)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from threading import Event

from storage.entries import NEWEST
from streams.providers.onlooker import ANYBODY, Onlooker
from vocab.dialects.streamquery import Filter

__all__ = ["FeedRequest", "Filter"]


@dataclass(frozen=True, slots=True)
class FeedRequest:
    """One reader's request for a feed.

    At most ``max_results`` entries, newest first, within ``timeout`` seconds. ``filters`` hold for all providers,
    ``provider_filters`` for the one that is asked. ``before`` and ``after`` cut a page: strictly between two instants
    in microseconds, each with the row that breaks ties. With ``upward`` those next to ``after`` are wanted rather than
    the newest; only who says that they can (``upward = True``) is ever asked so.
    """

    max_results: int = 10
    timeout: float = 10.0
    filters: Sequence[Filter] = ()
    provider_filters: Sequence[Filter] = ()
    viewer: Onlooker = ANYBODY
    languages: Sequence[str] = ()
    time_zone: tzinfo = UTC
    base_url: str = ""
    request_id: str = ""
    local: bool = False
    before: tuple[int, int] = field(default=(NEWEST, NEWEST))
    """Entries are older than this: published, row."""
    after: tuple[int, int] = field(default=(0, 0))
    """Entries are newer than this."""
    upward: bool = False
    stopping: Event = field(default_factory=Event, compare=False, repr=False)

    @property
    def cancelled(self) -> bool:
        """Whether nobody waits for the answer any more: code that cannot be cancelled looks at each step."""
        return self.stopping.is_set()
