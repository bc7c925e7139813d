"""The Provisioning API: tenants, users, privileges, keys and settings (Events §17). Pages are counted from 0."""

from server.doors.events.door import Operations
from server.doors.events.provisioning import apikeys, privileges, scopedkeys, settings, tenant, users

OPERATIONS: Operations = (
    *tenant.OPERATIONS,
    *users.OPERATIONS,
    *privileges.OPERATIONS,
    *apikeys.OPERATIONS,
    *scopedkeys.OPERATIONS,
    *settings.OPERATIONS,
)

MANAGING = frozenset(
    operation
    for _, operations in OPERATIONS
    for method, operation in operations.items()
    if method != "GET" and operation not in (scopedkeys.mint, scopedkeys.expire)
)
"""What administrators alone may do."""
