"""What a follow that was just made finds in the past: the newest at once, all else by jobs (Events §11).

It looks along the indexes by which items are found: those that name an entity, those of a type, all events for an
origin. ``FIRST`` items are looked at before whoever follows is answered, shared by all that the follow watches, and
``CHUNK`` by each job, down to the ``DEPTH`` newest of each.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from storage import Transaction, eventfollows, eventkinds, eventmatches, jobs
from storage.eventfollows import Follow, Watch
from storage.eventmatches import LAST, Held, Key, Lane, Match
from storage.jobs import NewJob
from streams.events import matching
from streams.events.matching import CHANNEL, ORIGIN, QUEUE, TYPE, Subject

FIRST: Final = 1_000
LEAST: Final = 50
"""So many are looked at first of each thing watched, however many there are."""
CHUNK: Final = 1_000
DEPTH: Final = 100_000


async def fill(
    tx: Transaction, tenant: int, follow: Follow, watched: Collection[Watch], *, deep: bool = True, now: int
) -> None:
    """Let what a follow asks for enter its follower's stream, unless it is ``deep`` only the newest. A unit of work."""
    root, _, name = follow.followed_ref.lower().partition("/")
    root = root.partition(":")[0]
    if root == CHANNEL:
        await join(tx, follow, deep=deep, now=now)
        return
    if root == TYPE:
        kinds = await eventkinds.every(tx, tenant, eventkinds.EVENT_TYPE)
        lanes = [
            Lane("type", kind.name) for kind in kinds if kind.name == name or kind.name.startswith(f"{name}.")
        ]
    elif root == ORIGIN:
        lanes = [Lane("origin", name)]
    else:
        lanes = [Lane("named", *one) for one in sorted(watched)]
    await fill_lanes(tx, tenant, follow, lanes, deep=deep, now=now)


async def fill_lanes(
    tx: Transaction, tenant: int, follow: Follow, lanes: Sequence[Lane], *, deep: bool = True, now: int
) -> None:
    """Look at the newest items of some lanes, and if it is to be ``deep`` leave jobs for all older ones."""
    limit = max(LEAST, FIRST // max(1, len(lanes)))
    later = []
    for index, lane in enumerate(lanes):
        if index * limit >= FIRST:
            later.append(_work(tenant, follow, lane, None, 0))
            continue
        seen = await eventmatches.lane(tx, tenant, lane, limit=limit)
        await _take(tx, follow, lane, seen)
        if len(seen) == limit:
            later.append(_work(tenant, follow, lane, seen[-1], limit))
    if deep:
        await jobs.add_many(tx, QUEUE, later, now=now)


async def go_on(
    tx: Transaction, tenant: int, follow: Follow, lane: Lane, before: Key | None, seen: int, *, now: int
) -> None:
    """Look at the next items of a lane, and leave a job for those after them. A unit of work."""
    found = await eventmatches.lane(tx, tenant, lane, before=before, limit=CHUNK)
    await _take(tx, follow, lane, found)
    if len(found) == CHUNK and seen + CHUNK < DEPTH:
        await jobs.add_many(tx, QUEUE, [_work(tenant, follow, lane, found[-1], seen + CHUNK)], now=now)


def _work(tenant: int, follow: Follow, lane: Lane, before: Key | None, seen: int) -> NewJob:
    payload = {
        "do": "fill", "tenant": tenant, "follow": follow.id, "lane": list(lane),
        "before": before and list(before), "seen": seen,
    }  # fmt: skip
    return NewJob(payload, lane=str(follow.follower))


async def _take(tx: Transaction, follow: Follow, lane: Lane, seen: Iterable[Key]) -> None:
    asked = matching.asked_of(follow)
    named = {one.named for one in await eventfollows.watched(tx, follow.id)} if lane.way == "named" else None
    subjects = await matching.subjects(tx, (key.item for key in seen))
    await eventmatches.match(
        tx,
        [
            Match(follow.follower, subject.occurred, subject.id, follow.id, follow.id)
            for subject in subjects
            if _is_in(lane, subject) and matching.wants(asked, subject, named)
        ],
    )


def _is_in(lane: Lane, subject: Subject) -> bool:
    return lane.way != "origin" or f"{subject.origin}.".startswith(f"{lane.key}.")


async def join(
    tx: Transaction, follow: Follow, *, before: Held = LAST, seen: int = 0, deep: bool = True, now: int
) -> None:
    """Let what is in a channel enter the stream of one who follows it, the newest first. A unit of work."""
    found = await eventmatches.in_channel(tx, follow.followed, before=before, limit=CHUNK)
    asked = matching.asked_of(follow)
    subjects = {one.id: one for one in await matching.subjects(tx, {one.item for one in found})}
    await eventmatches.match(
        tx,
        [
            Match(follow.follower, one.occurred, one.item, follow.id, one.monitor)
            for one in found
            if one.item in subjects and matching.wants(asked, subjects[one.item], None)
        ],
    )
    if deep and len(found) == CHUNK and seen + CHUNK < DEPTH:
        work = {"do": "join", "follow": follow.id, "before": list(found[-1]), "seen": seen + CHUNK}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(follow.follower))
