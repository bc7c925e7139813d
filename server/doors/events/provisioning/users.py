"""Users of the tenant (Events §17.2)."""

import asyncio
import json
from typing import Any

from server import keypairs
from server.auth import passwords
from server.auth.events import Denied
from server.doors.events import paging
from server.doors.events.answers import Answer
from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operations
from server.doors.events.provisioning import known, spelled
from server.errors import ProblemError
from storage import Transaction, eventskeys, eventusers, privileges, tenants
from storage.eventskeys import ROLES
from storage.eventusers import EventUser
from storage.tenants import DEFAULT
from streams.errors import NameTaken
from streams.events import users
from vocab.dialects.events.provisioning import users as spelling
from vocab.errors import BadFields


async def list_users(call: Call) -> Answer:
    """List users by their names, or those that `q` finds."""
    page = paging.asked(call, first=0)
    only = await known.usernames(call)
    found, total = await call.store.read(
        eventusers.search, call.query.text("q", "filter"), tenant=call.tenant.id, only=only,
        descending=call.query.text("order") == "-username", offset=page.offset, limit=page.size,
    )  # fmt: skip
    items = [spelling.spell(user.username, json.loads(user.about)) for user in found]
    return paging.answer(call, page, items, total)


async def get_user(call: Call) -> dict[str, Any]:
    """Show a user with privilege and keys."""
    username = await known.require(call, call.names["username"])
    return await call.store.read(_shown, call.tenant.id, username, now=call.now)


async def add_user(call: Call) -> Answer:
    """Make a user, with the role USER unless another is said, and with an account where the tenant wants that."""
    said = spelling.posted(await call.json(), roles=ROLES)
    password = await _hashed(said.password)
    settings = call.house.config.tenants.get(call.tenant.label)
    wanted = settings is not None and settings.user_accounts
    pairs = await asyncio.to_thread(keypairs.fresh) if wanted else None
    try:
        await call.store.write(
            users.add, call.space, said, password=password, by=call.caller.by, now=call.now, account=pairs
        )
    except NameTaken:
        raise ProblemError(409, "an account has this name") from None
    return Answer(await call.store.read(_shown, call.tenant.id, said.username, now=call.now), 201)


async def change_user(call: Call) -> dict[str, Any]:
    """Change what is known of a user; what is not said stays."""
    username = call.names["username"].lower()
    said = spelling.changed(await call.json(), username=username, roles=ROLES)
    require_other(call, username, None if said.privilege is None else said.privilege.role)
    password = await _hashed(said.password) if said.password else None
    await call.store.write(users.change, call.tenant.id, username, said, password=password, now=call.now)
    call.house.eventskeys.changed()
    return await call.store.read(_shown, call.tenant.id, username, now=call.now)


async def dismiss_user(call: Call) -> Answer:
    """Take all privileges away from a user, whose record stays."""
    username = call.names["username"].lower()
    require_other(call, username, "")
    if not await call.store.write(privileges.revoke, call.tenant.id, username):
        raise ProblemError(404)
    call.house.eventskeys.changed()
    return Answer(status=204)


async def search_everywhere(call: Call) -> Answer:
    """Search the users of all tenants; for administrators of the default tenant."""
    if call.tenant.label != DEFAULT or not call.caller.admin:
        raise Denied("only who runs the server may look into other tenants")
    page = paging.asked(call, first=0)
    found, total = await call.store.read(
        eventusers.search, call.query.text("q"), tenant=None, offset=page.offset, limit=page.size
    )
    labels = {tenant.id: tenant.label for tenant in await call.store.read(tenants.every)}
    items = [_anywhere(user, labels) for user in found]
    return paging.answer(call, page, items, total)


def require_other(call: Call, username: str, role: str | None) -> None:
    """Raise a 409 when the caller would take their own role away and lock themselves out; None leaves it as it is."""
    if role is not None and username == call.caller.username and role != call.caller.role:
        raise ProblemError(409, "nobody can change their own privilege")


async def _hashed(password: str) -> str:
    if not passwords.CHARS_MIN <= len(password) <= passwords.CHARS_MAX:
        raise BadFields(
            {"password": [f"must have {passwords.CHARS_MIN} to {passwords.CHARS_MAX} characters"]}
        )
    return await passwords.hashed_aside(password)


async def _shown(tx: Transaction, tenant: int, username: str, *, now: int) -> dict[str, Any]:
    """Show a user, who may be known by their privilege alone. Raises a 404."""
    user = await eventusers.find(tx, tenant, username)
    privilege = await privileges.find(tx, tenant, username)
    if user is None and privilege is None:
        raise ProblemError(404)
    keys = await eventskeys.listed(tx, tenant, username=username, now=now)
    return spelling.spell(
        username,
        {} if user is None else json.loads(user.about),
        [] if privilege is None else [spelled.privilege(privilege)],
        [spelled.key(key) for key in keys if key.holds(now)],
    )


def _anywhere(user: EventUser, labels: dict[int, str]) -> dict[str, Any]:
    about = json.loads(user.about)
    return {"username": user.username, "email": about.get("email"), "tenant": labels.get(user.tenant)}


OPERATIONS: Operations = (
    (f"{PROVISIONING}users", {"GET": list_users, "POST": add_user}),
    (
        f"{PROVISIONING}users/{{username}}",
        {"GET": get_user, "PUT": change_user, "DELETE": dismiss_user},
    ),
    (f"{PROVISIONING}as-users", {"GET": search_everywhere}),
)
