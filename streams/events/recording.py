"""Keeping messages: what happened, what is said of entities, comments and votes (Events §3.5, §5, §8, §10).

Everything here is a unit of work. Many messages may be kept in one: ``record`` takes them all, the others are short for
one of a kind. Keeping a message again changes nothing, but for what it says of entities.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from storage import Transaction
from streams.events.item import Recorded, Rejected
from streams.events.space import Space
from vocab.dialects.events import Bump, Comment, Entity, Event, Reading, Ref


@dataclass(frozen=True, slots=True)
class Arriving:
    """A message that was read and is valid, and how it came: when, what was sent, and by whom.

    ``original`` is the text that was sent, None when the message says it all; ``by`` is the entity of the current
    user, or of the service whose key was used.
    """

    reading: Reading[Event] | Reading[Entity] | Reading[Comment] | Reading[tuple[Bump, ...]]
    received: int
    original: str | None = None
    by: Ref | None = None


async def record(
    tx: Transaction, space: Space, messages: Sequence[Arriving]
) -> list[tuple[Recorded, ...] | Rejected]:
    """Keep messages of any kind in their order; those that cannot be kept are Rejected and change nothing.

    What became of each is a tuple of one, of a message with several votes one for each of them.
    """
    raise NotImplementedError


async def event(
    tx: Transaction,
    space: Space,
    reading: Reading[Event],
    *,
    received: int,
    original: str | None = None,
    by: Ref | None = None,
) -> Recorded:
    """Keep an event. Raises Rejected."""
    return (await _alone(tx, space, Arriving(reading, received, original, by)))[0]


async def entity(
    tx: Transaction,
    space: Space,
    reading: Reading[Entity],
    *,
    received: int,
    original: str | None = None,
    by: Ref | None = None,
) -> Recorded:
    """Put what is said of an entity together with what is known of it; ``by`` is who an event tells did so.

    The body is the entity's, complete. Raises Rejected.
    """
    return (await _alone(tx, space, Arriving(reading, received, original, by)))[0]


async def comment(
    tx: Transaction,
    space: Space,
    reading: Reading[Comment],
    *,
    received: int,
    original: str | None = None,
    by: Ref | None = None,
) -> Recorded:
    """Keep a comment. Raises Rejected when what it is on does not exist."""
    return (await _alone(tx, space, Arriving(reading, received, original, by)))[0]


async def bump(
    tx: Transaction,
    space: Space,
    reading: Reading[tuple[Bump, ...]],
    *,
    received: int,
    original: str | None = None,
    by: Ref | None = None,
) -> tuple[Recorded, ...]:
    """Keep votes, each in the place of an earlier one. Raises Rejected when what they are on does not exist."""
    return await _alone(tx, space, Arriving(reading, received, original, by))


async def _alone(tx: Transaction, space: Space, message: Arriving) -> tuple[Recorded, ...]:
    [outcome] = await record(tx, space, [message])
    if isinstance(outcome, Rejected):
        raise outcome
    return outcome
