"""Channels: entities that follow things and show one merged stream of them (Events §11)."""

from collections.abc import Sequence
from typing import Any, Final

from storage import Transaction, evententities, eventfollows
from storage.evententities import EntityRow
from storage.eventfollows import Elsewhere, Follow
from streams.errors import Conflicting, NotFound
from streams.events import entities, finding, following, gathering, histories, recording
from streams.events.arriving import Arriving
from streams.events.following import Listed
from streams.events.held import Said
from streams.events.item import Recorded, Rejected
from streams.events.reader import Reader
from streams.events.responding import REMOTE
from streams.events.space import Space
from vocab.dialects.events import Entity, Ref, references

MEMBERS_COUNTED: Final = 10_000


async def find(tx: Transaction, space: Space, reader: Reader, channel: Ref) -> EntityRow:
    """Return a channel that a reader may know of. Raises NotFound, for one that is archived as well. A unit of work."""
    row = await finding.entity(tx, space, reader, channel)
    if row.deleted:
        raise NotFound(str(channel))
    return row


async def create(
    tx: Transaction, space: Space, messages: Sequence[Arriving]
) -> list[tuple[Recorded, ...] | Rejected]:
    """Make channels. Raises Conflicting when there is one of that id, archived ones included. A unit of work."""
    wanted = [message.reading.message for message in messages]
    keys = {entity.ref.key for entity in wanted if isinstance(entity, Entity)}
    for row in (await evententities.by_keys(tx, space.tenant.id, keys)).values():
        raise Conflicting("entity_id", f"there is a channel {row.name} already")
    kept = await recording.record(tx, space, messages)
    for outcome in kept:
        if not isinstance(outcome, Rejected) and not all(one.created for one in outcome):
            raise Conflicting("entity_id", "there is a channel of that id already")  # made at the same time
    return kept


async def archive(tx: Transaction, space: Space, reader: Reader, channel: Ref, *, now: int) -> None:
    """Hide a channel; what was said in it stays. Raises NotFound and NotAllowed. A unit of work."""
    await following.writable(tx, reader, await find(tx, space, reader, channel))
    gathered = await gathering.gather(tx, space, [channel], [channel], now=now)
    await entities.say(tx, gathered[channel], Said({"status": {"is_deleted": True}}), now=now)
    await entities.save(tx, gathered)


async def members(
    tx: Transaction, space: Space, reader: Reader, channel: Ref, *, limit: int, offset: int
) -> Listed:
    """List who follows a channel: its users, then actors of other servers. Raises NotFound. A unit of work."""
    row = await find(tx, space, reader, channel)
    found = await eventfollows.followers(tx, row.id, parties=reader.asks, limit=limit, offset=offset)
    if len(found) < limit:
        users = offset + len(found)
        if offset and not found:
            users = await eventfollows.count_members(tx, row.id, parties=reader.asks)
        others = await eventfollows.elsewhere(
            tx, row.id, limit=limit - len(found), offset=max(0, offset - users)
        )
        found += [_elsewhere(space, row, one) for one in others]
    return Listed(
        found, await eventfollows.count_followers(tx, row.id, parties=reader.asks, most=MEMBERS_COUNTED)
    )


def _elsewhere(space: Space, channel: EntityRow, one: Elsewhere) -> Follow:
    """Return the follow of an actor as that of the entity that it is here (Events §23.5)."""
    follower = (histories.ref_of(space, one.iri) if one.local else None) or Ref(REMOTE, one.iri)
    stream_id = references.named(f"follows--{follower.key}--{channel.key}".lower())
    return Follow(0, 0, channel.id, str(stream_id), one.occurred, {}, str(follower), channel.ref)


async def monitors(
    tx: Transaction, space: Space, reader: Reader, channel: Ref, *, limit: int, offset: int
) -> Listed:
    """List what a channel monitors. Raises NotFound. A unit of work."""
    await find(tx, space, reader, channel)
    return await following.of(tx, space, reader, channel, limit=limit, offset=offset)


async def monitor(
    tx: Transaction,
    space: Space,
    reader: Reader,
    channel: Ref,
    followed: Ref,
    said: Any,
    *,
    by: Ref | None,
    now: int,
) -> following.Followed:
    """Let a channel monitor something, or monitor it otherwise. Raises what following does. A unit of work."""
    await following.writable(tx, reader, await find(tx, space, reader, channel))
    return await following.begin(tx, space, reader, channel, followed, said, by=by, now=now)


async def release(
    tx: Transaction, space: Space, reader: Reader, channel: Ref, followed: Ref, *, now: int
) -> None:
    """Let a channel monitor something no more. Raises NotFound, also when it did not. A unit of work."""
    await following.writable(tx, reader, await find(tx, space, reader, channel))
    if not await following.end(tx, space, channel, followed, now=now):
        raise NotFound(str(followed))
