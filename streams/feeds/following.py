"""Following feeds: who follows whom, and the copies that come and go with it (Feeds §5.3, §6.9…§6.12)."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from storage import Transaction, feedfollows, feeds, jobs, placements, popular
from storage.feedfollows import FeedFollow
from storage.placements import Placement, Way
from storage.tenants import Tenant
from streams.feeds import keeping, opening, placing
from streams.feeds.placing import QUEUE
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId
from vocab.dialects.getstream.follows import COPIES_MAX, NewFollow, Unfollow
from vocab.errors import BadFields

TOGETHER_MAX = 25
"""So many follows get their copies before whoever made them is answered; those of the others come by jobs."""
COUNTED_MAX = 10_000


async def follow(parts: Feeds, tenant: Tenant, wanted: Sequence[NewFollow]) -> None:
    """Let feeds follow others and have copies of the newest activities added there.

    Raises UnknownGroup, and BadFields when what is to be followed is not flat; then nothing was followed.
    """
    space = await parts.space(tenant, {feed.slug for one in wanted for feed in (one.source, one.target)})
    for one in wanted:
        if not space.group(one.target).flat:
            raise BadFields({"target": [f"{one.target}: only flat feeds can be followed"]})
    await parts.store.write(_follow_all, space, wanted, now=parts.clock())


async def _follow_all(tx: Transaction, space: Space, wanted: Sequence[NewFollow], *, now: int) -> None:
    named = [feed for one in wanted for feed in (one.source, one.target)]
    streams = await opening.opened(tx, space, named, now=now)
    for index, one in enumerate(wanted):
        follower, followed = streams[str(one.source)], streams[str(one.target)]
        if await feedfollows.add(tx, followed, follower, now=now + index):
            await popular.note(tx, followed, from_followers=space.limits.popular)
        elif one.copies:
            await feedfollows.seize(tx, followed)
        if index < TOGETHER_MAX:
            await bring(tx, space, one.source, follower, followed, copies=one.copies)
        elif one.copies:
            payload = {
                "do": "bring", "tenant": space.tenant.id, "feed": str(one.source), "follower": follower,
                "followed": followed, "copies": one.copies,
            }  # fmt: skip
            await jobs.add(tx, QUEUE, payload, now=now, lane=str(follower))


async def bring(
    tx: Transaction, space: Space, feed: FeedId, follower: int, followed: int, *, copies: int
) -> None:
    """Copy the newest activities of a feed to one that follows it now. A unit of work."""
    if not copies:
        return
    if space.group(feed).flat:
        await placements.copy_newest(tx, followed, follower, limit=copies)
        return
    for placement in reversed(await placements.added_to(tx, followed, limit=copies)):
        held = await keeping.hold(tx, space, placement.key)
        if held is not None:
            copy = Placement(
                follower, placement.key, placement.item, Way.COPY, followed, placement.shown, None
            )
            await placing.enter(tx, space, feed, copy, held)


async def unfollow(parts: Feeds, tenant: Tenant, wanted: Sequence[Unfollow]) -> None:
    """End follows, with the copies that came by them unless they are kept. Raises UnknownGroup."""
    space = await parts.space(tenant, {feed.slug for one in wanted for feed in (one.source, one.target)})
    await parts.store.write(_unfollow_all, space, wanted, now=parts.clock())


async def _unfollow_all(tx: Transaction, space: Space, wanted: Sequence[Unfollow], *, now: int) -> None:
    names = [str(feed) for one in wanted for feed in (one.source, one.target)]
    streams = await feeds.find_all(tx, space.tenant.object, names)
    for one in wanted:
        follower, followed = streams.get(str(one.source)), streams.get(str(one.target))
        if follower is None or followed is None:
            continue
        await end(tx, space, one, follower, followed, now=now)


async def end(
    tx: Transaction, space: Space, ended: Unfollow, follower: int, followed: int, *, now: int
) -> bool:
    """End one follow; False when there was none. What is to be kept of a popular feed is copied. A unit of work."""
    since = await popular.read_since(tx, followed, follower) if ended.keep_history else None
    there_was = await feedfollows.end(tx, followed, follower)
    if since is not None and space.group(ended.source).flat:
        await placements.copy_newest(tx, followed, follower, limit=COPIES_MAX, since=since)
    elif not ended.keep_history:
        await forget(tx, space, follower, followed, now=now)
    return there_was


async def forget(tx: Transaction, space: Space, follower: int, followed: int, *, now: int) -> None:
    """Take the copies from a feed that came by a follow: some now, and more by a job. A unit of work."""
    found = await placements.come_through(tx, follower, followed, limit=space.limits.chunk)
    await placing.take_all(tx, found)
    if len(found) == space.limits.chunk:
        payload = {"do": "forget", "tenant": space.tenant.id, "follower": follower, "followed": followed}
        await jobs.add(tx, QUEUE, payload, now=now, lane=str(follower))


async def following(
    parts: Feeds, tenant: Tenant, feed: FeedId, *, names: Iterable[str] | None, limit: int, offset: int
) -> list[FeedFollow]:
    """List what a feed follows, the newest follow first; only ``names`` if there are any. Raises UnknownGroup."""
    await parts.space(tenant, [feed.slug])
    stream = await parts.store.peek(feeds.find, tenant.object, str(feed))
    if stream is None:
        return []
    return await parts.store.peek(feedfollows.following, stream, names=names, limit=limit, offset=offset)


async def followers(
    parts: Feeds, tenant: Tenant, feed: FeedId, *, names: Iterable[str] | None, limit: int, offset: int
) -> list[FeedFollow]:
    """List who follows a feed, the newest follow first; only ``names`` if there are any. Raises UnknownGroup."""
    await parts.space(tenant, [feed.slug])
    stream = await parts.store.peek(feeds.find, tenant.object, str(feed))
    if stream is None:
        return []
    return await parts.store.peek(feedfollows.followers, stream, names=names, limit=limit, offset=offset)


class Counted(NamedTuple):
    """A feed of which follows are counted, and the groups of which alone they are, if any."""

    feed: FeedId
    slugs: tuple[str, ...]


async def counts(
    parts: Feeds, tenant: Tenant, followers: Counted | None, following: Counted | None
) -> tuple[int, int]:
    """Count who follows one feed and what another one follows, each as far as COUNTED_MAX (Feeds §6.12)."""
    return await parts.store.read(_counts, tenant, followers, following)


async def _counts(
    tx: Transaction, tenant: Tenant, followers: Counted | None, following: Counted | None
) -> tuple[int, int]:
    found = [0, 0]
    for index, (asked, count) in enumerate(
        ((followers, feedfollows.count_followers), (following, feedfollows.count_following))
    ):
        stream = None if asked is None else await feeds.find(tx, tenant.object, str(asked.feed))
        if asked is not None and stream is not None:
            found[index] = await count(tx, stream, asked.slugs, most=COUNTED_MAX)
    return found[0], found[1]
