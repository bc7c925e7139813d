"""Messages on their way in: read with what their tenant knows, then kept (Events §1.2, §3.5, §18.2).

It does not matter how they came. Whoever takes them in says who sends them, and what kind of message they are.
"""

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from storage import Transaction, eventaudience, eventtokens
from storage.tenants import Tenant
from streams.events import blind, guarding, recording
from streams.events.arriving import Arriving
from streams.events.guarding import Guard
from streams.events.item import Recorded, Rejected
from streams.events.parts import Events
from streams.events.space import Space
from vocab import jsontext
from vocab.dialects.events import (
    Comment,
    Entity,
    Event,
    Known,
    Reading,
    Ref,
    bumps,
    comments,
    datapoints,
    defaults,
    entities,
    events,
)
from vocab.dialects.events.aspects.people import SPECIAL, without_special

ADDED: Final = frozenset({"_stream_id", "_received_at", "_registered_at"})
"""What the server adds to a message (Events §3.1)."""

Keep = Callable[[Transaction, Space, Sequence[Arriving]], Awaitable[list[tuple[Recorded, ...] | Rejected]]]


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of message: how it is read and how it is kept."""

    name: str
    read: Callable[[Mapping[str, Any], Known], Reading[Any]]
    keep: Keep = recording.record


EVENT: Final = Noun("event", events.read)
ENTITY: Final = Noun("entity", entities.read)
COMMENT: Final = Noun("comment", comments.read)
BUMP: Final = Noun("bump", bumps.read)
DATA_POINT: Final = Noun("data-point", datapoints.read)

NOUNS: Final = {noun.name: noun for noun in (EVENT, ENTITY, COMMENT, BUMP, DATA_POINT)}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who submits: the current user if there is one, the entity that did so, and what is merged into all they say.

    One who is ``trusted`` speaks for the tenant itself, and may say who is who and who belongs to whom.
    """

    user: Ref | None
    by: Ref
    admin: bool = False
    trusted: bool = False
    defaults: Mapping[str, Any] = field(default_factory=dict)


async def read(
    house: Events,
    tenant: Tenant,
    noun: Noun,
    message: Mapping[str, Any],
    sender: Sender,
    *,
    received: int,
    original: str | None = None,
) -> Arriving:
    """Read a message; what came of it may not be kept unless it is valid."""
    known = await _known(house, tenant, sender, received)
    return await _read(house, tenant, noun, message, sender, known, original)


async def read_all(
    house: Events,
    tenant: Tenant,
    noun: Noun,
    messages: Iterable[dict[str, Any]],
    sender: Sender,
    *,
    received: int,
) -> list[Arriving]:
    """Read the messages of one request, each with what was sent as its original."""
    known = await _known(house, tenant, sender, received)
    return [
        await _read(house, tenant, noun, message, sender, known, jsontext.dumps(message).decode())
        for message in messages
    ]


async def _known(house: Events, tenant: Tenant, sender: Sender, received: int) -> Known:
    known = await house.known(tenant, user=sender.user, admin=sender.admin, defaults=sender.defaults)
    return replace(known, now=received)


async def _read(
    house: Events,
    tenant: Tenant,
    noun: Noun,
    message: Mapping[str, Any],
    sender: Sender,
    known: Known,
    original: str | None,
) -> Arriving:
    if tokens := defaults.tokens_in(message):
        known = await _with_token(house, tenant, known, tokens)
    reading = noun.read(message, known)
    if original is not None and not known.special_categories and any(map(original.lower().count, SPECIAL)):
        original = jsontext.dumps(without_special(message)).decode()
    return Arriving(reading, known.now, original, sender.by)


async def keep(
    tx: Transaction, space: Space, noun: Noun, guard: Guard, messages: Sequence[Arriving]
) -> list[tuple[Recorded, ...]]:
    """Keep valid messages, all or none. Raises Rejected for the first that cannot be kept, NotAllowed."""
    await guarding.require(tx, space, guard, messages)
    parties = None if guard.trusted else guard.reader.asks
    kept: list[tuple[Recorded, ...]] = []
    for outcome in await noun.keep(tx, space, [replace(message, parties=parties) for message in messages]):
        if isinstance(outcome, Rejected):
            raise outcome
        kept.append(outcome)
    return await _shown(tx, guard, messages, kept)


async def _shown(
    tx: Transaction, guard: Guard, messages: Sequence[Arriving], kept: Sequence[tuple[Recorded, ...]]
) -> list[tuple[Recorded, ...]]:
    """Return what is kept as its sender may see it (Events §3.6).

    Of what was there before, and of entities, those who may not know of it or do not read have what they said.
    """
    before = {one.id for outcome in kept for one in outcome if not one.created}
    known = (
        await eventaudience.known_items(tx, before, guard.reader.asks) if before and guard.reads else set()
    )
    shown: list[tuple[Recorded, ...]] = []
    for message, outcome in zip(messages, kept, strict=True):
        said = message.reading.message
        match said:
            case Event() | Comment() if not outcome[0].created:
                [one] = outcome
                body = blind.without(one.body, guard.reader) if one.id in known else _own(said, one)
                shown.append((replace(one, body=body),))
            case Entity() if not guard.reads:
                shown.append(tuple(replace(one, body=_own(said, one)) for one in outcome))
            case _:
                shown.append(outcome)
    return shown


def _own(said: Event | Comment | Entity, kept: Recorded) -> dict[str, Any]:
    """Return a message as it was sent, with what the server adds to it."""
    return {**said.body, **{name: value for name, value in kept.body.items() if name in ADDED}}


async def _with_token(house: Events, tenant: Tenant, known: Known, tokens: Sequence[str]) -> Known:
    """Add the defaults of the first token that is in force; the sender's own give way to them."""
    found = await house.store.peek(eventtokens.valid, tenant.id, tokens, now=known.now)
    token = next((found[token] for token in tokens if token in found), None)
    if token is None:
        return known
    said: dict[str, Any] = json.loads(token.defaults)
    both = defaults.merged(said, known.defaults) | {defaults.VARIABLES: json.loads(token.variables)}
    involves = [*_listed(said.get("involves")), *_listed(known.defaults.get("involves"))]
    return replace(known, defaults=both | ({"involves": involves} if involves else {}), token=token.token)


def _listed(involves: Any) -> list[Any]:
    """Return roles as a list; a map of them is a list of its members."""
    if isinstance(involves, Mapping):
        return [{role: value} for role, value in involves.items()]
    return list(involves) if isinstance(involves, list) else []
