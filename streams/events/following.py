"""Who follows what: users follow entities and channels, channels monitor entities (Events §11, §12).

What enters whose stream because of it is ``matching``'s, and what was there before ``backfill``'s.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from storage import Transaction, evententities, eventfollows, eventreaders
from storage.evententities import EntityRow
from storage.eventfollows import Follow
from storage.ids import next_id
from streams import filters
from streams.errors import NotAllowed, NotFound, Refused
from streams.events import alerts, entities, finding, gathering, watching
from streams.events.matching import CHANNEL
from streams.events.reader import Reader
from streams.events.space import Space
from vocab.dialects.events import Ref, follows, moments, references

FOLLOWS_MAX: Final = 2_500
"""So much one user or channel follows at most."""


class Followed(NamedTuple):
    """A follow, and whether it was made just now."""

    follow: Follow
    created: bool


def spell(follow: Follow) -> dict[str, Any]:
    """Write a follow as it is answered (Events §11)."""
    return {
        "follower_ref": follow.follower_ref,
        "follows_ref": follow.followed_ref,
        "occurred_at": moments.spell(follow.occurred),
        "_class": "FOLLOWS",
        "_stream_id": follow.stream_id,
        **follow.attributes,
    }


async def may_manage(tx: Transaction, reader: Reader, row: EntityRow) -> bool:
    """Tell whether a reader may change an entity that they know of: unless its rules say who manages it, anyone may."""
    parties = (await eventreaders.of(tx, [row.id])).get(row.id, [])
    managing = {party.party for party in parties if party.manages}
    return not managing or reader.asks is None or not managing.isdisjoint(reader.asks)


async def begin(
    tx: Transaction,
    space: Space,
    reader: Reader,
    follower: Ref,
    followed: Ref,
    said: Any,
    *,
    by: Ref | None = None,
    now: int,
) -> Followed:
    """Let a user or a channel follow something, or follow it otherwise than before. A unit of work.

    ``said`` are the attributes as a client says them; ``by`` is the user who lets a channel monitor something. What is
    followed comes into being if it was never mentioned. Raises NotFound for what the reader may not know of, and
    BadFields or Refused for what cannot be followed so.
    """
    if follower.key == followed.key:
        raise Refused("follows_ref", "nothing follows itself")
    if _is_channel(follower) and _is_channel(followed):
        raise Refused("follows_ref", "a channel cannot monitor another channel")
    target = await _target(tx, space, reader, followed, now=now)
    who = await _seized(tx, space, follower, now=now)
    before = await eventfollows.find(tx, who, target)
    attributes = follows.read(said, None if before is None else before.attributes)
    _check(attributes)
    if before is None:
        made = await _made(tx, space, who, target, attributes, now=now)
        await _tell(tx, space, made, by, now=now)
        return Followed(made, True)
    after = before._replace(attributes=attributes)
    if _matched(attributes) == _matched(before.attributes):
        await eventfollows.describe(tx, before.id, attributes)
        return Followed(after, False)
    return Followed(await watching.renew(tx, space.tenant.id, after, now=now), False)


def _is_channel(ref: Ref) -> bool:
    return ref.root.lower() == CHANNEL


def _matched(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return those attributes that say what a follow matches, not how it is listed."""
    return {name: value for name, value in attributes.items() if name not in follows.SHOWN}


def _check(attributes: dict[str, Any]) -> None:
    """Raise InvalidFilter for an expression that is none, Refused for members that nobody may ask for."""
    for path, _ in follows.Attributes.of(attributes).fields:
        if not filters.may_be_asked(tuple(path.split("."))):
            raise Refused("filter", f"{path} cannot be asked for")
    said = attributes.get("filter")
    if isinstance(said, str) and said:
        filters.parse(said)


async def _target(tx: Transaction, space: Space, reader: Reader, ref: Ref, *, now: int) -> int:
    row = await evententities.by_key(tx, space.tenant.id, ref.key)
    if row is not None:
        if not await finding.entities(tx, reader, [row]) or (row.deleted and _is_channel(ref)):
            raise NotFound(str(ref))
        return row.id
    if _is_channel(ref):
        raise NotFound(str(ref))
    return await mentioned(tx, space, ref, now=now)


