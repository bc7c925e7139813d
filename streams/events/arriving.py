"""Messages that were read and are to be recorded, and what they speak of."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from storage import eventkinds
from storage.eventaudience import Parties
from streams.events import effects
from streams.events.space import Space
from vocab.dialects.events import (
    BadReference,
    Bump,
    Comment,
    DataPoint,
    Entity,
    Event,
    Link,
    Reading,
    Ref,
    Role,
    Rule,
)

Message = Event | Entity | Comment | tuple[Bump, ...] | DataPoint
Read = Reading[Event] | Reading[Entity] | Reading[Comment] | Reading[tuple[Bump, ...]] | Reading[DataPoint]

SERVICE: Final = "ASService"
"""The type of entities that programs are."""


@dataclass(frozen=True, slots=True)
class Arriving:
    """A message that was read and is valid, and how it came: when, what was sent, and by whom.

    ``original`` is the text that was sent, None when the message says it all; ``by`` is the entity of the current
    user, or of the service whose key was used. ``parties`` are what rules may name the sender by, None for one who
    speaks for the tenant or sees all. What was ``heard`` was said at another door, and stands in its author's stream
    already.
    """

    reading: Read
    received: int
    original: str | None = None
    by: Ref | None = None
    parties: Parties = None
    heard: bool = False

    @property
    def message(self) -> Message:
        """What was read. Raises ValueError when that is not valid."""
        if self.reading.message is None:
            raise ValueError("only what is valid is recorded")
        return self.reading.message

    def sender(self, space: Space) -> Ref:
        """Return who an event says has changed an entity: without anybody, the tenant's own service."""
        return self.by or Ref(SERVICE, space.tenant.label)


def roles(said: Message) -> Iterator[Role]:
    """Yield the roles of an item and of its parts, or of a data point."""
    if isinstance(said, Event | Comment | DataPoint):
        yield from said.roles
    if isinstance(said, Event):
        for part in said.parts:
            yield from part.roles


def entities(said: Message) -> tuple[Entity, ...]:
    """Return what a message says of entities, its own first."""
    if isinstance(said, tuple):
        return tuple(entity for bump in said for entity in bump.entities)
    return (said, *said.entities) if isinstance(said, Entity) else said.entities


def links(said: Message) -> tuple[Link, ...]:
    """Return the links that a message says."""
    return tuple(link for bump in said for link in bump.links) if isinstance(said, tuple) else said.links


def ids(said: Message) -> set[UUID]:
    """Return the stream ids by which a message names anything."""
    named = (
        (bump.target for bump in said) if isinstance(said, tuple) else (role.target for role in roles(said))
    )
    return {target for target in named if isinstance(target, UUID)}


def mentioned(said: Message) -> Iterator[Ref]:
    """Yield every entity that a message speaks of, some more than once."""
    if isinstance(said, tuple):
        for bump in said:
            yield bump.actor
            if isinstance(bump.target, Ref):
                yield bump.target
    for role in roles(said):
        if isinstance(role.target, Ref):
            yield role.target
    if isinstance(said, Event):
        yield from effects.mentioned(said)
    yield from _said_of(said)


def changing(said: Message) -> Iterator[Ref]:
    """Yield the entities that a message may change or link."""
    if isinstance(said, Event):
        yield from effects.changing(said)
    yield from _said_of(said)


def _said_of(said: Message) -> Iterator[Ref]:
    for entity in entities(said):
        yield entity.ref
    for link in links(said):
        yield link.source
        yield link.target


def parties(said: Message) -> Iterator[Ref]:
    """Yield the entities that the rules of an item name."""
    rules: tuple[Rule, ...] = said.acl if isinstance(said, Event | Comment) else ()
    for rule in rules:
        with suppress(BadReference):
            yield Ref.parse(rule.party)


def kinds(new: Iterable[Event | Comment], mentioned: Iterable[Ref]) -> set[tuple[str, str]]:
    """Return the types and origins that occur, each with its space in ``eventkinds``."""
    found = {(eventkinds.ENTITY_TYPE, ref.type) for ref in mentioned}
    for item in new:
        found.add((eventkinds.ORIGIN, item.origin))
        if isinstance(item, Event):
            found |= {(eventkinds.EVENT_TYPE, one.type) for one in (item, *item.parts)}
    return found
