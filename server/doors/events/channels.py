"""Channels, who is in them, what they monitor, and their streams (Events §11)."""

from typing import Any, Final

from server.doors.events import following, listing, paging, submitted
from server.doors.events.answers import Answer, Answered
from server.doors.events.call import Call
from server.doors.events.door import AS, Operation, Operations
from streams.events import channels, entityreading, shown
from streams.events import following as follows
from streams.events.following import spell
from streams.events.presence import TYPE
from streams.events.submitting import ENTITY, Noun
from streams.events.wanted import Followed as Stream
from vocab.dialects.events import Ref
from vocab.errors import BadFields


def _channel(call: Call) -> Ref:
    """Return the channel that the path names."""
    return Ref.parse(f"{TYPE}/{call.names['channel']}")


async def list_channels(call: Call) -> Answer:
    """List the channels of the tenant."""
    return await listing.sheet(call, entityreading.of_type, TYPE, listing.sheet_of(call))


async def show(call: Call) -> dict[str, Any]:
    """Show a channel."""
    reader = await call.reader()
    row = await call.store.read(channels.find, call.space, reader, _channel(call))
    [told] = await call.store.read(shown.entities, call.space, reader, [row])
    return told


async def create(call: Call) -> Answer:
    """Make a channel."""
    said = await call.message()
    return await _kept(call, CHANNEL_NOUN, said, Ref.parse(f"{TYPE}/{_id(said)}"))


async def change(call: Call) -> Answer:
    """Change what is said of a channel; its id stays."""
    said, channel = await call.message(), _channel(call)
    if ("entity_id" in said or "entity_ref" in said) and _id(said).lower() != channel.id.lower():
        raise BadFields({"entity_id": ["the id of a channel cannot be changed"]})
    await call.store.read(channels.find, call.space, await call.reader(), channel)
    return await _kept(call, ENTITY, said, channel)


def _id(said: dict[str, Any]) -> str:
    """Return the id of a channel to be; a reference to it is taken as well."""
    id, ref = said.get("entity_id"), said.get("entity_ref")
    if id is None and isinstance(ref, str):
        found = Ref.parse(ref)
        if found.key.partition("/")[0] != TYPE.lower():
            raise BadFields({"entity_ref": [f"must be a reference such as {TYPE}/night-ops"]})
        return found.id
    if not isinstance(id, str) or not id.strip():
        raise BadFields({"entity_id": ["this field is required: the id of the channel, a text"]})
    return id


async def _kept(call: Call, noun: Noun, said: dict[str, Any], channel: Ref) -> Answer:
    """Keep what is said of a channel, and answer it as it is shown."""
    message = {name: value for name, value in said.items() if name not in ("entity_id", "entity_type")}
    answer = await submitted.keep(call, noun, [{**message, "entity_ref": str(channel)}])
    [body] = answer.body
    return Answer({**body, "_class": channel.leaf}, answer.status)


async def archive(call: Call) -> Answer:
    """Hide a channel."""
    await call.store.write(channels.archive, call.space, await call.reader(), _channel(call), now=call.now)
    return Answer(status=204)


async def list_members(call: Call) -> Answer:
    """List who follows a channel."""
    page, reader = paging.asked(call), await call.reader()
    found = await call.store.read(
        channels.members, call.space, reader, _channel(call), limit=page.size, offset=page.offset
    )
    return following.told(call, page, found)


async def join(call: Call) -> Answer:
    """Let the current user follow a channel, or list it otherwise than before."""
    made = await following.begun(call, call.user, _channel(call), await call.json(missing={}))
    return Answer(spell(made.follow), 201 if made.created else 200)


async def leave(call: Call) -> Answer:
    """Let the current user follow a channel no more; one who does not is left so."""
    await call.store.write(follows.end, call.space, call.user, _channel(call), now=call.now)
    return Answer(status=204)


