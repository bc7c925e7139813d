"""Recalling: what happened in feeds before, elsewhere, takes its place here, with its ids and times, and silently.

Each function is a unit of work in a space of the ``past``. It returns False when it finds everything in its place, and
leaves what was deleted here deleted, so the same can be recalled again and again.
"""

from collections.abc import Sequence
from hashlib import blake2b

from storage import (
    Transaction,
    feedactivities,
    feedcollections,
    feedfollows,
    feedreactions,
    feeds,
    feedusers,
    objects,
    placements,
    popular,
)
from storage.ids import PROCESS_BITS, at_instant
from storage.placements import Way
from streams.feeds import adding, bulk, following, keys, opening, reactions
from streams.feeds.bulk import Addition
from streams.feeds.space import Space
from vocab import instants, jsontext
from vocab.dialects.getstream import FeedActivity, FeedId
from vocab.dialects.getstream.follows import Unfollow
from vocab.dialects.getstream.imports import PastEntry, PastFollow, PastReaction, PastUser, Times


async def activities(tx: Transaction, space: Space, wanted: Sequence[Addition], *, now: int) -> int:
    """Let activities be in feeds, where they are sent, and with those who follow these; return how many were not."""
    rest = await bulk.add(tx, space, wanted, now=now)
    added = len(wanted) - len(rest)
    for one in rest:
        added += await _activity(tx, space, one.home, one.made, now=now)
    return added


async def _activity(tx: Transaction, space: Space, home: FeedId, made: FeedActivity, *, now: int) -> bool:
    item = await feedactivities.item(tx, space.tenant.id, keys.key_of(made.id))
    if item is not None and await _was_there(tx, space, home, made, item):
        return False
    await adding.put(tx, space, made, [home], upsert=False, now=now)
    return True


async def _was_there(tx: Transaction, space: Space, home: FeedId, made: FeedActivity, item: int) -> bool:
    """Tell whether an activity that is known was added to a feed, or was deleted since."""
    row = await objects.by_id(tx, item)
    if row is None or row.deleted is not None:
        return True
    stream = await feeds.find(tx, space.tenant.object, str(home))
    placement = None if stream is None else await placements.find(tx, stream, keys.key_of(made.id))
    return placement is not None and placement.way == Way.HOME


async def follow(tx: Transaction, space: Space, past: PastFollow, *, now: int) -> bool:
    """Let a feed follow another one, since when it did, and have copies of what is newest there."""
    source, target, copies = past.follow.source, past.follow.target, past.follow.copies
    streams = await opening.opened(tx, space, (source, target), now=now)
    follower, followed = streams[str(source)], streams[str(target)]
    since = now if past.since is None else instants.microseconds(past.since)
    if not await feedfollows.add(tx, followed, follower, now=since):
        return False
    await popular.note(tx, followed, from_followers=space.limits.popular)
    await following.bring(tx, space, source, follower, followed, copies=copies)
    return True


async def unfollow(tx: Transaction, space: Space, ended: Unfollow, *, now: int) -> bool:
    """Let a feed follow another one no more."""
    streams = await feeds.find_all(tx, space.tenant.object, map(str, (ended.source, ended.target)))
    follower, followed = streams.get(str(ended.source)), streams.get(str(ended.target))
    if follower is None or followed is None:
        return False
    return await following.end(tx, space, ended, follower, followed, now=now)


async def reaction(tx: Transaction, space: Space, past: PastReaction, *, now: int) -> bool:
    """Let a user have reacted. Raises BadFields when what it replies to is not there, or too deep."""
    if await feedreactions.find(tx, space.tenant.id, past.new.id) is not None:
        return False
    created, _ = _when(past.times, now=now)
    position = at_instant(created) | _apart(past.new.id)
    await reactions.put(tx, space, past.new, past.new.user_id, position=position, now=now)
    return True


def _apart(name: str) -> int:
    """Return bits that set apart what happened at the same instant, and are the same each time."""
    return int.from_bytes(blake2b(name.encode(), digest_size=2).digest()) >> (16 - PROCESS_BITS)


async def user(tx: Transaction, space: Space, past: PastUser, *, now: int) -> bool:
    """Let there be a user, with what was said of them."""
    created, updated = _when(past.times, now=now)
    data = jsontext.dumps(past.new.data).decode()
    return await feedusers.add(tx, space.tenant.id, past.new.id, data, now=created, updated=updated)


async def entry(tx: Transaction, space: Space, past: PastEntry, *, now: int) -> bool:
    """Let there be an entry of a collection, whose user it belongs to."""
    created, updated = _when(past.times, now=now)
    data = jsontext.dumps(past.new.data).decode()
    return await feedcollections.add(
        tx, space.tenant.id, past.collection, past.new.id,
        author=past.new.user_id, data=data, now=created, updated=updated,
    )  # fmt: skip


def _when(times: Times, *, now: int) -> tuple[int, int]:
    """Return when something was made and last changed, as far as that was said."""
    created = now if times.created is None else instants.microseconds(times.created)
    return created, created if times.updated is None else instants.microseconds(times.updated)
