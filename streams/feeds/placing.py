"""Placing an activity in feeds: added to one, sent to others by ``to``, copied to their followers (Feeds §5.2)."""

from dataclasses import asdict, dataclass, replace

from storage import Transaction, bundles, feedfollows, jobs, placements
from storage.feedfollows import Follower
from storage.placements import Placement, Shown, Way
from streams.aggregation import Placement as Entering
from streams.feeds import keeping, news, showing
from streams.feeds.keeping import Held
from streams.feeds.news import Gone
from streams.feeds.space import Space
from vocab import instants
from vocab.dialects.getstream import FeedId, activities

QUEUE = "feeds"
"""Copies to give and to take away, when they are too many for one transaction."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed by its stream and its name."""

    stream: int
    id: FeedId


async def place(
    tx: Transaction,
    space: Space,
    feed: Feed,
    held: Held,
    way: Way,
    *,
    shown: Shown = Shown.READERS,
    tells: bool = True,
    now: int,
) -> bool:
    """Put an activity into a feed, give it to the feed's followers and tell it to those who follow from elsewhere.

    False when all that was done before. Without ``tells`` the last is left to whoever calls. What is not for everyone
    is shown to no more than the feed's own user.
    """
    shown = min(shown, held.shown)
    placement = Placement(feed.stream, held.key, held.item, way, None, shown, None)
    if not await enter(tx, space, feed.id, placement, held) and not await placements.adopt(
        tx, feed.stream, held.key, way
    ):
        return False
    if shown == Shown.READERS:
        await news.placed(tx, space.ears, [(held.item, feed.stream)])
    if shown != Shown.OWNER:
        await spread(tx, space, feed.stream, held, shown=shown, now=now)
    if shown == Shown.READERS and space.group(feed.id).public:
        await keeping.publish(tx, space, held, now=now)
        if tells:
            await showing.tell(tx, space, feed.id, feed.stream, held.item, held.activity, now=now)
    return True


async def enter(tx: Transaction, space: Space, feed: FeedId, placement: Placement, held: Held) -> bool:
    """Put an activity into one feed, and into its bundle there; False when it is there already."""
    group = space.group(feed)
    if group.flat:
        return await placements.put(tx, placement)
    if await placements.find(tx, placement.stream, placement.key) is not None:
        return False
    entering = Entering(
        activities.spelled(held.activity), instants.microseconds(held.activity.time), feed.slug, feed.id,
        str(space.tenant.id),
    )  # fmt: skip
    name = group.format.group(entering)
    bundle = await bundles.enter(tx, placement.stream, name, placement.key, held.item)
    entered = await placements.put(tx, replace(placement, bundle=bundle))
    if not entered or placement.shown == Shown.NOBODY:
        await bundles.leave(tx, bundle, held.item)
    return entered


async def spread(
    tx: Transaction, space: Space, source: int, held: Held, *, shown: Shown = Shown.READERS, now: int
) -> None:
    """Give an activity to the followers of a feed: now, or by a job when there are many (Feeds §5.2)."""
    followers = await feedfollows.hold(tx, source)
    if 0 < followers <= space.limits.inline:
        listed = await feedfollows.next_followers(tx, source, after=0, limit=followers)
        await copy(tx, space, source, held, listed, after=0, shown=shown)
    elif followers:
        payload = {
            "do": "copy", "tenant": space.tenant.id, "source": source, "position": held.key.position,
            "tie": held.key.tie, "item": held.item, "shown": int(shown), "after": 0, "past": space.past,
        }  # fmt: skip
        await jobs.add(tx, QUEUE, payload, now=now, key=str(held.item))


async def copy(
    tx: Transaction,
    space: Space,
    source: int,
    held: Held,
    followers: list[Follower],
    *,
    after: int,
    shown: Shown = Shown.READERS,
    grouped_only: bool = False,
) -> None:
    """Copy an activity to followers that come one after the other; ``after`` is the stream before the first."""
    slugs = {slug for slug, group in space.groups.items() if not group.flat}
    grouped = [
        (stream, feed)
        for stream, name in followers
        if name.partition(":")[0] in slugs and (feed := FeedId.parse(name)) is not None
    ]
    if followers and not grouped_only:
        await placements.copy(
            tx, source, held.key, held.item, shown=shown, after=after, last=followers[-1].stream,
            but=[stream for stream, _ in grouped],
        )  # fmt: skip
    for stream, feed in grouped:
        placement = Placement(stream, held.key, held.item, Way.COPY, source, shown, None)
        await enter(tx, space, feed, placement, held)
    if followers and shown == Shown.READERS:
        await news.copied(tx, space.ears, held.item, source, after=after, last=followers[-1].stream)


async def take(tx: Transaction, space: Space, placement: Placement, gone: Gone, *, now: int) -> None:
    """Take an activity out of one feed, out of its bundle there, and back from whom it was told elsewhere."""
    await take_all(tx, [placement])
    await news.removed(tx, space.ears, gone, [placement.stream])
    await showing.untell(tx, space, placement.item, placement.stream, now=now)


async def withdraw(tx: Transaction, space: Space, source: int | None, gone: Gone, *, now: int) -> None:
    """Take an activity from those who have it because they follow a feed: now, and by a job when there are many.

    Without a ``source``, from all who have it because they follow any feed that it is or was in.
    """
    if source is not None:
        await feedfollows.hold(tx, source)
    found = await placements.copies(tx, gone.item, source, limit=space.limits.inline)
    await take_all(tx, found)
    await news.removed(tx, space.ears, gone, [copy.stream for copy in found])
    if len(found) == space.limits.inline:
        payload = {"do": "withdraw", "tenant": space.tenant.id, "source": source, "gone": asdict(gone)}
        await jobs.add(tx, QUEUE, payload, now=now, key=str(gone.item))


async def take_all(tx: Transaction, found: list[Placement]) -> None:
    """Take activities out of the feeds they are in, and out of their bundles there."""
    await placements.take_all(tx, [one for one in found if one.bundle is None])
    for one in found:
        taken = None if one.bundle is None else await placements.take(tx, one)
        if taken is None or taken.bundle is None:
            continue
        if taken.shown == Shown.NOBODY:
            await bundles.close(tx, taken.bundle)
        else:
            await bundles.leave(tx, taken.bundle, taken.item)
