"""Copies that were too many for the transaction they come from: given and taken away in chunks (Feeds §5.2)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from storage import Transaction, feedactivities, feedfollows, feeds, jobs, placements, popular
from storage.feedactivities import Key
from storage.jobs import Job
from storage.placements import Shown, Way
from streams.feeds import erasing, following, keeping, keys, linking, news, placing, showing
from streams.feeds.adding import TOLD_AT_ONCE
from streams.feeds.news import Gone
from streams.feeds.placing import QUEUE
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId


async def work(parts: Feeds, job: Job, *, owner: str) -> None:
    """Do what a job of the queue ``feeds`` says, and strike it off in the same transaction."""
    tenant = await parts.tenant(job.payload["tenant"])
    if tenant is None:
        await parts.store.write(jobs.finish, job, owner=owner)
        return
    space = await parts.space(tenant)
    await parts.store.write(_do, space, job, owner=owner, now=parts.clock())


async def _do(tx: Transaction, space: Space, job: Job, *, owner: str, now: int) -> None:
    space = replace(space, past=bool(job.payload.get("past")))
    await DONE_BY[job.payload["do"]](tx, await space.heard(tx, now=now), job.payload, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _copy(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Give an activity to the next followers of a feed that it is in, and leave a job for those after them."""
    source, after, key = work["source"], work["after"], Key(work["position"], work["tie"])
    await feedactivities.seize(tx, space.tenant.id, key)
    await feedfollows.hold(tx, source)
    placement, held = await placements.find(tx, source, key), await keeping.hold(tx, space, key)
    if placement is None or held is None:
        return
    listed = await feedfollows.next_followers(tx, source, after=after, limit=space.limits.chunk)
    if not listed:
        return
    grouped_only = await popular.is_found(tx, source, key)
    if grouped_only and not after:
        grouped = [slug for slug, group in space.groups.items() if not group.flat]
        await news.followed(tx, space.ears, held.item, source, but=grouped)
    await placing.copy(
        tx, space, source, held, listed, after=after, shown=Shown(work["shown"]), grouped_only=grouped_only
    )
    if len(listed) == space.limits.chunk:
        await jobs.add(tx, QUEUE, {**work, "after": listed[-1].stream}, now=now, key=str(held.item))


async def _withdraw(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Take more copies of an activity away, apart from those of feeds where it was added again meanwhile."""
    gone = Gone(**work["gone"])
    await feedactivities.seize(tx, space.tenant.id, keys.key_of(UUID(gone.id)))
    await placing.withdraw(tx, space, work["source"], gone, now=now)


async def _bring(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Copy the newest activities of a feed to one that follows it, if it still does."""
    feed = FeedId.parse(work["feed"])
    follower, followed = work["follower"], work["followed"]
    await feedfollows.seize(tx, followed)
    if feed is not None and await feedfollows.exists(tx, followed, follower):
        await following.bring(tx, space, feed, follower, followed, copies=work["copies"])


async def _forget(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Take copies from a feed that came by a follow, unless it follows again."""
    await feedfollows.hold(tx, work["followed"])
    if not await feedfollows.exists(tx, work["followed"], work["follower"]):
        await following.forget(tx, space, work["follower"], work["followed"], now=now)


async def _tell(tx: Transaction, space: Space, work: Mapping[str, Any], *, now: int) -> None:
    """Tell an activity in the next public feeds that it is in, and leave a job for those after them."""
    key, some, rest = (
        Key(work["position"], work["tie"]),
        work["feeds"][:TOLD_AT_ONCE],
        work["feeds"][TOLD_AT_ONCE:],
    )
    held, streams = await keeping.hold(tx, space, key), await feeds.find_all(tx, space.tenant.object, some)
    if held is None:
        return
    for name, stream in streams.items():
        feed, placement = FeedId.parse(name), await placements.find(tx, stream, key)
        if (
            feed is not None
            and placement is not None
            and placement.way != Way.COPY
            and space.group(feed).public
        ):
            await showing.tell(tx, space, feed, stream, held.item, held.activity, now=now)
    if rest:
        await jobs.add(tx, QUEUE, {**work, "feeds": rest}, now=now, key=str(held.item))


Work = Callable[..., Awaitable[None]]

DONE_BY: Final[dict[str, Work]] = {
    "bring": _bring,
    "copy": _copy,
    "erase replies": erasing.erase_below,
    "forget": _forget,
    "bring linked": linking.bring,
    "spread linked": linking.spread,
    "take linked": linking.take,
    "tell": _tell,
    "withdraw": _withdraw,
}
