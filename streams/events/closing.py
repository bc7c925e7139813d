"""Closing: what was told of an entity goes from where others read it, once not all of them may know of the entity.

At the Events API rules hold at once, for they are looked at when something is read (``storage.eventaudience``). The
documents of what was said of an entity leave outboxes and feeds, everybody else is shown them no more, and channels
take back what they told of it (Events §3.6, §23.1).
"""

from typing import Final

from storage import Transaction, entries, eventdocuments, jobs
from storage.evententities import EntityRow
from streams import documents, linked
from streams.events import broadcasting, targets
from streams.events.gathering import Gathered
from streams.events.matching import QUEUE
from streams.events.space import Space
from vocab import Audience

TOGETHER: Final = 100
"""So many events are closed at a time; those after them by jobs."""


async def ruled(tx: Transaction, space: Space, cast: Gathered, *, now: int) -> None:
    """Close what was told of those entities whose rules have changed. No statement where none have."""
    for held in cast:
        if held.rules is not None and not targets.of(held.row).access.public:
            await close(tx, space.tenant.id, held.row, after=0, now=now)


async def close(tx: Transaction, tenant: int, entity: EntityRow, *, after: int, now: int) -> None:
    """Close what was told of an entity, from the event after one on. A unit of work."""
    told = await eventdocuments.changes_of(tx, entity.id, after=after, limit=TOGETHER)
    for item in await eventdocuments.told(tx, told) if told else ():
        await documents.address(tx, item, Audience())
        await entries.remove_everywhere(tx, item, ("outbox",))
        if entity.restricted:
            await linked.leave(tx, item, now=now)
    await broadcasting.withdraw(tx, tenant, told, now=now)
    if len(told) == TOGETHER:
        work = {"do": "close", "tenant": tenant, "entity": entity.id, "after": told[-1]}
        await jobs.add(tx, QUEUE, work, now=now, lane=str(tenant))
