"""What was read of a feed, whatever its format: what it says of itself, and its entries as activities."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from vocab.entry import Source


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of a feed.

    ``key`` tells it from the feed's others, now and next time (Atom §10.3.1); it may be no IRI. ``entry`` is an AS2
    activity with the extension members of ``vocab.entry``: authors may be missing, and so may dates; then ``published``
    is None. ``refs`` name what it answers, by id or address. ``raw`` is the entry as it stood, for what nobody here
    understood yet.
    """

    key: str
    entry: dict[str, Any]
    published: datetime | None = None
    updated: datetime | None = None
    refs: tuple[str, ...] = ()
    source: Source | None = None
    raw: str = ""

    @property
    def permalink(self) -> str:
        """Where the entry can be read, empty when that is nowhere."""
        found = self.entry.get("url")
        return found if isinstance(found, str) else ""


@dataclass(frozen=True, slots=True)
class Problems:
    """What a stream says went wrong while it was made (Atom §3.3): names of sources, and consents that are wanted."""

    timed_out: tuple[str, ...] = ()
    throttled: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    consents: tuple[dict[str, str], ...] = ()
    """Each with ``id``, ``name``, ``uri`` and ``authorise``, an address."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A feed as it was read, its entries newest first.

    ``here`` is its own address as it says, ``home`` that of the page it belongs to, ``next`` that of its next page.
    ``interval_seconds`` is how long it asks to be left alone; ``skip_hours`` are hours of the day (UTC), ``skip_days``
    English names of days, when nothing new comes. ``deleted`` are keys of what is gone, with the instant if it is told.
    ``warnings`` say what could not be read.
    """

    format: str
    id: str = ""
    title: str = ""
    subtitle: str = ""
    here: str = ""
    home: str = ""
    icon: str = ""
    next: str = ""
    hubs: tuple[str, ...] = ()
    updated: datetime | None = None
    items: tuple[Item, ...] = ()
    deleted: tuple[tuple[str, datetime | None], ...] = ()
    interval_seconds: int = 0
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[str] = frozenset()
    problems: Problems = field(default_factory=Problems)
    warnings: tuple[str, ...] = ()
