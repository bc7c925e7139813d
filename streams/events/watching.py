"""Whose items concern a follow, written down ahead of any item (Events §6.4, §11).

These are the entity that is followed, those equated with it and those that act for it while they do; with ``degrees``
also what links of the wanted types lead to, in either direction. What types and origins stand for is found by their
names, so these are watched alone.
"""

from collections.abc import Collection
from typing import Final

from storage import Transaction, eventfollows, jobs
from storage.eventfollows import EVER, Follow, Watch
from storage.eventmatches import Lane
from storage.ids import next_id
from streams.events import backfill, clusters
from streams.events.matching import QUEUE, asked_of
from streams.watch import OVERLAP_US
from vocab.dialects.events.follows import Attributes

REACH: Final = 500
"""So many entities at most concern one follow."""
TOGETHER: Final = 20
"""So many follows are looked at with a change of links; those of the others by jobs."""


async def reach(tx: Transaction, followed: int, asked: Attributes, *, now: int) -> set[Watch]:
    """Return whose items concern a follow. A unit of work."""
    histories = (await clusters.histories(tx, followed))[:REACH]
    watches = {Watch(named, *_period(since, until)) for named, since, until in histories}
    reached = {watch.named for watch in watches}
    border = {followed}
    for _ in range(asked.degrees):
        ties = await eventfollows.ties(tx, border, now=now, limit=REACH)
        border = {tie.other for tie in ties if _is_wanted(tie.path, asked.relations)} - reached
        border = set(sorted(border)[: REACH - len(reached)])
        reached |= border
        watches |= {Watch(named) for named in border}
        if not border:
            break
    return watches


def _period(since: int | None, until: int | None) -> tuple[int, int]:
    return EVER.start if since is None else since, EVER.stop if until is None else until


def _is_wanted(path: str, relations: Collection[str]) -> bool:
    wanted = {relation.rpartition(":")[2] for relation in relations}
    return not wanted or not wanted.isdisjoint(path.split(":"))


async def begin(tx: Transaction, tenant: int, follow: Follow, *, now: int) -> None:
    """Watch whose items concern a follow that was just made, and let it find what was there before. A unit of work."""
    watched = await reach(tx, follow.followed, asked_of(follow), now=now)
    await eventfollows.watch(tx, follow.id, watched)
    await backfill.fill(tx, tenant, follow, watched, now=now)
    if tx.engine == "postgres":
        work = {"do": "catch up", "tenant": tenant, "follow": follow.id}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant), run_at=now + OVERLAP_US)


async def catch_up(tx: Transaction, tenant: int, follow: Follow, *, now: int) -> None:
    """Find once more what was there when a follow was made: others may have been about to commit it. A unit of work."""
    watched = await eventfollows.watched(tx, follow.id)
    await backfill.fill(tx, tenant, follow, watched, deep=False, now=now)


async def renew(tx: Transaction, tenant: int, follow: Follow, *, now: int) -> Follow:
    """Give a follow a new number, so that what the old one matched counts no more. A unit of work."""
    await end(tx, tenant, follow.id, now=now)
    made = follow._replace(id=next_id())
    await eventfollows.add(tx, tenant, made)
    await begin(tx, tenant, made, now=now)
    return made


async def end(tx: Transaction, tenant: int, follow: int, *, now: int) -> None:
    """End a follow: it matches nothing any more, and what it did is cleared away by jobs. A unit of work."""
    if await eventfollows.end(tx, follow):
        work = {"do": "forget", "tenant": tenant, "follow": follow}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))


async def linked(
    tx: Transaction, tenant: int, entities: Collection[int], *, after: int = 0, now: int
) -> None:
    """Look anew at the follows that entities concern, for links of these have changed. A unit of work.

    Where nobody follows any of them that is one statement.
    """
    concerned = await eventfollows.concerned(tx, entities, after=after, limit=TOGETHER)
    for id in concerned:
        follow = await eventfollows.by_id(tx, id)
        if follow is not None:
            await _look_again(tx, tenant, follow, now=now)
    if len(concerned) == TOGETHER:
        work = {"do": "linked", "tenant": tenant, "entities": sorted(entities), "after": concerned[-1]}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))


async def _look_again(tx: Transaction, tenant: int, follow: Follow, *, now: int) -> None:
    before = await eventfollows.watched(tx, follow.id)
    watched = await reach(tx, follow.followed, asked_of(follow), now=now)
    if before - watched:
        await renew(tx, tenant, follow, now=now)
        return
    added = watched - before
    await eventfollows.watch(tx, follow.id, added)
    await backfill.fill_lanes(tx, tenant, follow, [Lane("named", *one) for one in sorted(added)], now=now)
