"""Batches of events: what was sent together, and is invalidated together (Events §3.5, §7.8)."""

from storage import Transaction, eventitems, points
from streams.errors import NotFound
from streams.events import broadcasting, routing
from streams.events.space import Space


async def hide(tx: Transaction, space: Space, batch_id: str, *, origin: str = "", now: int) -> int:
    """Take the events of a batch, of one origin or of any, out of all lists and analyses; return how many these were.

    Those that others may read, or that are in feeds, are taken out of outboxes and of the feeds too; what public
    channels told of them is deleted.

    No event is deleted: by its id each is still read. To do it again changes nothing. Raises NotFound when no event was
    ever of the batch. A unit of work.
    """
    hidden = await eventitems.hide_batch(tx, space.tenant.id, batch_id, origin=origin.lower())
    if not hidden and not await eventitems.has_batch(tx, space.tenant.id, batch_id, origin=origin.lower()):
        raise NotFound(batch_id)
    await points.forget(tx, hidden)
    await routing.withdraw(tx, hidden, now=now)
    await broadcasting.withdraw(tx, space.tenant.id, hidden, now=now)
    return len(hidden)
