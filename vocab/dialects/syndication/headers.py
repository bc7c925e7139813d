"""What a feed says of itself (Atom §3.3)."""

from dataclasses import dataclass
from datetime import datetime

from vocab.dialects.syndication.items import Person


@dataclass(frozen=True, slots=True)
class Authorisation:
    """An application that wants the reader's consent first, and where that is given."""

    id: str
    name: str
    url: str
    consent: str


@dataclass(frozen=True, slots=True)
class Troubles:
    """Names of providers that did not answer in time, were asked too often, or are left alone for a while."""

    timed_out: tuple[str, ...] = ()
    throttled: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()
    authorisations: tuple[Authorisation, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.timed_out or self.throttled or self.banned or self.authorisations)


@dataclass(frozen=True, slots=True)
class Deletion:
    """An entry that is gone, and since when (RFC 6721)."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Header:
    """A feed: ``id`` never changes, ``page`` is what people look at, ``here`` this very document.

    ``id`` and ``here`` hold no secret. ``first``, ``previous`` (newer), ``next`` (older) and ``last`` are addresses
    of pages of the same feed (RFC 5005 §3), which lead on whoever reads by a feed token. ``hub`` tells who asks what
    is new. ``offset`` is the reader's distance from UTC now. ``troubles`` are told to members alone.
    """

    id: str
    title: str
    page: str
    here: str
    updated: datetime
    subtitle: str = ""
    author: Person | None = None
    icon: str | None = None
    logo: str | None = None
    language: str | None = None
    first: str | None = None
    previous: str | None = None
    next: str | None = None
    last: str | None = None
    hub: str | None = None
    offset: str = "+0000"
    troubles: Troubles = Troubles()
    deletions: tuple[Deletion, ...] = ()
