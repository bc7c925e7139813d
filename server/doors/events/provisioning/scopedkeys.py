"""Short-lived keys for browsers, minted by a tenant's program (Events §1.2)."""

import json
from typing import Final

from server import tenancy
from server.auth.events import Caller, Denied
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operations
from server.doors.events.provisioning import spelled
from server.errors import ProblemError
from storage import Transaction, eventskeys, privileges
from storage.eventskeys import TYPES, EventsKey
from vocab.dialects.events.provisioning import keys as spelling
from vocab.dialects.events.provisioning.keys import ScopedKey
from vocab.errors import BadFields

HELD_MAX: Final = 100_000
"""So many scoped keys of one full key hold at a time."""


async def mint(call: Call) -> Answer:
    """Mint a scoped key, for an hour unless `activeUntil` says otherwise, and for a day at most."""
    caller = call.caller
    if caller.key is None or caller.scoped:
        raise Denied("only a full key can mint scoped keys")
    said = spelling.scoped(await call.json(), types=TYPES, now=call.now)
    if said.username not in ("", caller.username) and not caller.admin:
        raise Denied("an administrator's key is needed to mint keys for others")
    token = tenancy.fresh_secret()
    made = await call.store.write(_minted, caller, said, token, now=call.now)
    return Answer({**spelled.key(made, token), "defaults": said.defaults}, 201)


async def expire(call: Call) -> Answer:
    """Expire a scoped key at once."""
    caller = call.caller
    key = await call.store.peek(eventskeys.called, call.tenant.id, call.names["token"], now=call.now)
    if key is None or not key.scoped or not (caller.admin or caller.key in (key.minted_by, key.hash)):
        raise ProblemError(404)
    await call.store.write(eventskeys.remove, key.hash)
    call.house.eventskeys.changed()
    return Answer(status=204)


async def _minted(tx: Transaction, caller: Caller, said: ScopedKey, token: str, *, now: int) -> EventsKey:
    """Mint a key that ends with the one it is minted from. It acts as nobody unless a user is named."""
    assert caller.key is not None  # noqa: S101 - the operation has asked
    tenant = caller.tenant.id
    full = await eventskeys.find(tx, caller.key, now=now)
    if full is None:
        raise Denied("the key's time is over")
    if said.username and await privileges.role_of(tx, tenant, said.username, now=now) is None:
        raise BadFields({"user": ["is nobody with a privilege in this tenant"]})
    if await eventskeys.minted(tx, caller.key, now=now) >= HELD_MAX:
        raise ProblemError(429, f"more than {HELD_MAX} scoped keys hold already")
    await eventskeys.add(
        tx, tenant, token, type=said.type, username=said.username or None, now=now, label=caller.label,
        active_until=min(said.active_until, full.active_until or said.active_until), minted_by=caller.key,
        defaults=json.dumps(said.defaults) if said.defaults else None,
    )  # fmt: skip
    made = await eventskeys.called(tx, tenant, token, now=now)
    assert made is not None  # noqa: S101 - it was made in this transaction
    return made


OPERATIONS: Operations = (
    (f"{PROVISIONING}scoped-api-keys", {"POST": mint}),
    (f"{PROVISIONING}scoped-api-keys/{{token}}", {"DELETE": expire}),
)
