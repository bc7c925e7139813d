"""Adding to feeds, reading them, removing from them (Feeds §6.1…§6.4)."""

from typing import Any

from server.auth.feeds import Denied, policy
from server.doors.feeds import named, pages
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from streams.feeds import adding, removing
from vocab.dialects.getstream import Draft, activities, ids, targets


async def add(call: Call) -> dict[str, Any]:
    """Add one activity to a feed, or several at once (Feeds §6.1)."""
    feed = await named.required(call, policy.ADD_ACTIVITY)
    drafts, several = activities.posted(await call.json())
    call.count(len(drafts))
    for draft in drafts:
        await _check(call, draft)
    upsert = not call.grant.governed and not call.query.flag("disable_activity_upsert")
    made = await adding.add(
        call.house.feeds, call.tenant, [feed.id], drafts,
        upsert=upsert, author=call.user, reader=call.reader,
    )  # fmt: skip
    told = [activities.spelled(activity) for activity in made]
    return {"activities": told} if several else told[0]


async def add_to_many(call: Call) -> dict[str, Any]:
    """Add one activity to several feeds (Feeds §6.4)."""
    call.require(policy.ADD_TO_MANY)
    draft, homes = targets.added_to_many(await call.json())
    call.count(len(homes))
    upsert = not call.query.flag("disable_activity_upsert")
    await adding.add(call.house.feeds, call.tenant, homes, [draft], upsert=upsert, author=call.user)
    return {}


async def _check(call: Call, draft: Draft) -> None:
    """Raise Denied when a user adds in another's name, or where they may not."""
    if not call.grant.is_actor(draft.actor):
        raise Denied(f"this token may not speak as {draft.actor}")
    await named.require_targets(call, draft.to)


async def remove(call: Call) -> dict[str, Any]:
    """Remove an activity from a feed by its id, or with ``foreign_id=1`` by its foreign id (Feeds §6.2).

    What names nothing in the feed is removed as well, also when nothing could have that name.
    """
    feed = await named.required(call, policy.REMOVE_ACTIVITY)
    segment = call.names["activity"]
    which = segment if call.query.flag("foreign_id") else ids.parse(segment)
    if which is not None:
        await removing.remove(
            call.house.feeds, call.tenant, feed.id, which, author=call.user, as_one=call.grant.is_actor
        )
    return {"removed": segment}


FEED = f"{API}feed/{{slug}}/{{id}}/"
OPERATIONS: Operations = (
    (FEED, {"POST": add, "GET": pages.read}),
    (f"{API}enrich/feed/{{slug}}/{{id}}/", {"GET": pages.read_enriched}),
    (f"{FEED}{{activity}}/", {"DELETE": remove}),
    (f"{API}feed/add_to_many/", {"POST": add_to_many}),
)
