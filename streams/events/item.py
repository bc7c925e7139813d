"""What has been recorded: as it is answered, and as those are told who do more about it."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from streams.errors import StreamsError
from vocab.dialects.events import Bump, Comment, Event, Problems, Role


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message that is kept. ``body`` is it with ``_stream_id``, ``_received_at`` and ``_registered_at``.

    One that was kept before is not ``created``; ``problems`` are remarks beyond those of reading it.
    """

    id: int
    stream_id: UUID
    created: bool
    body: dict[str, Any]
    problems: Problems = field(default_factory=Problems)


class Rejected(StreamsError):
    """A message cannot be kept; ``problems`` say why, like those of reading it."""

    def __init__(self, problems: Problems) -> None:
        super().__init__("; ".join(problem.message for problem in problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Named:
    """A role, and the row of the entity or the item that has it."""

    row: int
    role: Role

    @property
    def is_entity(self) -> bool:
        """Whether an entity has the role; if not, another item or, by its UUID, an entity."""
        return not isinstance(self.role.target, UUID)


@dataclass(frozen=True, slots=True)
class Item:
    """A new item of a stream, or with a ``Bump`` as its message a vote that is new or has changed.

    ``id`` is the row of its activity in ``objects``, of an event or comment that in ``events`` as well. ``parent`` is
    the row of the event whose line item this is the sub-event of. ``restricted`` ones are for those alone whom their
    rules name; a comment or vote on such a thing is for whoever may know of that.
    """

    id: int
    stream_id: UUID
    message: Event | Comment | Bump
    roles: tuple[Named, ...]
    received: int
    restricted: bool = False
    public: bool = False
    parent: int | None = None

    def rows(self, label: str) -> tuple[int, ...]:
        """Return who has a role whose path has a label in it: ``rows("ACTOR")``."""
        return tuple(named.row for named in self.roles if label in named.role.path.split(":"))
