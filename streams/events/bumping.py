"""Votes: one of an actor on a thing, the latest counts (Events §10)."""

from typing import Final

from storage import Transaction, entries, eventbumps, eventcounts, evententities, objects
from storage.eventbumps import BumpRow
from storage.eventcounts import Counts
from storage.objects import Kind
from streams import documents
from streams.events.item import Item
from streams.events.space import Space
from streams.events.targets import Target
from streams.events.work import Work
from vocab import Activity
from vocab.dialects.events import Bump, Ref, Role, as2
from vocab.dialects.events.roletypes import ACTOR
from vocab.jsontext import dumps

COUNTED: Final = {1: Counts(up=1), -1: Counts(down=1), 0: Counts(neutral=1)}
UNCOUNTED: Final = {1: Counts(up=-1), -1: Counts(down=-1), 0: Counts(neutral=-1)}
ROLES: Final = {1: "BUMP_UP", -1: "BUMP_DOWN", 0: "BUMP_NEUTRAL"}


async def keep(
    tx: Transaction, work: Work, bump: Bump, target: Target, *, received: int, heard: bool = False
) -> tuple[int, bool]:
    """Keep a vote on a target; return the row of its activity, and whether it is new or another than before.

    What was ``heard`` stands in its actor's stream already.
    """
    actor = work.cast[bump.actor].id
    row = BumpRow(
        target.row, actor, bump.value, str(bump.id), bump.occurred.at, dumps(dict(bump.body)).decode()
    )
    earlier = None if await eventbumps.add(tx, row) else await eventbumps.seize(tx, target.row, actor)
    if earlier is not None and earlier.activity is not None:
        if earlier.value == bump.value or earlier.occurred > bump.occurred.at:
            return earlier.activity, False
        work.count(target.row, UNCOUNTED[earlier.value])
    work.count(target.row, COUNTED[bump.value])
    public = target.access.public
    activity = await _document(tx, work, bump, public=public, earlier=earlier, heard=heard)
    await eventbumps.put(tx, row._replace(activity=activity))
    said = (Role(ACTOR, bump.actor), Role(ROLES[bump.value], bump.target))
    ruled = target.access
    work.items.append(Item(activity, bump.id, bump, work.roles(said), received, ruled.restricted, public))
    return activity, True


async def withdraw(
    tx: Transaction, space: Space, actor: Ref, target: Target, value: int, *, now: int
) -> bool:
    """Take the vote of an actor on a target back; False when that is not what they voted. A unit of work."""
    voter = await evententities.by_key(tx, space.tenant.id, actor.key)
    bump = None if voter is None else await eventbumps.remove(tx, target.row, voter.id, value)
    if bump is None:
        return False
    await eventcounts.change(tx, {target.row: UNCOUNTED[value]})
    activity = None if bump.activity is None else await objects.by_id(tx, bump.activity)
    if activity is not None:
        await documents.bury(tx, activity, now=now)
        await entries.remove_everywhere(tx, activity.id, ("outbox",))
    return True


async def _document(
    tx: Transaction, work: Work, bump: Bump, *, public: bool, earlier: BumpRow | None, heard: bool
) -> int:
    """Put a vote into Activity Streams, in the place of what its actor said earlier; return its row."""
    thing = as2.bump(
        bump,
        root=work.space.root,
        iri_of=work.cast.iri_of,
        name_of=work.cast.name_of,
        public=public,
        settings_of=work.space.settings_of_entity,
    )
    if earlier is not None and earlier.activity is not None:
        await documents.rewrite(tx, earlier.activity, thing, now=work.now)
        return earlier.activity
    owner = work.cast.acts_as(bump.actor)[0]
    kept = await documents.keep(tx, thing, Kind.ACTIVITY, owner=owner, local=True, now=work.now)
    activity = await _again(tx, thing, now=work.now) if kept is None else kept
    if not heard:
        work.said.append((bump.actor, activity, public))
    return activity


async def _again(tx: Transaction, thing: Activity, *, now: int) -> int:
    """Return the row of a vote whose document is there already: it stands again where it was taken back."""
    id = await objects.name(tx, thing.id or "", now=now)
    grave = await objects.by_id(tx, id)
    if grave is not None and grave.deleted is not None:
        await documents.restore(tx, grave, thing, now=now)
    return id
