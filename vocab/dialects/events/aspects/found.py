"""What comes of reading the aspects of a message, and the message around them while they are read (Events §7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from vocab.dialects.events.aspects.money import Money
from vocab.dialects.events.messages import Entity, Known, Link, Moment, Role
from vocab.dialects.events.problems import Problems
from vocab.dialects.events.references import Ref


@dataclass(frozen=True, slots=True)
class Line:
    """A line item as it counts in sub-events, analyses and stocks (Events §7.7).

    ``action`` is the label of its trade role, ``PURCHASED``, and gives ``count`` and ``money`` their sign.
    """

    index: int
    action: str
    products: tuple[Ref | UUID, ...]
    roles: tuple[Role, ...]
    count: Decimal
    price: Decimal
    money: Money
    currency: str
    body: Mapping[str, Any]
    """The line as it is stored."""


@dataclass(frozen=True, slots=True)
class Found:
    """The aspects of a message, expanded, and what follows from them for the message as a whole.

    Roles that nobody wrote as roles are ``derived``; ``entities`` and ``links`` come in the order of the aspects.
    """

    aspects: dict[str, Any]
    roles: tuple[Role, ...] = ()
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    external_id: str = ""
    batch_id: str = ""
    group: tuple[str, str] | None = None
    """Scope and group of the aspect ``grouped``."""
    lines: tuple[Line, ...] = ()


@dataclass(slots=True)
class Host:
    """The message around an aspect while it is read, and what has been found in its aspects so far."""

    on: str
    """``event``, ``entity``, ``item`` or ``comment``."""
    known: Known
    occurred: Moment | None
    type: str
    problems: Problems
    zone: str
    currency: str
    merging: bool = False
    """Whether the aspect is merged into a stored one, so that blank values take fields away (Events §7.1)."""
    aspects: dict[str, Any] = field(default_factory=dict)
    roles: dict[tuple[str, object, str], Role] = field(default_factory=dict)
    entities: list[Entity] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    external_id: str = ""
    batch_id: str = ""
    group: tuple[str, str] | None = None
    lines: list[Line] = field(default_factory=list)

    def takes_part(self, role: Role) -> None:
        """Note a role that an aspect says or that follows from it, once; one that is said counts as such."""
        key = role.identity
        if key not in self.roles or (self.roles[key].derived and not role.derived):
            self.roles[key] = role

    def found(self) -> Found:
        """Return everything that was found."""
        return Found(
            aspects=self.aspects,
            roles=tuple(self.roles.values()),
            entities=tuple(self.entities),
            links=tuple(self.links),
            tags=tuple(self.tags),
            external_id=self.external_id,
            batch_id=self.batch_id,
            group=self.group,
            lines=tuple(self.lines),
        )