async def mentioned(tx: Transaction, space: Space, ref: Ref, *, now: int) -> int:
    """Return the row of an entity, which comes into being if it was never mentioned. A unit of work."""
    gathered = await gathering.gather(tx, space, [ref], [], now=now)
    await entities.save(tx, gathered)
    return gathered[ref].id


async def _seized(tx: Transaction, space: Space, ref: Ref, *, now: int) -> int:
    """Return a follower's row, and let nobody else change what it follows before this unit of work ends."""
    row = await mentioned(tx, space, ref, now=now)
    await evententities.seize(tx, space.tenant.id, [ref.key])
    return row


async def _made(
    tx: Transaction, space: Space, follower: int, followed: int, attributes: dict[str, Any], *, now: int
) -> Follow:
    if await eventfollows.count(tx, follower) >= FOLLOWS_MAX:
        raise Refused("follows_ref", f"at most {FOLLOWS_MAX} things are followed")
    rows = await evententities.by_ids(tx, [follower, followed])
    a, b = rows[follower], rows[followed]
    stream_id = references.named(f"follows--{a.key}--{b.key}".lower())
    made = Follow(next_id(), follower, followed, str(stream_id), now, attributes, a.ref, b.ref)
    await eventfollows.add(tx, space.tenant.id, made)
    await watching.begin(tx, space.tenant.id, made, now=now)
    return made


async def _tell(tx: Transaction, space: Space, made: Follow, by: Ref | None, *, now: int) -> None:
    if _is_channel(Ref.parse(made.follower_ref)):
        who = None if by is None else await mentioned(tx, space, by, now=now)
        await alerts.monitored(tx, space.tenant.id, made, by=who, now=now)
    else:
        await alerts.followed(tx, space.tenant.id, made, now=now)


async def end(tx: Transaction, space: Space, follower: Ref, followed: Ref, *, now: int) -> bool:
    """End a follow; False when there was none. A unit of work."""
    found = await find(tx, space, follower, followed)
    if found is None:
        return False
    await watching.end(tx, space.tenant.id, found.id, now=now)
    return True


async def seen(tx: Transaction, space: Space, reader: Reader, follower: Ref, followed: Ref) -> Follow:
    """Return a follow of what a reader may know of. Raises NotFound. A unit of work."""
    await finding.entity(tx, space, reader, followed)
    found = await find(tx, space, follower, followed)
    if found is None:
        raise NotFound(str(followed))
    return found


async def find(tx: Transaction, space: Space, follower: Ref, followed: Ref) -> Follow | None:
    """Return a follow, None when there is none. A unit of work."""
    rows = await evententities.by_keys(tx, space.tenant.id, [follower.key, followed.key])
    if len(rows) < len({follower.key, followed.key}):
        return None
    return await eventfollows.find(tx, rows[follower.key].id, rows[followed.key].id)


class Listed(NamedTuple):
    """A page of follows, and how many there are."""

    follows: list[Follow]
    total: int


async def of(
    tx: Transaction,
    space: Space,
    reader: Reader,
    follower: Ref,
    *,
    channels: bool | None = None,
    limit: int,
    offset: int,
) -> Listed:
    """List what a user or a channel follows, as far as a reader may know of it. A unit of work.

    With ``channels`` these alone are listed, or all else alone.
    """
    row = await evententities.by_key(tx, space.tenant.id, follower.key)
    if row is None:
        return Listed([], 0)
    found = await eventfollows.following(
        tx, row.id, parties=reader.asks, channels=channels, limit=limit, offset=offset
    )
    return Listed(found, await eventfollows.count(tx, row.id, parties=reader.asks, channels=channels))


async def writable(tx: Transaction, reader: Reader, row: EntityRow) -> None:
    """Raise NotAllowed unless a reader may change an entity that they know of."""
    if not await may_manage(tx, reader, row):
        raise NotAllowed("acl", "the rules say who may change this, and do not name you")
