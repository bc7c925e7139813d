"""Changing activities where they are: whole, in part, and where they were sent (Feeds §6.6…§6.8)."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from storage import Transaction, feedactivities, feedaudit, placements
from storage.placements import Way
from storage.tenants import Tenant
from streams.errors import Refused
from streams.feeds import keeping, keys, opening, placing
from streams.feeds.keeping import Held
from streams.feeds.placing import Feed
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import Draft, FeedActivity, activities, changes
from vocab.dialects.getstream.changes import Change
from vocab.dialects.getstream.targets import Retargeted, TargetChange


class MissingActivity(Refused):
    """There is no activity to change (Feeds §4)."""

    def __init__(self, id: UUID) -> None:
        self.id = id
        super().__init__("id", f"there is no activity {id}")


async def replace_all(parts: Feeds, tenant: Tenant, drafts: Iterable[Draft], *, author: str = "") -> None:
    """Let activities that have a foreign id and a time say something else; where they are sent to stays.

    One that is not known yet is kept, without being in any feed. ``author`` is the user who does it, empty for a
    server. Raises UnknownGroup, BadFields or TooLarge.
    """
    made = [draft.dated(parts.moments.next(), parts.moments.node()) for draft in drafts]
    space = await parts.space(tenant, {feed.slug for activity in made for feed in activity.to})
    await parts.store.write(_replace_all, space, made, author=author, now=parts.clock())


async def _replace_all(
    tx: Transaction, space: Space, made: list[FeedActivity], *, author: str, now: int
) -> None:
    await feedactivities.seize_all(tx, space.tenant.id, (keys.key_of(one.id) for one in made))
    for activity in made:
        held = await keeping.hold(tx, space, keys.key_of(activity.id))
        if held is not None and not held.made:
            raise Refused("foreign_id", "was not made in a feed: whoever said it may change it")
        kept = replace(activity, to=() if held is None else held.activity.to)
        held = await keeping.keep(tx, space, activities.measured(kept), public=False, upsert=True, now=now)
        if held.deed:
            await feedaudit.note(tx, space.tenant.id, "activity", str(activity.id), held.deed, author)


async def change(
    parts: Feeds, tenant: Tenant, wanted: Sequence[Change], *, author: str = ""
) -> list[FeedActivity]:
    """Set and unset custom fields, and return the activities as they are then.

    Raises MissingActivity, BadFields or TooLarge, and Refused for what an account said; then nothing was changed.
    """
    space = await parts.space(tenant)
    return await parts.store.write(_change, space, wanted, author=author, now=parts.clock())


async def _change(
    tx: Transaction, space: Space, wanted: Sequence[Change], *, author: str, now: int
) -> list[FeedActivity]:
    changed = []
    await feedactivities.seize_all(tx, space.tenant.id, (keys.key_of(one.id) for one in wanted))
    for one in wanted:
        held = await _held(tx, space, one.id)
        if not held.made:
            raise Refused("id", "was not made in a feed: whoever said it may change it")
        made = activities.with_custom(held.activity, changes.applied(one, held.activity.custom))
        changed.append((await keeping.rewrite(tx, space, held, made, public=held.public, now=now)).activity)
    await feedaudit.note_all(
        tx, space.tenant.id, "activity", (str(one.id) for one in changed), "update", author
    )
    return changed


async def retarget(
    parts: Feeds, tenant: Tenant, wanted: Sequence[TargetChange], *, author: str = ""
) -> list[tuple[FeedActivity, Retargeted]]:
    """Send activities to other feeds beside their homes, and return them with what became of each ``to``.

    Raises UnknownGroup, MissingActivity or BadFields; then nothing was changed.
    """
    slugs = {feed.slug for one in wanted for feed in (*(one.new or ()), *one.added)}
    space = await parts.space(tenant, slugs)
    return await parts.store.write(_retarget_all, space, wanted, author=author, now=parts.clock())


async def _retarget_all(
    tx: Transaction, space: Space, wanted: Sequence[TargetChange], *, author: str, now: int
) -> list[tuple[FeedActivity, Retargeted]]:
    changed = []
    space = await space.heard(tx, now=now)
    additions = sum(len(one.new or one.added) for one in wanted)
    space = replace(space, limits=space.limits.shared(additions))
    await feedactivities.seize_all(tx, space.tenant.id, (keys.key_of(one.id) for one in wanted))
    for one in wanted:
        held = await _held(tx, space, one.id)
        retargeted = one.applied(held.activity.to)
        made = replace(held.activity, to=retargeted.to)
        if held.made:
            activities.measured(made)
        public = held.public or space.is_public(retargeted.added)
        held = await keeping.rewrite(tx, space, held, made, public=public, now=now)
        await _move(tx, space, held, retargeted, now=now)
        changed.append((made, retargeted))
    ids = (str(made.id) for made, _ in changed)
    await feedaudit.note_all(tx, space.tenant.id, "activity", ids, "update", author)
    return changed


async def _move(tx: Transaction, space: Space, held: Held, retargeted: Retargeted, *, now: int) -> None:
    streams = await opening.opened(tx, space, (*retargeted.added, *retargeted.removed), now=now)
    for feed in retargeted.added:
        await placing.place(tx, space, Feed(streams[str(feed)], feed), held, Way.TARGET, now=now)
    gone = held.gone()
    for feed in retargeted.removed:
        placement = await placements.find(tx, streams[str(feed)], held.key)
        if placement is not None and placement.way == Way.TARGET:
            await placing.take(tx, space, placement, gone, now=now)
            await placing.withdraw(tx, space, placement.stream, gone, now=now)


async def _held(tx: Transaction, space: Space, id: UUID) -> Held:
    held = await keeping.hold(tx, space, keys.key_of(id))
    if held is None:
        raise MissingActivity(id)
    return held
