"""What is made for one user: whom to follow, and a feed in an order of its own (Feeds §7.7)."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from server.auth.feeds import Denied, policy
from server.auth.feeds.policy import Operation
from server.doors.feeds import asked, enrichment
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, PERSONALIZATION, Operations
from server.doors.feeds.errors import MissingUser
from server.doors.feeds.named import Named
from storage.feedpages import Part
from streams.errors import NotFound
from streams.feeds import ranked, recommending
from vocab import jsontext
from vocab.dialects.getstream import FeedId
from vocab.errors import BadFields

PAGE = 25
PAGE_MAX = 100
DEPTH_MAX = 1_000
FOLLOW_RECOMMENDATIONS = "follow_recommendations"
FEED = "enrich/personalization/feed/"
FEED_NAMED = frozenset(("endpoint", "feed_slug"))
VERSION = ""
"""Of the model that made the page; none did."""


async def read(call: Call) -> dict[str, Any]:
    """Recommend feeds to follow to a user: those that the users whom they follow do follow."""
    user = _user(call)
    _require(call, policy.READ_PERSONALIZATION, user)
    limit = call.query.number("limit", PAGE, least=1, most=PAGE_MAX)
    offset = call.query.number("offset", 0, most=DEPTH_MAX)
    found = await recommending.page(call.house.feeds, call.tenant, user, limit=limit + 1, offset=offset)
    results = [{"feed_id": one.feed, "score": one.followers} for one in found[:limit]]
    following = urlencode({"user_id": user, "limit": limit, "offset": offset + limit})
    more = len(found) > limit and offset + limit <= DEPTH_MAX
    return _page(
        call,
        limit,
        offset,
        results,
        f"{PERSONALIZATION}{FOLLOW_RECOMMENDATIONS}/?{following}" if more else "",
    )


async def write(call: Call) -> dict[str, Any]:
    """Take what a user thought of what was recommended; recommendations follow from follows alone."""
    return await _nothing(call, policy.WRITE_PERSONALIZATION)


async def delete(call: Call) -> dict[str, Any]:
    """Forget what was taken, which is nothing."""
    return await _nothing(call, policy.DELETE_PERSONALIZATION)


async def _nothing(call: Call, operation: Operation) -> dict[str, Any]:
    if call.request.method == "POST":
        await call.json()
    _require(call, operation, call.grant.user)
    return _page(call, PAGE, 0, [], "")


def _require(call: Call, operation: Operation, user: str | None) -> None:
    """Refuse what is not there (404), then what the caller may not do (403)."""
    if call.names["resource"] != FOLLOW_RECOMMENDATIONS:
        raise NotFound(call.names["resource"])
    call.require(operation, owner=user)


def _page(
    call: Call, limit: int, offset: int, results: list[dict[str, Any]], following: str
) -> dict[str, Any]:
    told = {"app_id": call.tenant.id, "limit": limit, "offset": offset, "next": following, "version": VERSION}
    return {**told, "results": results}


def _user(call: Call) -> str:
    """Return the user a page is for: an id, or that of a feed of theirs; a user's token says who they are."""
    given = dict(call.query.pairs).get("user_id", "")
    feed = FeedId.parse(given)
    user = feed.id if feed else given or call.grant.user
    if not user:
        raise MissingUser("user_id is required")
    return user


async def read_feed(call: Call) -> bytes:
    """Read a feed of one user in the order of a ranking method of its group, which is what an ``endpoint`` names."""
    user = _user(call)
    call.require(policy.READ_PERSONALIZATION, owner=user)
    feed, method = await _ranked(call, user)
    if call.grant.governed and feed.access.read == "none":
        raise Denied("users may not read feeds of this group")
    part = asked.part(call, feed)
    order = replace(asked.ranking(call), method=method)
    found = await ranked.page(call.house.feeds, feed.space, feed.id, part, order)
    told = {
        "limit": part.limit,
        "offset": part.offset,
        "version": VERSION,
        "next": _further(call, user, part) if found.more else "",
        "results": await enrichment.activities(call, feed.space, found.lines),
    }
    return jsontext.dumps(told)


async def _ranked(call: Call, user: str) -> tuple[Named, str]:
    """Return the user's feed that is meant and the method. Raises NotFound when its group has no such method."""
    endpoint, slug = call.query.text("endpoint"), call.query.text("feed_slug") or recommending.READER
    id = FeedId.of(slug, user)
    if not endpoint:
        raise BadFields({"endpoint": ["this field is required"]})
    if id is None:
        raise BadFields({"feed_slug": ["must name, with user_id, a feed"]})
    space = await call.house.feeds.space(call.tenant, [slug])
    group = space.group(id)
    if not group.flat or endpoint not in group.rankings:
        raise NotFound(endpoint)
    return Named(id, group, space), endpoint


def _further(call: Call, user: str, part: Part) -> str:
    """Return where the next page is, without credentials."""
    beside = {"user_id", "ranking"}
    again = call.query.again(
        (FEED_NAMED | asked.AGAIN | asked.ABOVE | asked.BELOW | enrichment.AGAIN) - beside
    )
    query = [("user_id", user), ("limit", str(part.limit)), ("offset", str(part.offset + part.limit)), *again]
    return f"{API}{FEED}?{urlencode(query)}"


OPERATIONS: Operations = (
    (f"{PERSONALIZATION}{{resource}}/", {"GET": read, "POST": write, "DELETE": delete}),
    (f"{API}{FEED}", {"GET": read_feed}),
)
