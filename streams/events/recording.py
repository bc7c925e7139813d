"""Keeping messages: what happened, what is said of entities, comments and votes (Events §3.5, §5, §8, §10).

Everything here is a unit of work. Many messages may be kept in one: ``record`` takes them all, the others are short for
one of a kind. Keeping a message again changes nothing, but for what it says of entities.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from storage import Transaction, eventcounts, eventkinds, objects
from storage.eventitems import ItemKind
from storage.eventlinks import LinkRow
from storage.ids import next_id
from streams.analytics import measuring
from streams.events import (
    access,
    arriving,
    bumping,
    closing,
    commenting,
    drafts,
    effects,
    entities,
    gathering,
    gauging,
    linking,
    past,
    targets,
    telling,
    watching,
)
from streams.events.arrived import arrived
from streams.events.arriving import Arriving
from streams.events.drafts import Draft
from streams.events.held import Delta
from streams.events.item import Recorded, Rejected
from streams.events.past import Past
from streams.events.space import Space
from streams.events.work import Work
from vocab.dialects.events import Bump, Comment, DataPoint, Entity, Event, Problems, Reading, Ref, moments
from vocab.dialects.events.problems import ADJUSTED
from vocab.jsontext import loads

Outcome = tuple[Recorded, ...] | Rejected


async def record(
    tx: Transaction, space: Space, messages: Sequence[Arriving], *, now: int | None = None
) -> list[Outcome]:
    """Keep messages of any kind in their order; those that cannot be kept are Rejected and change nothing.

    What became of each is a tuple of one, of a message with several votes one for each of them. ``now`` is when they
    are kept, unless it is given when the last of them was received.
    """
    if not messages:
        return []
    before = await past.look_up(tx, space, [message.message for message in messages])
    refused = await past.rejected(tx, space, messages, before)
    good = [message for message, why in zip(messages, refused, strict=True) if why is None]
    registered = max(message.received for message in messages) if now is None else now
    work = await _gather(tx, space, good, before, now=registered)
    outcomes: list[Outcome] = []
    for message, why in zip(messages, refused, strict=True):
        outcomes.append(await _one(tx, work, before, message) if why is None else why)
    await _write(tx, work)
    return outcomes


async def _gather(
    tx: Transaction, space: Space, messages: Sequence[Arriving], before: Past, *, now: int
) -> Work:
    """Note what is new of types and origins, and gather what the messages speak of."""
    said = [message.message for message in messages]
    mentioned = [ref for one in said for ref in arriving.mentioned(one)]
    mentioned += [message.sender(space) for message in messages if isinstance(message.message, Entity)]
    new = [one for one in said if isinstance(one, Event | Comment) and one.id not in before.kept]
    await eventkinds.note(tx, space.tenant.id, arriving.kinds(new, mentioned), now=now)
    cast = await gathering.gather(
        tx,
        space,
        [*mentioned, *before.mentioned.values()],
        [ref for one in said for ref in arriving.changing(one)],
        named=[ref for one in said for ref in arriving.parties(one)],
        now=now,
    )
    links = await linking.gather(tx, cast, [link for one in said for link in arriving.links(one)])
    ids = [item.id for one in new for item in (one, *(one.parts if isinstance(one, Event) else ()))]
    return Work(space, cast, links, before.named, await _rows(tx, space, ids), now)


async def _rows(tx: Transaction, space: Space, ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return the rows that new items get: their own, if they were named before anybody knew them."""
    iris = {id: space.item_iri(id) for id in ids}
    known = await objects.ids_of(tx, iris.values()) if iris else {}
    return {id: known.get(iri) or next_id() for id, iri in iris.items()}


async def _one(tx: Transaction, work: Work, before: Past, message: Arriving) -> tuple[Recorded, ...]:
    said = message.message
    if isinstance(said, tuple):
        problems, (first, *_) = Problems(), said
        await effects.embedded(
            tx,
            work,
            arriving.entities(said),
            arriving.links(said),
            since=first.occurred.at,
            problems=problems,
        )
        return tuple([await _bump(tx, work, message, bump, problems) for bump in said])
    if isinstance(said, Entity):
        return (await _entity(tx, work, message, said),)
    problems = Problems()
    since = said.occurred.at
    await effects.embedded(tx, work, said.entities, said.links, since=since, problems=problems)
    if isinstance(said, DataPoint):
        work.measured.append(said)
        id = measuring.identity(said)
        return (Recorded(0, id, True, _answered(said.body, id, message.received, work.now), problems),)
    if (row := before.kept.get(said.id)) is not None:
        body = _answered(cast("dict[str, Any]", loads(row.body)), said.id, row.received, row.registered)
        return (Recorded(row.id, said.id, False, body, problems),)
    created = said.id not in work.named
    if isinstance(said, Comment):
        said = commenting.naming(said, before.mentioned)
    if created and isinstance(said, Comment):
        commenting.draft(
            work,
            said,
            received=message.received,
            original=message.original,
            heard=message.heard,
        )
    elif created and isinstance(said, Event):
        await _event(tx, work, before, message, said, problems)
    body = _answered(said.body, said.id, message.received, work.now)
    return (Recorded(work.rows[said.id], said.id, created, body, problems),)


