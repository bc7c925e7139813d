"""What follows, by jobs, when what was not made in a feed enters one or leaves it.

Accounts say it (``streams.linked``), or it happened (``streams.events.routing``).
"""

from collections.abc import Mapping
from typing import Any

from storage import Transaction, feedactivities, feeds, placements
from storage.feedactivities import Key
from storage.links import Link
from storage.placements import Shown
from streams import linked
from streams.feeds import keeping, keys, news, placing, removing, showing
from streams.feeds.news import Gone
from streams.feeds.space import Space
from vocab.dialects.getstream import FeedId


async def spread(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Give it to those who follow the feed, and tell those who listen to it. A unit of work."""
    key, source = Key(work["position"], work["tie"]), work["source"]
    await feedactivities.seize(tx, space.tenant.id, key)
    placement, held = await placements.find(tx, source, key), await keeping.hold(tx, space, key)
    feed = FeedId.parse(await feeds.name(tx, source))
    if placement is None or held is None or feed is None:
        return
    if not space.group(feed).flat and placement.bundle is None:
        await placements.take(tx, placement)
        await placing.enter(tx, space, feed, placement, held)
    if placement.shown != Shown.READERS:
        return
    await news.placed(tx, space.ears, [(held.item, source)])
    await placing.spread(tx, space, source, held, now=now)
    if space.group(feed).public:
        await showing.tell(tx, space, feed, source, held.item, held.activity, now=now)


async def bring(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Let more of what an account has said into its feed. A unit of work."""
    link = Link(work["tenant"], work["source"])
    await linked.bring(tx, link, work["name"], base_url=space.base_url, now=now, left=work["left"])


async def take(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Take what an account took back or deleted out of all feeds. A unit of work."""
    key = await feedactivities.key_of(tx, work["item"])
    if key is not None:
        gone = Gone(work["item"], str(keys.id_of(key)))
        placed = await placements.direct(tx, work["item"])
        await removing.take_everywhere(tx, space, placed, gone, now=now)
