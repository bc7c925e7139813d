"""Removing activities from feeds (Feeds §5.2, §6.2)."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from storage import Transaction, feedactivities, feedaudit, feedfollows, feeds, placements
from storage.placements import Placement, Way
from storage.tenants import Tenant
from streams.feeds import keeping, keys, placing
from streams.feeds.news import Gone
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId

AT_ONCE: Final = 100
"""So many activities with one foreign id are removed in one transaction; the caller waits for the last of them."""


async def remove(
    parts: Feeds,
    tenant: Tenant,
    feed: FeedId,
    which: UUID | str,
    *,
    author: str = "",
    as_one: Callable[[str], bool] | None = None,
) -> None:
    """Remove an activity from a feed by its id, or all that have a foreign id; nothing happens where there is none.

    Removed from where it was added, it is taken from where it was sent and copied as well, and once it is added
    nowhere any more it is deleted. ``author`` is the user who does it, empty for a server. ``as_one`` tells of a user
    whether they are an actor: what others did they can take from their feed, and no more. Raises UnknownGroup.
    """
    space = await parts.space(tenant, [feed.slug])
    while await parts.store.write(
        _remove, space, feed, which, author=author, as_one=as_one, now=parts.clock()
    ):
        pass


async def _remove(
    tx: Transaction,
    space: Space,
    feed: FeedId,
    which: UUID | str,
    *,
    author: str,
    as_one: Callable[[str], bool] | None,
    now: int,
) -> bool:
    """Remove what is meant, of many with one foreign id some; True when there may be more."""
    stream = await feeds.find(tx, space.tenant.object, str(feed))
    if stream is None:
        return False
    if isinstance(which, str):
        found = await placements.with_foreign_id(tx, space.tenant.id, stream, which, limit=AT_ONCE)
    else:
        one = await placements.find(tx, stream, keys.key_of(which))
        found = [] if one is None else [one]
    space = await space.heard(tx, now=now)
    for placement in found:
        if await withdraw(tx, space, placement, by_foreign_id=isinstance(which, str), as_one=as_one, now=now):
            id = str(keys.id_of(placement.key))
            await feedaudit.note(tx, space.tenant.id, "activity", id, "delete", author)
    return len(found) == AT_ONCE


async def withdraw(
    tx: Transaction,
    space: Space,
    placement: Placement,
    *,
    by_foreign_id: bool = False,
    as_one: Callable[[str], bool] | None = None,
    now: int,
) -> bool:
    """Remove an activity from a feed, with all that follows from its having been added there. A unit of work.

    True when it was deleted by that.
    """
    await feedactivities.seize(tx, space.tenant.id, placement.key)
    now_there = await placements.find(tx, placement.stream, placement.key)
    if now_there is None:
        return False
    placement, held = now_there, await keeping.hold(tx, space, placement.key)
    gone = (
        Gone(placement.item, str(keys.id_of(placement.key)))
        if held is None
        else held.gone(by_foreign_id=by_foreign_id)
    )
    if placement.way != Way.HOME:
        await placing.take(tx, space, placement, gone, now=now)
        return False
    every = await placements.direct(tx, placement.item)
    own = held is None or as_one is None or as_one(held.activity.actor)
    if own and not any(other.way == Way.HOME and other.stream != placement.stream for other in every):
        await take_everywhere(tx, space, every, gone, now=now)
        return True
    await placing.take(tx, space, placement, gone, now=now)
    await placing.withdraw(tx, space, placement.stream, gone, now=now)
    return False


async def delete(tx: Transaction, space: Space, id: UUID, *, now: int) -> bool:
    """Delete an activity wherever it is; False when there is none. A unit of work."""
    await feedactivities.seize(tx, space.tenant.id, keys.key_of(id))
    held = await keeping.hold(tx, space, keys.key_of(id))
    if held is None:
        return False
    rest = await placements.direct(tx, held.item)
    await take_everywhere(tx, space, rest, held.gone(), now=now)
    return True


async def take_everywhere(
    tx: Transaction, space: Space, placed: list[Placement], gone: Gone, *, now: int
) -> None:
    """Delete an activity, and take it out of all feeds that it is in. A unit of work."""
    await keeping.drop(tx, space, gone.item, now=now)
    for placement in placed:
        await placing.take(tx, space, placement, gone, now=now)
        await feedfollows.hold(tx, placement.stream)
    await placing.withdraw(tx, space, None, gone, now=now)
