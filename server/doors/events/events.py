"""Events: what happened (Events §3.5)."""

from typing import Any

from server.doors.events import listing, named, projected, submitted, workflow
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, V1, Operations
from streams.events import batches, entityreading, reading
from streams.events.shown import PROGRESS
from streams.events.submitting import EVENT
from streams.events.wanted import Batch, Comments, Everything
from vocab.dialects.events import references


async def add_events(call: Call) -> Answered:
    """Keep an event, or several as an array, which is kept whole or not at all."""
    return await submitted.create(call, EVENT)


async def get_events(call: Call) -> Answered:
    """Show several events by their ids, `?id=` parted by commas; without ids the stream of the whole tenant."""
    if "id" not in call.query and "ids" not in call.query:
        return await listing.items(call, Everything())
    texts = call.query.items("id") or call.query.items("ids")
    ids = [id for id in map(references.item, texts) if id is not None]
    return await call.store.read(reading.items, call.space, await call.reader(), ids)


async def get_event(call: Call) -> Answered:
    """Show an event as it is kept."""
    return await show(call)


async def show(call: Call) -> Answered:
    """Show an item, in the form that is wanted."""
    if call.wants_activity:
        return await projected.item(call)
    id = named.item(call)
    return await call.store.read(reading.item, call.space, await call.reader(), id)


async def get_detailed(call: Call) -> Answered:
    """Show an event with the entities that took part, and those near them."""
    told = await call.store.read(
        reading.item, call.space, await call.reader(), named.item(call), detailed=True
    )
    if PROGRESS in told:
        await workflow.view(call)
    return told


async def get_comments(call: Call) -> Answered:
    """List the comments on an event, the newest first."""
    return await listing.items(call, Comments(named.item(call)))


async def get_bumps(call: Call) -> Answered:
    """List the votes on an event."""
    return await listing.sheet(call, entityreading.bumps, named.item(call), listing.sheet_of(call))


async def get_by_external_id(call: Call) -> dict[str, Any]:
    """Show the event of an id that another system gave, of one `origin` if that is said."""
    return await call.store.read(
        reading.by_external_id, call.space, await call.reader(), call.names["external_id"],
        origin=call.query.text("origin"),
    )  # fmt: skip


async def get_batch(call: Call) -> Answered:
    """List the events of a batch, of one `origin` if that is said."""
    return await listing.items(call, Batch(call.names["batch_id"], call.query.text("origin")))


async def hide_batch(call: Call) -> Answer:
    """Invalidate a batch: its events stay, and are in no list any more."""
    call.caller.require_trusted()
    await call.store.write(
        batches.hide, call.space, call.names["batch_id"], origin=call.query.text("origin"), now=call.now
    )
    return Answer(status=204)


OPERATIONS: Operations = (
    (f"{AS}events", {"GET": get_events, "POST": add_events}),
    (f"{V1}events", {"POST": add_events}),
    (f"{AS}events/{{stream_id}}", {"GET": get_event}),
    (f"{AS}events/{{stream_id}}/detailed", {"GET": get_detailed}),
    (f"{AS}events/{{stream_id}}/details", {"GET": get_detailed}),
    (f"{AS}events/{{stream_id}}/comments", {"GET": get_comments}),
    (f"{AS}events/{{stream_id}}/bumps", {"GET": get_bumps}),
    (f"{AS}events/external-id/{{external_id}}", {"GET": get_by_external_id}),
    (f"{AS}events/external-batch-id/{{batch_id}}", {"GET": get_batch, "DELETE": hide_batch}),
)
