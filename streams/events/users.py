"""Users of a tenant: made, described otherwise, given roles and keys (Events §17.2). Units of work."""

import json
from collections.abc import Iterable
from typing import Any, Final

from storage import Transaction, eventskeys, eventusers, members, privileges
from storage.errors import Conflict
from storage.eventskeys import USER
from storage.privileges import Privilege
from streams import actors
from streams.actors import KeyPair
from streams.errors import NotFound
from streams.events import histories, recording
from streams.events.space import Space
from vocab.dialects.events import Known, Ref, entities
from vocab.dialects.events.provisioning.keys import NewKey
from vocab.dialects.events.provisioning.members import merged
from vocab.dialects.events.provisioning.privileges import NewPrivilege
from vocab.dialects.events.provisioning.users import Said

USER_TYPE: Final = "ASUser"
"""The type of the entities that users are."""


async def add(
    tx: Transaction,
    space: Space,
    said: Said,
    *,
    password: str,
    by: Ref,
    now: int,
    account: Iterable[KeyPair] | None = None,
) -> None:
    """Make a user with a role and an entity, and with an ``account`` of these keys.

    Raises Conflict when there is a user of that name, if only by a role, NameTaken when an account has it, and Refused
    when an account could not have it.
    """
    tenant = space.tenant.id
    if await privileges.find(tx, tenant, said.username) is not None:
        raise Conflict("event_users")
    about = json.dumps(merged({}, said.about))
    await eventusers.add(tx, tenant, said.username, password=password, about=about, now=now)
    await _grant(tx, tenant, said.username, said.privilege or NewPrivilege(USER), now=now)
    name = " ".join(filter(None, (said.about.get("firstName"), said.about.get("lastName"))))
    message: dict[str, Any] = {"entity_ref": f"{USER_TYPE}/{said.username}", "label": name or said.username}
    if account is not None:
        made = await actors.create(
            tx,
            base_url=space.base_url,
            name=said.username,
            display_name=name or None,
            key_pairs=account,
            now=now,
        )
        await members.put(tx, made.id, password=password, admin=False, now=now)
        if (same := histories.ref_of(space, made.iri)) is not None:
            message["AKA"] = str(same)
    reading = entities.read(message, Known(space.tenant.label, now))
    await recording.entity(tx, space, reading, received=now, by=by)


async def change(
    tx: Transaction, tenant: int, username: str, said: Said, *, password: str | None, now: int
) -> None:
    """Let a user be described otherwise. Raises NotFound."""
    user = await eventusers.find(tx, tenant, username)
    if user is None:
        raise NotFound(username)
    about = json.dumps(merged(json.loads(user.about), said.about))
    await eventusers.change(tx, tenant, username, password=password, about=about, now=now)
    if said.privilege is not None:
        await _grant(tx, tenant, username, said.privilege, now=now)


async def grant(tx: Transaction, tenant: int, username: str, said: NewPrivilege, *, now: int) -> Privilege:
    """Give a user a role, in the place of the one they had. Raises NotFound."""
    await _require(tx, tenant, username)
    return await _grant(tx, tenant, username, said, now=now)


async def add_key(
    tx: Transaction, tenant: int, token: str, said: NewKey, *, username: str | None, now: int
) -> None:
    """Make a key, for a user or for none. Raises NotFound for a user that there is not."""
    if username is not None:
        await _require(tx, tenant, username)
    await eventskeys.add(
        tx, tenant, token, type=said.type, username=username, label=said.label,
        active_from=said.active_from, active_until=said.active_until, now=now,
    )  # fmt: skip


async def _require(tx: Transaction, tenant: int, username: str) -> None:
    """Raise NotFound for a user whom nobody has made nor given a role."""
    if await privileges.find(tx, tenant, username) or await eventusers.find(tx, tenant, username):
        return
    raise NotFound(username)


async def _grant(tx: Transaction, tenant: int, username: str, said: NewPrivilege, *, now: int) -> Privilege:
    await privileges.grant(
        tx, tenant, username, said.role, active_from=said.active_from, active_until=said.active_until, now=now
    )
    return Privilege(
        username, said.role, now if said.active_from is None else said.active_from, said.active_until
    )