async def list_monitors(call: Call) -> Answer:
    """List what a channel monitors."""
    page, reader = paging.asked(call), await call.reader()
    found = await call.store.read(
        channels.monitors, call.space, reader, _channel(call), limit=page.size, offset=page.offset
    )
    return following.told(call, page, found)


async def add_monitor(call: Call) -> Answer:
    """Let a channel monitor what the body names."""
    said = await call.message()
    named = said.get("follows_ref")
    if not isinstance(named, str):
        raise BadFields({"follows_ref": ["this field is required: what the channel is to monitor"]})
    return await _monitor(call, Ref.parse(named), said)


async def set_monitor(call: Call) -> Answer:
    """Let a channel monitor what the path names, or monitor it otherwise than before."""
    return await _monitor(call, call.ref, await call.json(missing={}))


async def _monitor(call: Call, followed: Ref, said: Any) -> Answer:
    made = await call.store.write(
        channels.monitor, call.space, await call.reader(), _channel(call), followed, said,
        by=call.caller.user, now=call.now,
    )  # fmt: skip
    return Answer(spell(made.follow), 201 if made.created else 200)


async def show_monitor(call: Call) -> dict[str, Any]:
    """Tell how a channel monitors something."""
    await call.store.read(channels.find, call.space, await call.reader(), _channel(call))
    return spell(
        await call.store.read(follows.seen, call.space, await call.reader(), _channel(call), call.ref)
    )


async def remove_monitor(call: Call) -> Answer:
    """Let a channel monitor something no more."""
    await call.store.write(
        channels.release, call.space, await call.reader(), _channel(call), call.ref, now=call.now
    )
    return Answer(status=204)


async def stream(call: Call) -> Answered:
    """List what has happened to all that a channel monitors, as one stream."""
    row = await call.store.read(channels.find, call.space, await call.reader(), _channel(call))
    return await listing.items(call, Stream(row.id))


async def brief(call: Call) -> Answered:
    """Tell in brief what is in a channel."""
    row = await call.store.read(channels.find, call.space, await call.reader(), _channel(call))
    return await following.told_in_brief(call, row.id)


CHANNEL_NOUN: Final = Noun("channel", ENTITY.read, channels.create)
CHANNELS: Final = f"{AS}channels"
CHANNEL: Final = f"{CHANNELS}/{{channel}}"
MONITORS: Final[dict[str, Operation]] = {"GET": list_monitors, "POST": add_monitor}
MONITOR: Final[dict[str, Operation]] = {
    "GET": show_monitor, "PUT": set_monitor, "POST": set_monitor, "DELETE": remove_monitor,
}  # fmt: skip
MEMBERS: Final[dict[str, Operation]] = {"GET": list_members, "POST": join, "DELETE": leave}
OPERATIONS: Final[Operations] = (
    (CHANNELS, {"GET": list_channels, "POST": create}),
    (CHANNEL, {"GET": show, "PUT": change, "DELETE": archive}),
    (f"{CHANNEL}/followers", MEMBERS),
    (f"{CHANNEL}/members", MEMBERS),
    (f"{CHANNEL}/follow", {"POST": join, "DELETE": leave}),
    (f"{CHANNEL}/follows", MONITORS),
    (f"{CHANNEL}/following", MONITORS),
    (f"{CHANNEL}/monitors", MONITORS),
    (f"{CHANNEL}/follows/{{type}}/{{id}}", MONITOR),
    (f"{CHANNEL}/following/{{type}}/{{id}}", MONITOR),
    (f"{CHANNEL}/monitors/{{type}}/{{id}}", MONITOR),
    (f"{CHANNEL}/activity-stream", {"GET": stream}),
    (f"{CHANNEL}/activity-stream/brief", {"GET": brief}),
    (f"{CHANNEL}/activity-stream/{{period}}/brief", {"GET": brief}),
    (f"{CHANNEL}/activity-stream/{{begin}}/{{end}}/brief", {"GET": brief}),
)
"""``members``, ``monitors`` and ``following`` are older addresses of ``followers`` and ``follows``."""
