"""The tenant itself (Events §17.1)."""

import json
from typing import Any

from server.doors.events.call import Call
from server.doors.events.door import PROVISIONING, Operations
from storage import Transaction, tenants
from vocab.dialects.events.provisioning import tenants as spelling
from vocab.dialects.events.provisioning.members import merged


async def get_info(call: Call) -> dict[str, Any]:
    """Show what the tenant is called."""
    return spelling.info(call.tenant.label, json.loads(await call.store.peek(tenants.about, call.tenant.id)))


async def put_info(call: Call) -> dict[str, Any]:
    """Change name, icon and theme of the tenant."""
    said = spelling.changed(await call.json())
    about = await call.store.write(_describe, call.tenant.id, said)
    return spelling.info(call.tenant.label, about)


async def get_details(call: Call) -> dict[str, Any]:
    """Show everything about the tenant but privileges."""
    about = json.loads(await call.store.peek(tenants.about, call.tenant.id))
    return spelling.details(call.tenant.label, about)


async def _describe(tx: Transaction, tenant: int, said: dict[str, str | None]) -> dict[str, Any]:
    about = merged(json.loads(await tenants.about(tx, tenant)), said)
    await tenants.describe(tx, tenant, json.dumps(about))
    return about


OPERATIONS: Operations = (
    (f"{PROVISIONING}info", {"GET": get_info, "PUT": put_info}),
    (f"{PROVISIONING}details", {"GET": get_details}),
)
