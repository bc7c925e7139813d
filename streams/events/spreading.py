"""What was too much for the unit of work it comes from: fan-out, the past of follows, clearing away (Events §11)."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from storage import Store, Transaction, evententities, eventfollows, eventmatches, eventnews, jobs
from storage.eventmatches import Held, Key, Lane
from storage.jobs import Job
from streams.events import alerts, backfill, broadcasting, closing, live, matching, watching
from streams.events.item import Item
from streams.events.matching import QUEUE, Subject
from streams.events.space import Space

FORGOTTEN: Final = 1_000
"""So many references are cleared away at a time."""


async def arrived(tx: Transaction, space: Space, items: Sequence[Item]) -> None:
    """Let new items enter the streams of those who ask for them, and tell users of them. A unit of work.

    Where nobody follows anything and nobody listens, that is one statement for all events.
    """
    if not items:
        return
    tenant, now = space.tenant.id, items[-1].received
    interest = await eventnews.interest(tx, tenant, now=now)
    for item in items:
        if interest.listened:
            await live.arrived(tx, space, item)
        if interest.followed:
            entered = await matching.arrived(tx, space, item)
            await alerts.matched(tx, tenant, entered, now=now)
        await alerts.arrived(tx, space, item)
        if interest.followed:
            await broadcasting.answered(tx, space, item)


async def work(store: Store, job: Job, *, owner: str, now: int) -> None:
    """Do what a job of the queue says, and strike it off in the same transaction."""
    await store.write(_do, job, owner=owner, now=now)


async def _do(tx: Transaction, job: Job, *, owner: str, now: int) -> None:
    await DONE_BY[job.payload["do"]](tx, job.payload, now=now)
    await jobs.finish(tx, job, owner=owner)


async def _subject(tx: Transaction, id: int) -> Subject | None:
    found = await matching.subjects(tx, [id])
    return found[0] if found else None


async def _enter(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    subject = await _subject(tx, work["item"])
    if subject is not None:
        entered = await matching.enter(tx, work["tenant"], subject, after=work["after"], now=now)
        await alerts.matched(tx, work["tenant"], entered, now=now)


async def _share(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    subject = await _subject(tx, work["item"])
    if subject is not None:
        await matching.share(tx, work["tenant"], subject, work["monitors"], after=work["after"], now=now)


async def _fill(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    follow = await eventfollows.by_id(tx, work["follow"])
    if follow is not None:
        lane, before = Lane(*work["lane"]), work["before"] and Key(*work["before"])
        await backfill.go_on(tx, work["tenant"], follow, lane, before, work["seen"], now=now)


async def _catch_up(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    follow = await eventfollows.by_id(tx, work["follow"])
    if follow is not None:
        await watching.catch_up(tx, work["tenant"], follow, now=now)


async def _join(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    follow = await eventfollows.by_id(tx, work["follow"])
    if follow is not None:
        await backfill.join(tx, follow, before=Held(*work["before"]), seen=work["seen"], now=now)


async def _forget(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    if not await eventmatches.forget(tx, work["follow"], limit=FORGOTTEN):
        await jobs.add(tx, QUEUE, dict(work), now=now, lane=str(work["tenant"]))


async def _linked(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    await watching.linked(tx, work["tenant"], work["entities"], after=work["after"], now=now)


async def _close(tx: Transaction, work: Mapping[str, Any], *, now: int) -> None:
    entity = (await evententities.by_ids(tx, [work["entity"]])).get(work["entity"])
    if entity is not None:
        await closing.close(tx, work["tenant"], entity, after=work["after"], now=now)


Work = Callable[..., Awaitable[None]]

DONE_BY: Final[dict[str, Work]] = {
    "catch up": _catch_up,
    "close": _close,
    "enter": _enter,
    "fill": _fill,
    "forget": _forget,
    "join": _join,
    "linked": _linked,
    "share": _share,
}
