"""Members of this server as users of the default tenant, which they are without any key (Events §1.2)."""

from typing import Final

from storage import Transaction, privileges, tenants
from storage.actors import ActorRow
from storage.tenants import DEFAULT, Tenant
from streams.events import parties
from streams.events.reader import Reader
from streams.events.users import USER_TYPE
from vocab.dialects.events import BadReference, Ref

PERSONS: Final = (USER_TYPE, "User", "Employee")
"""Types of entities that an account of the same name is."""


async def default(tx: Transaction) -> Tenant:
    """Return the tenant whose users members are. It is there from the first start."""
    found = await tenants.by_label(tx, DEFAULT)
    if found is None:
        raise LookupError(DEFAULT)
    return found


def user(actor: ActorRow) -> Ref | None:
    """Return the user that an account is, None for one whose name no user can have."""
    try:
        return Ref.parse(f"{USER_TYPE}/{actor.name.lower()}")
    except BadReference:
        return None


async def reader(tx: Transaction, tenant: Tenant, actor: ActorRow, *, admin: bool, now: int) -> Reader:
    """Return by what names rules mean a member; nothing is kept from an ``admin``."""
    ref = user(actor)
    if admin or ref is None:
        return Reader(tenant.id, sees_all=admin)
    role = await privileges.role_of(tx, tenant.id, actor.name.lower(), now=now)
    return Reader(tenant.id, await parties.of(tx, tenant.id, ref.key, role))
