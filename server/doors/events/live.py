"""Live updates: what happens in a tenant, as it happens (Events §14).

The key is looked at again from time to time, and so is what its user may know of; rights to each item always.
"""

import contextlib
from collections.abc import AsyncIterator, Sequence
from typing import Final, NamedTuple

from starlette.responses import Response

from server.auth.events import UnknownKey, authenticate, presented
from server.doors.events.call import Call
from server.doors.events.door import AS, Operations
from server.doors.events.following import row_of
from server.eventstream import HEADERS, QUIET, EventStream, event
from storage import Transaction, eventnews
from streams.errors import NotAllowed
from streams.events import channels, clusters, finding, live
from streams.events.live import Hearing, Told
from streams.events.presence import TYPE
from streams.events.reader import Reader
from streams.instants import SECOND_US
from vocab import jsontext
from vocab.dialects.events import Ref, references
from vocab.errors import BadFields

TYPES_MAX: Final = 50
IMPORTANCE_MAX: Final = 5
AGAIN_US: Final = 60 * SECOND_US
"""So often the key is looked at, and it is said that somebody listens."""


class Begun(NamedTuple):
    """What a client wants to hear of, and behind which position; None is from now on."""

    hearing: Hearing
    after: int | None


async def stream(call: Call) -> Response:
    """Tell what happens, from where a client was before or from now on."""
    begun = await begin(call)
    if call.request.method == "HEAD":
        return Response(headers=HEADERS, media_type="text/event-stream")
    with contextlib.ExitStack() as stack:
        stack.enter_context(seat(call))
        return EventStream(_pieces(call, begun), on_close=stack.pop_all().close)


async def _pieces(call: Call, begun: Begun) -> AsyncIterator[bytes]:
    async for told in listen(call, begun):
        for one in told:
            yield event(one.stream_id, jsontext.dumps(one.body), one.kind)
        if not told:
            yield QUIET


async def begin(call: Call) -> Begun:
    """Read what a client wants to hear of. Raises BadFields, and NotFound for what it may not know of."""
    hearing = await _hearing(call)
    await live.attend(call.store, call.tenant.id, now=call.now)
    last = call.request.headers.get("last-event-id", "") or call.query.text("last_event_id")
    after = await call.store.peek(eventnews.position_of, call.tenant.id, last.lower()) if last else None
    return Begun(hearing, after)


def seat(call: Call) -> contextlib.AbstractContextManager[None]:
    """Hold a seat for a client; a 503 or 429 when there is none."""
    return call.house.seats.taken((call.tenant.id, call.caller.key or call.caller.username))


async def listen(call: Call, begun: Begun) -> AsyncIterator[Sequence[Told]]:
    """Yield what a client is told; nothing when it has been quiet. Raises NotAllowed once its key is not valid."""
    clock, hearing, due = call.house.ports.clock, begun.hearing, call.now + AGAIN_US
    async for news in live.listen(call.house.ports, call.tenant.id, after=begun.after):
        yield await call.store.read(live.tell, call.space, hearing, news) if news else ()
        if clock() >= due:
            hearing = hearing.by(*await _again(call, clock()))
            due = clock() + AGAIN_US


async def _hearing(call: Call) -> Hearing:
    """Return what a client wants to hear of. Raises BadFields, and NotFound for what it may not know of."""
    reader, query = await call.reader(), call.query
    channel, entity, types = query.text("channel"), query.text("entity"), query.items("types")
    if len(types) > TYPES_MAX:
        raise BadFields({"types": [f"must be at most {TYPES_MAX}"]})
    user = call.caller.user
    wanted = None if not entity else references.target(entity)

    async def found(tx: Transaction) -> tuple[int | None, int | None, frozenset[int] | None]:
        home = None if user is None else await row_of(tx, call.space, user)
        row = None if not channel else (await channels.find(tx, call.space, reader, _channel(channel))).id
        if wanted is None:
            return home, row, None
        thing = await finding.entity(tx, call.space, reader, wanted)
        histories = await clusters.histories(tx, thing.id)
        return home, row, frozenset(named for named, _, _ in histories)

    home, row, entities = await call.store.read(found)
    return Hearing(
        reader, home, row, entities, tuple(type.lower().rstrip(".*%") for type in types),
        query.number("min_importance", 0, most=IMPORTANCE_MAX),
    )  # fmt: skip


def _channel(text: str) -> Ref:
    return Ref.parse(text if "/" in text else f"{TYPE}/{text}")


async def _again(call: Call, now: int) -> tuple[Reader, int | None]:
    """Return who reads and their row, as of now, and have it noted on what happens.

    Raises NotAllowed when the key is not valid.
    """
    keys, user = call.house.eventskeys, call.caller.user
    row = None if user is None else await call.store.read(row_of, call.space, user)
    key = presented(call.request.scope["headers"], call.query.pairs)
    await live.attend(call.store, call.tenant.id, now=now)
    if key is None:
        return await keys.reader(call.caller), row
    try:
        return await keys.reader(await authenticate(keys, key, now=now)), row
    except UnknownKey:
        raise NotAllowed("apikey", "is not valid any more") from None


PATH: Final = f"{AS}stream"
OPERATIONS: Final[Operations] = ((PATH, {"GET": stream}),)
