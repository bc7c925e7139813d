"""Data privacy: what a user did, and its deletion (Feeds §7.9)."""

from typing import Any

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from streams.feeds import privacy
from vocab.dialects.getstream.privacy import deletions, reactions


async def delete_activities(call: Call) -> dict[str, Any]:
    """Delete activities wherever they are, whichever feeds `remove_from_feeds` names."""
    call.require(policy.DELETE_DATA)
    wanted = deletions(await call.json())
    await privacy.delete_activities(call.house.feeds, call.tenant, wanted, author=call.user)
    return {}


async def delete_reactions(call: Call) -> dict[str, Any]:
    """Delete reactions for good, with all replies to them."""
    call.require(policy.DELETE_DATA)
    wanted = reactions(await call.json())
    await privacy.delete_reactions(call.house.feeds, call.tenant, wanted, author=call.user)
    return {}


async def export_ids(call: Call) -> dict[str, Any]:
    """List the ids of all activities and reactions of a user, the oldest first."""
    call.require(policy.EXPORT_DATA)
    user = call.names["user"]
    found = await privacy.export(call.house.feeds, call.tenant, user)
    return {
        "export": {
            "user_id": user,
            "activity_count": len(found.activities),
            "activity_ids": [str(id) for id in found.activities],
            "reaction_count": len(found.reactions),
            "reaction_ids": list(found.reactions),
        }
    }


OPERATIONS: Operations = (
    (f"{API}data_privacy/delete_activities/", {"POST": delete_activities}),
    (f"{API}data_privacy/delete_reactions/", {"POST": delete_reactions}),
    (f"{API}data_privacy/export_ids/{{user}}/", {"GET": export_ids}),
)
