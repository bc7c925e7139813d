"""Which items of a stream are wanted, and how they are shown (Events §1.5, §16)."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Final, TypeAlias
from uuid import UUID

from streams.filters import Filter
from vocab.dialects.events import Ref

SIZE: Final = 20
SIZE_MAX: Final = 300


class Said(Enum):
    """How comments are related to what they are asked for by: role → value (Events §8)."""

    ON = "COMMENTED_ON"
    BY = "COMMENTS"
    MENTIONING = "MENTIONS"


@dataclass(frozen=True, slots=True)
class Everything:
    """The stream of the whole tenant: its events."""


@dataclass(frozen=True, slots=True)
class History:
    """What an entity took part in, and those that are equated with it (Events §6.4)."""

    of: Ref


@dataclass(frozen=True, slots=True)
class Comments:
    """The comments on, by or mentioning an entity or an item."""

    of: Ref | UUID
    said: Said = Said.ON


@dataclass(frozen=True, slots=True)
class Tagged:
    """The comments with a tag (Events §8)."""

    tag: str


@dataclass(frozen=True, slots=True)
class Batch:
    """The events of a batch (Events §7.8); with an origin, only those of it."""

    id: str
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Followed:
    """What a user or a channel follows, by the row of its entity (Events §11, §12)."""

    by: int


Source: TypeAlias = Everything | History | Comments | Tagged | Batch | Followed


@dataclass(frozen=True, slots=True)
class Wanted:
    """A page of a list, and what is left out of the list.

    ``since`` and ``until`` are instants in microseconds, the second one not included. ``types`` are types of events
    with all below them, ``roles`` labels with all below them, of ``tags`` any is enough. ``order`` names a member of
    the message, with ``-`` before it for the largest first.
    """

    source: Source = field(default_factory=Everything)
    page: int = 1
    size: int = SIZE
    filter: Filter | None = None
    since: int | None = None
    until: int | None = None
    min_importance: int | None = None
    types: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    order: str = "-occurred_at"
    collapse: bool = False
    expand: bool = False
    """Whether each item comes with the entities that took part."""

    @property
    def offset(self) -> int:
        """How many items come before the page."""
        return (self.page - 1) * self.size


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it is answered, and how many items the list has, as far as it is reached."""

    items: list[dict[str, Any]]
    total: int
