"""What the current user follows, and the stream of it (Events §12)."""

from typing import Any, Final

from server.doors.events import listing, paging
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operation, Operations
from storage import Transaction, evententities
from streams.analytics import periods
from streams.events import briefs, following
from streams.events.following import Followed, Listed
from streams.events.space import Space
from streams.events.wanted import Followed as Stream
from vocab.dialects.events import Ref
from vocab.errors import BadFields


async def follow(call: Call) -> Answer:
    """Let the current user follow an entity, or follow it otherwise than before."""
    made = await begun(call, call.user, call.ref, await call.json(missing={}))
    return Answer(following.spell(made.follow), 201 if made.created else 200)


async def begun(call: Call, follower: Ref, followed: Ref, said: Any) -> Followed:
    """Let somebody follow something."""
    reader = await call.reader()
    return await call.store.write(
        following.begin, call.space, reader, follower, followed, said, by=call.caller.user, now=call.now
    )


async def show(call: Call) -> dict[str, Any]:
    """Tell how the current user follows an entity."""
    return following.spell(
        await call.store.read(following.seen, call.space, await call.reader(), call.user, call.ref)
    )


async def unfollow(call: Call) -> Answer:
    """Let the current user follow an entity no more; what was not followed is left so."""
    await call.store.write(following.end, call.space, call.user, call.ref, now=call.now)
    return Answer(status=204)


async def list_all(call: Call) -> Answer:
    """List what the current user follows."""
    return await _listed(call, None)


async def list_channels(call: Call) -> Answer:
    """List the channels that the current user follows."""
    return await _listed(call, True)


async def list_entities(call: Call) -> Answer:
    """List what the current user follows that is no channel."""
    return await _listed(call, False)


async def _listed(call: Call, channels: bool | None) -> Answer:
    page = paging.asked(call)
    found = await call.store.read(
        following.of,
        call.space,
        await call.reader(),
        call.user,
        channels=channels,
        limit=page.size,
        offset=page.offset,
    )
    return told(call, page, found)


def told(call: Call, page: paging.Asked, found: Listed) -> Answer:
    """Answer a page of follows."""
    return paging.answer(call, page, [following.spell(one) for one in found.follows], found.total)


async def stream(call: Call) -> Answered:
    """List what has happened to all that the current user follows, as one stream."""
    user = await call.store.read(row_of, call.space, call.user)
    return await listing.items(call, Stream(user))


async def brief(call: Call) -> Answered:
    """Tell in brief what is in the current user's stream."""
    return await told_in_brief(call, await call.store.read(row_of, call.space, call.user))


NOBODY: Final = 0
"""The row of a user who was never mentioned, and so follows nothing: there is none."""


async def row_of(tx: Transaction, space: Space, user: Ref) -> int:
    """Return the row of a user's entity."""
    row = await evententities.by_key(tx, space.tenant.id, user.key)
    return NOBODY if row is None else row.id


async def told_in_brief(call: Call, follower: int) -> dict[str, Any]:
    """Tell in brief what is in a stream: all of it, or what the path names a period or two dates for."""
    names, since, until = call.names, None, None
    zone = await listing.zone(call)
    if "period" in names:
        since, until = _period(names["period"], zone, call.now), call.now
    elif "begin" in names:
        since, until = (
            listing.instant(names[name], name, zone=zone, now=call.now) for name in ("begin", "end")
        )
        if until < since:
            raise BadFields({"end": ["must not lie before the beginning"]})
    reader = await call.reader()
    return await call.store.read(briefs.brief, call.space, reader, follower, since=since, until=until)


def _period(text: str, zone: str, now: int) -> int:
    period = periods.period(text) or periods.back(text)
    if period is None:
        raise BadFields({"period": ["must be an ISO 8601 period, such as P7D or PT12H"]})
    return listing.ago(period, "period", zone=zone, now=now)


FOLLOW: Final[dict[str, Operation]] = {"GET": show, "POST": follow, "PUT": follow, "DELETE": unfollow}
STREAM: Final = f"{AS}activity-stream"
OPERATIONS: Final[Operations] = (
    (f"{AS}following", {"GET": list_all}),
    (f"{AS}subscriptions", {"GET": list_all}),  # the older address
    (f"{AS}following-channels", {"GET": list_channels}),
    (f"{AS}following-entities", {"GET": list_entities}),
    (f"{AS}follow/{{type}}/{{id}}", FOLLOW),
    (STREAM, {"GET": stream}),
    (f"{STREAM}/brief", {"GET": brief}),
    (f"{STREAM}/{{period}}/brief", {"GET": brief}),
    (f"{STREAM}/{{begin}}/{{end}}/brief", {"GET": brief}),
)