async def _event(
    tx: Transaction, work: Work, before: Past, message: Arriving, said: Event, problems: Problems
) -> None:
    """Note a new event and those of its lines, and do to entities what it says (Events §5.3, §7.7)."""
    if (said.external_id, said.origin) in before.claimed:
        reason = f"another event of {said.origin} has the external id {said.external_id}"
        problems.warn(ADJUSTED, "aspects.resolvable.external_id", reason)
    ruled = access.of(said.acl)
    roles = work.roles(dict.fromkeys((*said.roles, *effects.others(said))))
    row = work.rows[said.id]
    work.draft(Draft(row, ItemKind.EVENT, said, roles, ruled, message.received, message.original))
    for part in said.parts:
        draft = Draft(
            work.rows[part.id],
            ItemKind.PART,
            part,
            work.roles(part.roles),
            ruled,
            message.received,
            parent=row,
        )
        if part.id not in work.named:
            work.draft(draft)
    await effects.apply(tx, work, said, message.parties)


async def _entity(tx: Transaction, work: Work, message: Arriving, said: Entity) -> Recorded:
    """Put an entity message together with what is known, and tell of what that has changed (Events §5.2)."""
    problems = Problems()
    held = work.cast[said.ref]
    work.named.setdefault(said.ref.stream_id, targets.of(held.row))
    occurred = said.occurred or moments.of(message.received)
    deltas, links = await effects.embedded(
        tx, work, (said, *said.entities), said.links, since=occurred.at, problems=problems
    )
    own = [(row, work.cast.with_row(row.target)) for row in links if row.source == held.id]
    delta = deltas[said.ref.key]
    if (delta or own or held.created) and not said.quiet:
        await _tell(tx, work, message, said, delta, own)
    created, held.created = held.created, False
    body = _answered(entities.body(held.row), said.ref.stream_id, held.row.registered, held.row.registered)
    return Recorded(held.id, said.ref.stream_id, created, body, problems)


async def _tell(
    tx: Transaction,
    work: Work,
    message: Arriving,
    said: Entity,
    delta: Delta,
    links: Sequence[tuple[LinkRow, Ref]],
) -> None:
    """Note the event that tells what has changed of an entity; it is for those who may know of that."""
    held, occurred = work.cast[said.ref], said.occurred or moments.of(message.received)
    origin = f"{work.space.tenant.label}.unspecified".lower()
    gauged = await gauging.gauged(tx, work, held, said, at=occurred.at)
    rules = () if held.row.acl is None else targets.rules(held.row.acl)
    event = telling.told(
        held, delta, links, by=message.sender(work.space), origin=origin, occurred=occurred, gauged=gauged,
        points=gauging.points(said, gauged, origin=origin, at=occurred.at), acl=rules,
    )  # fmt: skip
    work.rows[event.id] = row = next_id()
    roles = work.roles(event.roles)
    work.draft(Draft(row, ItemKind.EVENT, event, roles, access.of(rules), message.received))


async def _bump(tx: Transaction, work: Work, message: Arriving, said: Bump, problems: Problems) -> Recorded:
    target = work.target(said.target)
    if target is None:
        raise LookupError(said.target)
    row, created = await bumping.keep(tx, work, said, target, received=message.received, heard=message.heard)
    body = _answered(said.body, said.id, message.received, work.now)
    return Recorded(row, said.id, created, body, problems)


def _answered(body: Mapping[str, Any], id: UUID, received: int, registered: int) -> dict[str, Any]:
    """Return a message with what the server adds to it."""
    return {
        **body,
        "_stream_id": str(id),
        "_received_at": moments.spell(received),
        "_registered_at": moments.spell(registered),
    }


async def _write(tx: Transaction, work: Work) -> None:
    """Write all that has come of the messages, each table in one order."""
    changes = [draft.message for draft in work.drafts if telling.is_told(draft.message)]
    if changes:
        await eventkinds.note(tx, work.space.tenant.id, arriving.kinds(changes, ()), now=work.now)
    await entities.save(tx, work.cast)
    await linking.save(tx, work.links)
    await drafts.keep(tx, work.space, work.drafts, work.cast, now=work.now)
    said = [entry for draft in work.drafts for entry in draft.entries]
    await drafts.enlist(tx, work.cast, [*said, *work.said])
    await closing.ruled(tx, work.space, work.cast, now=work.now)
    await eventcounts.change(tx, work.counts)
    await measuring.keep(tx, work.space, work.cast, work.measured, now=work.now)
    if ends := work.links.ends:
        await watching.linked(tx, work.space.tenant.id, ends, now=work.now)
    await arrived(tx, work.space, work.items)


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
