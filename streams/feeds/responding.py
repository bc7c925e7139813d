"""What reactions tell in feeds (Feeds §7.3, ``target_feeds``): one activity each, wherever it goes.

Its id follows from the reaction's, so nobody has to remember it. Each function is a unit of work.
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from storage import Transaction, feeds, placements
from streams.feeds import adding, keeping, keys, news, removing
from streams.feeds.space import Space
from vocab.dialects.getstream import FeedId, reactions
from vocab.dialects.getstream.reactions import Reaction


def id_of(reaction: Reaction) -> UUID:
    """Return the id of the activity that tells of a reaction."""
    return reactions.told(reaction, {}).dated(reaction.created_at, 0).id


async def tell(tx: Transaction, space: Space, reaction: Reaction, extra: dict[str, Any], *, now: int) -> None:
    """Tell the feeds of a reaction about it. Raises TooLarge when what is to be told is."""
    made = reactions.told(reaction, extra).dated(reaction.created_at, 0)
    await adding.put(tx, space, made, reaction.target_feeds, upsert=True, now=now)


async def tell_others(
    tx: Transaction,
    space: Space,
    reaction: Reaction,
    extra: dict[str, Any],
    former: Iterable[FeedId],
    *,
    now: int,
) -> None:
    """Tell the feeds of a reaction about it as it is now, and those no more that were told formerly."""
    if not reaction.target_feeds:
        await untell(tx, space, reaction, now=now)
        return
    await tell(tx, space, reaction, extra, now=now)
    for feed in former:
        if feed not in reaction.target_feeds:
            await _take_back(tx, space, feed, id_of(reaction), now=now)


async def _take_back(tx: Transaction, space: Space, feed: FeedId, id: UUID, *, now: int) -> None:
    stream = await feeds.find(tx, space.tenant.object, str(feed))
    placement = None if stream is None else await placements.find(tx, stream, keys.key_of(id))
    if placement is not None:
        await removing.withdraw(tx, space, placement, now=now)


async def untell(tx: Transaction, space: Space, reaction: Reaction, *, now: int) -> dict[str, Any]:
    """Delete what tells of a reaction, wherever it is; return what went along with it."""
    held = await keeping.hold(tx, space, keys.key_of(id_of(reaction)))
    if held is None:
        return {}
    await removing.delete(tx, space, held.activity.id, now=now)
    return {name: value for name, value in held.activity.custom.items() if name != reactions.TOLD}


async def happened(tx: Transaction, space: Space, what: str, reaction: Reaction) -> None:
    """Say to web hooks what happened to a reaction: it is ``new``, ``updated`` or ``deleted`` (Feeds §11.3)."""
    if space.ears.hooked:
        told = reactions.spelled(reaction, {"id": reaction.user_id})
        await news.happened(tx, space.ears, f"reaction.{what}", told)
