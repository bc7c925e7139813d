"""Lists of stream items: where they are read, what is left out of them, and their order (Events §1.5, §16)."""

from dataclasses import dataclass
from typing import Final, NamedTuple, TypeAlias

from storage.eventaudience import Parties
from storage.filtering import Node

EARLIEST: Final = -(1 << 62)
LATEST: Final = 1 << 62
EVENT: Final = 0
COMMENT: Final = 1


class Span(NamedTuple):
    """An entity or an item, and between which instants its roles count; ``until`` is not one of them."""

    named: int
    since: int = EARLIEST
    until: int = LATEST


@dataclass(frozen=True, slots=True)
class Tenantwide:
    """The events of the tenant."""


@dataclass(frozen=True, slots=True)
class Involving:
    """The items in which some entities took part. ``path`` is the role that counts, any if it is empty.

    ``kind`` is EVENT, the sub-events of what was traded included, or COMMENT.
    """

    spans: tuple[Span, ...]
    kind: int = EVENT
    path: str = ""


@dataclass(frozen=True, slots=True)
class Tagged:
    """The items of a kind that have a tag, in lower case."""

    tag: str
    kind: int = COMMENT


@dataclass(frozen=True, slots=True)
class Batched:
    """The events of a batch, of one origin or of any."""

    batch: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """What is in the stream of a user or a channel (``event_matches``)."""

    follower: int


Source: TypeAlias = Tenantwide | Involving | Tagged | Batched | Matched


@dataclass(frozen=True, slots=True)
class Asked:
    """A list. ``types`` stand for all below them too, tags are in lower case, ``roles`` are labels in capitals.

    ``order`` is one of ``ORDERS``; what is equal by it is in the order of time, and then of reception.
    """

    tenant: int
    source: Source
    parties: Parties = frozenset()
    since: int = EARLIEST
    until: int = LATEST
    min_importance: int | None = None
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    filter: Node | None = None
    order: str = "occurred_at"
    ascending: bool = False
    collapse: bool = False

    @property
    def oldest_first(self) -> bool:
        """Whether it begins with what occurred first."""
        return self.ascending and self.order == "occurred_at"

    @property
    def direction(self) -> str:
        """The order as SQL says it."""
        return "ASC" if self.ascending else "DESC"


ORDERS: Final = {
    "occurred_at": "0",
    "importance": "e.importance",
    "type": "e.type",
    "origin": "e.origin",
    "_received_at": "e.received",
    "_registered_at": "e.registered",
}
"""What a list may be ordered by before time, and the column."""
