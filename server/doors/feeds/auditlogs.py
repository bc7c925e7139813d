"""Audit logs: who made, changed and deleted what (Feeds §7.8)."""

from typing import Any

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from storage.feedaudit import Asked, Deed
from streams.feeds import audit
from streams.feeds.audit import NEWER, OLDER, Place
from vocab import instants
from vocab.dialects.getstream import times
from vocab.errors import BadFields

LIMIT_DEFAULT = 25
LIMIT_MAX = 100


async def get_audit_logs(call: Call) -> dict[str, Any]:
    """Show what was done to `entity_type` and `entity_id`, by `user_id`, or both; the newest first."""
    call.require(policy.READ_AUDIT_LOGS)
    limit = call.query.number("limit", LIMIT_DEFAULT, least=1, most=LIMIT_MAX)
    page = await call.store.peek(audit.page, call.tenant.id, _asked(call), _place(call), limit=limit)
    return {
        "audit_logs": list(map(_spelled, page.deeds)),
        "next": page.next.token() if page.next else "",
        "prev": page.previous.token() if page.previous else "",
    }


def _asked(call: Call) -> Asked:
    asked = Asked(call.query.text("entity_type"), call.query.text("entity_id"), call.query.text("user_id"))
    if bool(asked.type) != bool(asked.name):
        missing = "entity_id" if asked.type else "entity_type"
        raise BadFields({missing: ["one of entity_type and entity_id needs the other"]})
    if not asked.type and not asked.author:
        raise BadFields({"user_id": ["this or entity_type and entity_id must be given"]})
    return asked


def _place(call: Call) -> Place:
    for name, direction in ("next", OLDER), ("prev", NEWER):
        if token := call.query.text(name):
            place = Place.read(token, direction)
            if place is None:
                raise BadFields({name: ["is not from an answer of ours"]})
            return place
    return Place()


def _spelled(deed: Deed) -> dict[str, Any]:
    return {
        "entity_type": deed.type,
        "entity_id": deed.name,
        "action": deed.action,
        "user_id": deed.author,
        "custom": {},
        "created_at": times.zoned(instants.moment(deed.done)),
    }


OPERATIONS: Operations = ((f"{API}audit_logs/", {"GET": get_audit_logs}),)
