"""Opening feeds: finding their streams, and making those of feeds that are used for the first time.

A user's feed has from then on what the account of that name says, if there is one (``streams.linked``).
"""

from collections.abc import Iterable

from storage import Transaction, actors, feeds
from storage.links import Link
from storage.tenants import DEFAULT, Tenant
from streams import ids, linked
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId


async def opened(tx: Transaction, space: Space, wanted: Iterable[FeedId], *, now: int) -> dict[str, int]:
    """Return the streams of feeds by their names. A unit of work."""
    owner, names = await space.owner(tx, now=now), list(dict.fromkeys(map(str, wanted)))
    if len(names) == 1 and (stream := await feeds.find(tx, owner, names[0])) is not None:
        return {names[0]: stream}
    found = await feeds.find_all(tx, owner, names)
    new = [name for name in names if name not in found]
    if not new:
        return found
    made = await feeds.make(tx, owner, new)
    for name, stream in made.items():
        slug, _, id = name.partition(":")
        if slug == linked.GROUP and space.tenant.label == DEFAULT:
            await linked.bring(tx, Link(space.tenant.id, stream), id, base_url=space.base_url, now=now)
    return found | made


async def open_linked(parts: Feeds, tenant: Tenant, feed: FeedId) -> bool:
    """Open a feed that was never used, if it is that of an account; False when nothing has become of that."""
    if tenant.label != DEFAULT or feed.slug != linked.GROUP:
        return False
    if not await parts.store.peek(_waits, tenant, feed, parts.base_url):
        return False
    space = await parts.space(tenant)
    await parts.store.write(opened, space, [feed], now=parts.clock())
    return True


async def _waits(tx: Transaction, tenant: Tenant, feed: FeedId, base_url: str) -> bool:
    """Tell whether a feed was never used though there is an account of its name."""
    return await actors.has_unused_feed(tx, ids.actor(base_url, feed.id), tenant.id, str(feed))
