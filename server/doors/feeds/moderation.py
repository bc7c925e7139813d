"""Reports to the operator, and what moderators decided (Feeds §7.10)."""

from typing import Any

from server.auth.feeds import policy
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operations
from streams.feeds import flagging
from vocab.dialects.getstream import moderation
from vocab.dialects.getstream.moderation import Decision, Outcome


async def flag(call: Call) -> dict[str, Any]:
    """Report a user, an activity or a reaction to the operator."""
    call.require(policy.MODERATE)
    new = moderation.flagged(await call.json())
    return moderation.spelled(await flagging.flag(call.house.feeds, call.tenant, new))


async def decide(call: Call) -> dict[str, Any]:
    """Keep what a moderator decided of something."""
    call.require(policy.MODERATE)
    decision = moderation.decided(await call.json())
    await flagging.decide(call.house.feeds, call.tenant, [decision])
    return {}


async def decide_several(call: Call) -> dict[str, Any]:
    """Keep what a moderator decided of several things; each that cannot be kept is told, the others are."""
    call.require(policy.MODERATE)
    read = moderation.several(await call.json())
    call.count(len(read))
    decisions = [one for one in read if isinstance(one, Decision)]
    await flagging.decide(call.house.feeds, call.tenant, decisions)
    outcomes = [Outcome(one.type, one.entity) if isinstance(one, Decision) else one for one in read]
    return {"results": [moderation.told(outcome) for outcome in outcomes]}


async def forget(call: Call) -> dict[str, Any]:
    """Forget what is remembered of a user for moderation, which is nothing: all is read where it lies."""
    call.require(policy.FORGET_MODERATED)
    return {}


OPERATIONS: Operations = (
    (f"{API}moderation/flag/", {"POST": flag}),
    (f"{API}moderation/status/", {"POST": decide}),
    (f"{API}moderation/status/batch/", {"POST": decide_several}),
    (f"{API}moderation/user/cache/{{user}}/", {"DELETE": forget}),
)
