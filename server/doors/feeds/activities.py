"""Activities wherever they are: read, updated, sent elsewhere (Feeds §6.5…§6.8)."""

from typing import Any
from uuid import UUID

from server.auth.feeds import policy
from server.doors.feeds import enrichment, named
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from storage.placements import Placed
from streams.feeds import changing, reading
from vocab.dialects.getstream import activities, changes, ids, targets, times
from vocab.errors import BadFields

READ_MAX = 100


async def read(call: Call) -> bytes:
    """Read activities by their ids, or by foreign ids and times (Feeds §6.5)."""
    call.require(policy.READ_ACTIVITIES)
    found = await reading.some(call.house.feeds, call.tenant, wanted(call), reader=call.reader)
    space = await call.house.feeds.space(call.tenant)
    texts = [call.house.feeds.spellings.text(Placed(kept, None), space.entities) for kept in found]
    return b'{"results":[' + b",".join(texts) + b"]}"


async def read_enriched(call: Call) -> dict[str, Any]:
    """Read activities with what they refer to, and what was said to them (Feeds §6.5, §9)."""
    call.require(policy.READ_ACTIVITIES)
    found = await reading.some(call.house.feeds, call.tenant, wanted(call), reader=call.reader)
    return {"results": await enrichment.some(call, found)}


def wanted(call: Call) -> list[UUID]:
    """Return the ids of the activities that a query names. Raises BadFields."""
    named_ids, foreign_ids = call.query.items("ids"), call.query.items("foreign_ids")
    moments = call.query.items("timestamps")
    if max(len(named_ids), len(foreign_ids)) > READ_MAX:
        raise BadFields({"ids": [f"must have at most {READ_MAX} items"]})
    if named_ids:
        parsed = [ids.parse(text) for text in named_ids]
        if None in parsed:
            raise BadFields({"ids": ["must be ids of activities"]})
        return [id for id in parsed if id is not None and ids.is_timed(id)]
    if not foreign_ids:
        raise BadFields({"ids": ["either these, or foreign_ids and timestamps are required"]})
    if len(moments) != len(foreign_ids):
        raise BadFields({"timestamps": ["must be as many as foreign_ids"]})
    return [_identified(foreign_id, text) for foreign_id, text in zip(foreign_ids, moments, strict=True)]


def _identified(foreign_id: str, text: str) -> UUID:
    time = times.parse(text)
    if time is None or not ids.EARLIEST <= time <= ids.LATEST:
        raise BadFields({"timestamps": [f"{text[:100]}: must be a time in ISO 8601"]})
    return ids.of_foreign_id(time, foreign_id)


async def replace(call: Call) -> dict[str, Any]:
    """Let activities say something else (Feeds §6.6)."""
    call.require(policy.UPDATE_ACTIVITIES)
    drafts = activities.revisions(await call.json())
    call.count(len(drafts))
    await changing.replace_all(call.house.feeds, call.tenant, drafts, author=call.user)
    return {}


async def change(call: Call) -> dict[str, Any]:
    """Set and unset parts of activities (Feeds §6.7)."""
    call.require(policy.UPDATE_ACTIVITIES)
    asked, several = changes.read(await call.json())
    call.count(len(asked))
    made = await changing.change(call.house.feeds, call.tenant, asked, author=call.user)
    told = [activities.spelled(activity) for activity in made]
    return {"activities": told} if several else told[0]


async def retarget(call: Call) -> dict[str, Any]:
    """Send activities to other feeds beside their homes (Feeds §6.8)."""
    await named.required(call, policy.UPDATE_TARGETS)
    asked = targets.read(await call.json())
    call.count(len(asked))
    made = await changing.retarget(call.house.feeds, call.tenant, asked, author=call.user)
    told = [
        {
            "activity": activities.spelled(activity),
            "added": [str(feed) for feed in retargeted.added],
            "removed": [str(feed) for feed in retargeted.removed],
        }
        for activity, retargeted in made
    ]
    return told[0] if len(told) == 1 else {"activities": told}


OPERATIONS: Operations = (
    (f"{API}activities/", {"GET": read, "POST": replace}),
    (f"{API}enrich/activities/", {"GET": read_enriched}),
    (f"{API}activity/", {"POST": change}),
    (f"{API}feed_targets/{{slug}}/{{id}}/activity_to_targets/", {"POST": retarget}),
)
