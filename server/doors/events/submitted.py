"""Messages that are submitted: created at once, only checked, or left to the collector (Events §1.4, §3.5)."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from server import eventscollector
from server.auth.events import Right
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.errors import Refusal
from streams.analytics import Way
from streams.events import Recorded, Rejected, submitting
from streams.events.arriving import Arriving, roles
from streams.events.guarding import Guard
from streams.events.submitting import Noun
from vocab.dialects.events import Bump, Comment, Entity, Event, Problems
from vocab.dialects.events.echo import echo

BY: Final = "rest"
"""How messages come here, for the count of them (Events §19.4)."""
ROLES_MAX: Final = 100_000
"""So many roles may the messages of one request have that are kept at once, those of lines included."""


async def create(call: Call, noun: Noun) -> Answer:
    """Keep the messages of the body: a single one or an array, which is kept whole or not at all."""
    messages, several = await call.messages()
    answer = await keep(call, noun, messages)
    return answer if several else Answer(answer.body[0], answer.status)


async def keep(call: Call, noun: Noun, messages: Sequence[dict[str, Any]]) -> Answer:
    """Keep messages; answer them as they are kept, or what is wrong with them."""
    arriving = await _read(call, noun, messages)
    size = len(await call.request.body()) / max(len(messages), 1)
    if not all(one.reading.problems.valid for one in arriving):
        _count_rejected(call, noun, [one.reading.problems for one in arriving], size)
        return Answer(_echoed(messages, arriving), 400)
    if sum(1 for one in arriving for _ in roles(one.message)) > ROLES_MAX:
        raise Refusal(413, "too_large", f"the messages have more than {ROLES_MAX} roles: send fewer at once")
    guard = Guard(await call.reader(), call.caller.trusted, reads=call.caller.may(Right.READ))
    try:
        kept = await call.store.write(submitting.keep, call.space, noun, guard, arriving)
    except Rejected as error:
        _count_rejected(call, noun, [error.problems for _ in messages], size)
        return Answer([_refused(message, error) for message in messages], 400)
    now, way = call.house.ports.clock(), Way(call.tenant.id, noun.name, BY)
    for one, outcome in zip(arriving, kept, strict=True):
        call.house.received.kept(way, one, outcome, size=size, now=now)
    bodies = [_body(one, outcome) for one, outcome in zip(arriving, kept, strict=True)]
    is_new = any(recorded.created for outcome in kept for recorded in outcome)
    return Answer(bodies, 201 if is_new else 200)


def _count_rejected(call: Call, noun: Noun, found: Sequence[Problems], size: float) -> None:
    now, way = call.house.ports.clock(), Way(call.tenant.id, noun.name, BY)
    for problems in found:
        call.house.received.rejected(way, size=size, remarks=len(problems), received=call.now, now=now)


async def check(call: Call, noun: Noun) -> Answer:
    """Tell what is wrong with the messages of the body, and keep nothing."""
    messages, several = await call.messages()
    told = _echoed(messages, await _read(call, noun, messages))
    return Answer(told if several else told[0])


async def queue(call: Call, noun: Noun) -> Answer:
    """Leave the messages of the body to the collector, in their order; each is answered by its id, if it has one."""
    messages, several = await call.messages()
    sent = eventscollector.Sent(
        call.tenant.id, noun.name, call.now, call.caller.sender, call.caller.reading_role
    )
    told = [_queued(one.reading.message) for one in await _read(call, noun, messages)]
    await call.store.write(eventscollector.leave, sent, messages)
    return Answer(told if several else told[0], 202)


async def _read(call: Call, noun: Noun, messages: Sequence[dict[str, Any]]) -> list[Arriving]:
    return await submitting.read_all(
        call.house.events, call.tenant, noun, messages, call.caller.sender, received=call.now
    )


def _echoed(messages: Sequence[dict[str, Any]], arriving: Sequence[Arriving]) -> list[dict[str, Any]]:
    return [echo(message, one.reading) for message, one in zip(messages, arriving, strict=True)]


def _queued(message: Any) -> dict[str, Any]:
    """Answer a message that waits, by the id that it will have if that is known (Events §1.4)."""
    match message:
        case Event(id=id) | Comment(id=id) | (Bump(id=id),):
            return {"_stream_id": str(id), "status": "queued"}
        case Entity(ref=ref):
            return {"_stream_id": str(ref.stream_id), "status": "queued"}
    return {"status": "queued"}


def _body(arriving: Arriving, outcome: Sequence[Recorded]) -> Any:
    """Answer a message as it is kept, with remarks; one with several votes is answered by a list."""
    remarks = arriving.reading.problems
    told = [
        {**one.body, "_valid": True, "_errors": [*remarks.spell(), *one.problems.spell()]} for one in outcome
    ]
    return told[0] if len(told) == 1 else told


def _refused(message: Mapping[str, Any], error: Rejected) -> dict[str, Any]:
    return {**message, "_valid": False, "_errors": error.problems.spell()}
