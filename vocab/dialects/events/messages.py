"""Messages as they are after reading: complete, expanded, and what is odd about them told beside (Events §3–§10).

``body`` of each is its stored form: what was sent, normalised, without the members that a server adds. It is what
``GET`` answers, and reading it again gives the same message.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar
from uuid import UUID

from vocab.dialects.events.problems import Problems
from vocab.dialects.events.references import Ref

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of an ``acl``: a party that may ``READ`` or ``MANAGE`` (Events §3.6).

    The party is an entity reference, the name of a role of privileges, or ``Public``.
    """

    right: str
    party: str


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in microseconds since 1970 UTC, of which whole milliseconds count, and how it is answered (§1.3)."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link as a message says it (Events §6.1): ``source`` –type→ ``target``.

    ``type`` is the whole path, ``RELATED_TO:SIBLING``. A missing instant is open; ``ends`` says that the link is over.
    """

    source: Ref
    type: str
    target: Ref
    external_id: str = ""
    weight: float | None = None
    properties: Mapping[str, Any] = field(default_factory=dict, hash=False)
    active_from: int | None = None
    active_until: int | None = None
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Entity:
    """An entity message, on its own or inside another (Events §5.1).

    ``aspects`` are as a client may say them: expanded, with markers like ``+tag`` still in them; what is stored comes
    of merging them. ``occurred`` is None when the message does not say when its state applies.

    ``links`` and ``entities`` are all that an entity message says beside, however deep, in its order. Those of an
    entity inside another message belong to that message as a whole, and the entity itself has none.
    """

    ref: Ref
    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    links: tuple[Link, ...] = ()
    acl: tuple[Rule, ...] | None = None
    occurred: Moment | None = None
    entities: tuple["Entity", ...] = ()
    quiet: bool = False
    """Sent as ``as.api.entity.preprocess``: no event tells of it."""
    body: Mapping[str, Any] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict)
    """What is said of it beside: its archetype, its partition, and members that only enrich it."""


@dataclass(frozen=True)
class Role:
    """How an entity takes part (Events §4): ``path`` is ``ACTOR:OPERATOR``.

    ``target`` is an entity, or for comments and bumps an item of a stream. One that is ``derived`` follows from an
    aspect and is not part of the message nor of its id.
    """

    path: str
    target: Ref | UUID
    external_id: str = ""
    weight: float | None = None
    properties: Mapping[str, Any] = field(default_factory=dict, hash=False)
    derived: bool = False

    @cached_property
    def identity(self) -> tuple[str, object, str]:
        """What is equal for roles that say the same: path, entity and external id."""
        target = self.target.key if isinstance(self.target, Ref) else self.target
        return (self.path, target, self.external_id)

    @cached_property
    def leaf(self) -> str:
        """The last label."""
        return self.path.rpartition(":")[2]

    @cached_property
    def root(self) -> str:
        """The first label."""
        return self.path.partition(":")[0]

    @cached_property
    def footprint(self) -> str:
        """What it adds to the footprint of its message (Events §2.2)."""
        named = f"{self.target.leaf}/{self.target.id}" if isinstance(self.target, Ref) else str(self.target)
        return f"{self.leaf}-{named}({self.external_id})" if self.external_id else f"{self.leaf}-{named}"


@dataclass(frozen=True, slots=True)
class Point:
    """A data point that a message yields (Events §19.4). A dimension with several values has a tuple of them."""

    dataset: str
    series: str
    at: int
    dimensions: Mapping[str, str | tuple[str, ...]]
    metrics: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Event:
    """An event message (Events §3.1), or with ``parent`` the sub-event of one of its lines (§7.7).

    ``roles`` are all that it has, the derived ones too; ``entities`` and ``links`` what it says beside, in order. An
    entity that is embedded several times is in there as often: each time says more of it (§18.1).
    """

    id: UUID
    type: str
    origin: str
    occurred: Moment
    importance: int
    roles: tuple[Role, ...]
    description: str = ""
    aspects: Mapping[str, Any] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    acl: tuple[Rule, ...] = ()
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    tags: tuple[str, ...] = ()
    external_id: str = ""
    batch_id: str = ""
    group: tuple[str, str] | None = None
    """Scope and group of the aspect ``grouped``."""
    token: str = ""
    partition: str = ""
    points: tuple[Point, ...] = ()
    parts: tuple["Event", ...] = ()
    """The sub-events of its line items."""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment (Events §8): its roles are COMMENTS, COMMENTED_ON and MENTIONS, those in its text included."""

    id: UUID
    text: str
    origin: str
    occurred: Moment
    roles: tuple[Role, ...]
    tags: tuple[str, ...] = ()
    aspects: Mapping[str, Any] = field(default_factory=dict)
    acl: tuple[Rule, ...] = ()
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    names: tuple[str, ...] = ()
    """Bare ``@name`` mentions: which entity is meant is found out where entities are known."""
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bump:
    """One vote of an actor on one thing (Events §10): ``value`` is 1, −1 or 0.

    What a message with several of them says of entities beside is in the first.
    """

    id: UUID
    actor: Ref
    target: Ref | UUID
    value: int
    origin: str
    occurred: Moment
    body: Mapping[str, Any] = field(default_factory=dict)
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class DataPoint:
    """A measurement in a named series (Events §18.5); ``roles`` are the entities that the series belongs to."""

    series: str
    origin: str
    occurred: Moment
    roles: tuple[Role, ...]
    point: Point
    entities: tuple[Entity, ...] = ()
    links: tuple[Link, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading(Generic[T]):
    """What came of reading a message: the message when it is valid, and all remarks."""

    message: T | None
    problems: Problems
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """Custom labels that the message is the first to use: (``role`` or ``link``, label) → path (Events §4.3)."""


@dataclass(frozen=True, slots=True)
class Known:
    """What reading a message takes from its tenant (Events §1.3, §3.1, §4.3, §17.8).

    ``now`` is the time of reception in microseconds. ``user`` is the current user's entity, None when there is none;
    ``admin`` allows members that only administrators may set. ``labels`` are those reserved so far, as in ``Reading``.
    ``types`` has the settings of event types, ``entity_types`` those of entity types; a type that is not in there takes
    those of its nearest parent that is.
    """

    tenant: str
    now: int
    zone: str = "UTC"
    currency: str = ""
    user: Ref | None = None
    admin: bool = False
    special_categories: bool = False
    labels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    entity_types: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """A partial message merged into what is read: that of a token or a scoped key (Events §1.2, §18.2)."""
    token: str = ""
    """The token in force that the message names and whose defaults these are, found by ``defaults.tokens_in``."""

    def reserving(self, labels: Mapping[tuple[str, str], str]) -> "Known":
        """Return the same with other labels; each message is read with its own."""
        return Known(
            self.tenant,
            self.now,
            self.zone,
            self.currency,
            self.user,
            self.admin,
            self.special_categories,
            labels,
            self.types,
            self.entity_types,
            self.defaults,
            self.token,
        )
