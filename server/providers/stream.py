"""What somebody sees of the stream: the answer before it is written in one form or another (Atom §3.3, §15)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Final

from server.auth.onlookers import Asking
from streams.providers import Problems
from vocab.dialects.streamquery import Query
from vocab.dialects.syndication import Deletion
from vocab.entry import Entry

TITLE: Final = "Activity Streams"
SINCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""When a stream without entries was updated: any date that stays the same (Atom §3.3)."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where a page of the stream is, and its neighbours (RFC 5005 §3).

    ``here`` is this page, ``id`` the stream as a whole, ``root`` what all addresses of the door begin with: none of
    them holds a secret. Neighbours have the feed token of whoever reads by one, and are told to nobody else.
    """

    root: str
    id: str
    here: str
    first: str
    previous: str | None = None
    next: str | None = None
    last: str | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """A page of the stream for one reader.

    ``entries`` come newest first, each with what this reader may do about it. ``problems`` are empty for whoever is
    not signed in; ``deletions`` are of what this reader might have been told lately. ``providers`` are those that there
    are, in use now: key and name. ``emails`` are addresses of authors, by their IRIs, that this reader is told.
    ``tongue`` is the language that the reader wants, if they say so; ``zone`` is where they are.
    """

    entries: Sequence[Entry]
    addresses: Addresses
    query: Query = field(default_factory=Query)
    asking: Asking = field(default_factory=Asking)
    problems: Problems = field(default_factory=Problems)
    deletions: Sequence[Deletion] = ()
    providers: Sequence[tuple[str, str]] = ()
    emails: Mapping[str, str] = field(default_factory=dict)
    tongue: str | None = None
    zone: tzinfo = UTC

    @property
    def title(self) -> str:
        """The title that was asked for, or ours."""
        return self.query.title or TITLE

    @property
    def updated(self) -> datetime:
        """When an entry was last changed; it does not move while nothing happens."""
        return max(
            (*(entry.updated for entry in self.entries), *(one.at for one in self.deletions)), default=SINCE
        )
