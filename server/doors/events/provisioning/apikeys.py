"""API keys of the tenant and of its users (Events §17.2). Their text is told when they are made, and never again."""

from dataclasses import replace
from typing import Any

from server import tenancy
from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operation, Operations
from server.doors.events.provisioning import known, spelled
from server.errors import ProblemError
from storage import eventskeys
from storage.eventskeys import TYPES, EventsKey
from streams.events import users
from vocab.dialects.events.provisioning import keys as spelling
from vocab.dialects.events.provisioning.keys import NewKey


async def list_tenant_keys(call: Call) -> Answer:
    """List the keys that belong to no user."""
    return await _listed(call, of_users=False)


async def list_user_keys(call: Call) -> Answer:
    """List the keys of all users whom the caller may know."""
    return await _listed(call, of_users=True)


async def list_keys_of_user(call: Call) -> Answer:
    """List the keys of a user."""
    return await _listed(call, username=await known.require(call, call.names["username"]))


async def _listed(call: Call, *, username: str | None = None, of_users: bool | None = None) -> Answer:
    page = paging.asked(call, first=0)
    found = await call.store.read(
        eventskeys.listed, call.tenant.id, username=username, of_users=of_users, now=call.now
    )
    only = await known.usernames(call)
    seen = [spelled.key(key) for key in found if _may_know(call, key, only)]
    return paging.answer(call, page, paging.part(page, seen), len(seen))


async def get_key(call: Call) -> dict[str, Any]:
    """Show a key, which is named by its text or by its mask."""
    return spelled.key(await _named(call))


async def add_key(call: Call) -> Answer:
    """Make a key that belongs to no user."""
    return await _made(call, None)


async def add_key_of_user(call: Call) -> Answer:
    """Make a key for a user."""
    return await _made(call, call.names["username"].lower())


async def _made(call: Call, username: str | None) -> Answer:
    said = spelling.posted(await call.json(), types=TYPES)
    token = tenancy.fresh_secret()
    await call.store.write(users.add_key, call.tenant.id, token, said, username=username, now=call.now)
    made = await call.store.peek(eventskeys.called, call.tenant.id, token, now=call.now)
    assert made is not None  # noqa: S101 - it was made just now
    return Answer(spelled.key(made, token), 201)


async def change_key(call: Call) -> dict[str, Any]:
    """Change what a key may be used for, and until when."""
    said = spelling.posted(await call.json(), types=TYPES, required=False)
    changed = _changed(await _named(call), said)
    await call.store.write(
        eventskeys.change, changed.hash, type=changed.type, active_from=changed.active_from,
        active_until=changed.active_until,
    )  # fmt: skip
    call.house.eventskeys.changed()
    return spelled.key(changed)


async def remove_key(call: Call) -> Answer:
    """Make a key worthless, and all that was minted from it."""
    await call.store.write(eventskeys.remove, (await _named(call)).hash)
    call.house.eventskeys.changed()
    return Answer(status=204)


def _changed(key: EventsKey, said: NewKey) -> EventsKey:
    until = None if said.endless else key.active_until if said.active_until is None else said.active_until
    since = key.active_from if said.active_from is None else said.active_from
    return replace(key, type=said.type or key.type, active_from=since, active_until=until)


async def _named(call: Call) -> EventsKey:
    """Return the full key that the path names. Raises a 404."""
    key = await call.store.peek(eventskeys.called, call.tenant.id, call.names["token"], now=call.now)
    username = call.names.get("username")
    if (
        key is None
        or key.scoped
        or (username is not None and key.username != username.lower())
        or not _may_know(call, key, await known.usernames(call))
    ):
        raise ProblemError(404)
    return key


def _may_know(call: Call, key: EventsKey, only: frozenset[str] | None) -> bool:
    """Tell whether the caller may know of a key: their own one, and those of users whom they may know."""
    return only is None or key.username in only or key.hash == call.caller.key


_NAMED: dict[str, Operation] = {"GET": get_key, "PUT": change_key, "DELETE": remove_key}

OPERATIONS: Operations = (
    (f"{PROVISIONING}api-keys", {"GET": list_tenant_keys, "POST": add_key}),
    (f"{PROVISIONING}api-keys/{{token}}", _NAMED),
    (f"{PROVISIONING}user-api-keys", {"GET": list_user_keys}),
    (
        f"{PROVISIONING}users/{{username}}/api-keys",
        {"GET": list_keys_of_user, "POST": add_key_of_user},
    ),
    (f"{PROVISIONING}users/{{username}}/api-keys/{{token}}", _NAMED),
)
