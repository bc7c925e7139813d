"""Time series: which there are, what is said of them, and what their points have (Events §18.5)."""

import asyncio
from typing import Final

from server.doors.events import paging
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from storage import Transaction, evententities
from storage.pointseries import Series
from streams import analytics
from streams.analytics import timeseries
from streams.events import Reader, Space, finding
from vocab.dialects.events import Ref
from vocab.dialects.events.limits import TYPE_CHARS_MAX
from vocab.errors import BadFields

MEMBERS: Final = ("aspects", "properties")


async def get_all(call: Call) -> Answer:
    """List the time series of the tenant by name."""
    reader = await call.reader()
    return await _listed(call, reader, await call.store.read(timeseries.every, reader))


async def get_one(call: Call) -> Answered:
    """Show a time series with what was said of it."""
    return await call.store.read(timeseries.shown, await call.reader(), call.names["series"])


async def put_one(call: Call) -> Answered:
    """Say what a time series is: its `aspects` and `properties` take the place of those it had."""
    name, said = call.names["series"], await call.message()
    if len(name) > TYPE_CHARS_MAX or not name.strip():
        raise BadFields({"series": [f"must have 1 to {TYPE_CHARS_MAX} characters"]})
    wrong = [member for member in MEMBERS if not isinstance(said.get(member), dict | None)]
    if wrong:
        raise BadFields({member: ["must be a JSON object"] for member in wrong})
    kept = {member: said[member] for member in MEMBERS if said.get(member)}
    return await call.store.write(timeseries.describe, await call.reader(), name, kept, now=call.now)


async def delete_one(call: Call) -> Answer:
    """Remove a time series with all its points."""
    call.caller.require_trusted()
    series = await call.store.read(timeseries.one, await call.reader(), call.names["series"])
    while await call.store.write(timeseries.remove_some, series.id):
        pass
    return Answer(status=204)


async def get_metrics(call: Call) -> Answered:
    """List what is measured in a time series."""
    series = await call.store.read(timeseries.one, await call.reader(), call.names["series"])
    return sorted(series.metrics)


async def get_dimensions(call: Call) -> Answered:
    """List the dimensions of a time series."""
    series = await call.store.read(timeseries.one, await call.reader(), call.names["series"])
    return sorted(series.dimensions)


async def get_sources(call: Call) -> Answered:
    """List the systems that points of a time series came from."""
    series = await call.store.read(timeseries.one, await call.reader(), call.names["series"])
    asked = analytics.Asked("timeseries", series.name, "source", "count", "all", *analytics.EVER)
    rows = await analytics.answer(call.store, await call.reader(), analytics.parse(asked, now=call.now))
    return [row["event"]["source"] for row in rows]


async def get_entities(call: Call) -> Answer:
    """List the entities that a time series is about, as far as the caller may know of them."""
    found = await call.store.read(_entities, call.space, await call.reader(), call.names["series"])
    page = paging.asked(call)
    return paging.answer(call, page, paging.part(page, found), len(found))


async def get_of_entity(call: Call) -> Answer:
    """List the time series that are about an entity."""
    reader = await call.reader()
    return await _listed(call, reader, await call.store.read(_about, call.space, reader, call.ref))


async def _entities(tx: Transaction, space: Space, reader: Reader, series: str) -> list[str]:
    refs = {Ref.parse(ref).key: ref for ref in await timeseries.entities(tx, reader, series)}
    rows = await evententities.by_keys(tx, space.tenant.id, refs)
    known = {row.key for row in await finding.entities(tx, reader, rows.values())}
    return [ref for key, ref in refs.items() if key in known]


async def _about(tx: Transaction, space: Space, reader: Reader, ref: Ref) -> list[Series]:
    await finding.entity(tx, space, reader, ref)
    return await timeseries.about(tx, reader, ref.key)


async def _listed(call: Call, reader: Reader, found: list[Series]) -> Answer:
    """Answer a page of time series, each looked at by itself: others have their turn in between."""
    page, shown = paging.asked(call), []
    for series in paging.part(page, found):
        shown.append(await call.store.read(timeseries.listed, reader, series))
        await asyncio.sleep(0)
    return paging.answer(call, page, shown, len(found))


_ONE: Final = f"{AS}time-series/{{series}}"

OPERATIONS: Operations = (
    (f"{AS}time-series", {"GET": get_all}),
    (_ONE, {"GET": get_one, "PUT": put_one, "DELETE": delete_one}),
    (f"{_ONE}/metrics", {"GET": get_metrics}),
    (f"{_ONE}/dimensions", {"GET": get_dimensions}),
    (f"{_ONE}/source", {"GET": get_sources}),
    (f"{_ONE}/origin", {"GET": get_sources}),
    (f"{_ONE}/entities", {"GET": get_entities}),
    (f"{AS}entities/{{type}}/{{id}}/time-series", {"GET": get_of_entity}),
)
