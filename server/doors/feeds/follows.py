"""Follows between feeds (Feeds §6.9…§6.12)."""

from typing import Any

from server.auth.feeds import Denied, policy, voucher
from server.doors.feeds import named
from server.doors.feeds.call import Call
from server.doors.feeds.door import API, Operation, Operations
from storage.feedfollows import FeedFollow
from streams.feeds import following
from streams.feeds.following import Counted
from vocab import instants
from vocab.dialects.getstream import FeedId, follows, times
from vocab.dialects.getstream.follows import COPIES_DEFAULT, COPIES_MAX, COPIES_RANGE
from vocab.errors import BadFields

PAGE = 25
PAGE_MAX = 500
OFFSET_MAX = 1_999
COPIES = "activity_copy_limit"


async def follow(call: Call) -> dict[str, Any]:
    """Let a feed follow another one (Feeds §6.9)."""
    feed = await named.required(call, policy.FOLLOW)
    wanted = follows.posted(await call.json(), feed.id)
    _require_target(call, wanted)
    await following.follow(call.house.feeds, call.tenant, [wanted])
    return {}


def _require_target(call: Call, wanted: follows.NewFollow) -> None:
    """Raise Denied for a token that its sender added and that does not allow to read what is to be followed."""
    if wanted.token and not call.grant.governed:
        vouched = voucher(call.grant, wanted.token, now=call.now)
        if vouched is None or vouched.tenant.id != call.tenant.id:
            raise Denied(f"target_token is not for {wanted.target}")


async def unfollow(call: Call) -> dict[str, Any]:
    """Let a feed follow another one no more (Feeds §6.9)."""
    feed = await named.required(call, policy.UNFOLLOW)
    target = FeedId.parse(call.names["target"])
    if target is None:
        raise BadFields({"target": ["must be the id of a feed, such as user:1"]})
    wanted = follows.Unfollow(feed.id, target, call.query.flag("keep_history"))
    await following.unfollow(call.house.feeds, call.tenant, [wanted])
    return {}


async def list_following(call: Call) -> dict[str, Any]:
    """List what a feed follows (Feeds §6.9)."""
    feed = await named.required(call, policy.LIST_FOLLOWS)
    limit, offset = _paging(call)
    found = await following.following(
        call.house.feeds, call.tenant, feed.id, names=_filter(call), limit=limit, offset=offset
    )
    return {"results": [_spelled(one) for one in found]}


async def list_followers(call: Call) -> dict[str, Any]:
    """List who follows a feed (Feeds §6.9)."""
    feed = await named.required(call, policy.LIST_FOLLOWS)
    limit, offset = _paging(call)
    found = await following.followers(
        call.house.feeds, call.tenant, feed.id, names=_filter(call), limit=limit, offset=offset
    )
    return {"results": [_spelled(one) for one in found]}


def _paging(call: Call) -> tuple[int, int]:
    limit = call.query.number("limit", PAGE, least=1, most=PAGE_MAX)
    return limit, call.query.number("offset", 0, most=OFFSET_MAX)


def _filter(call: Call) -> list[str] | None:
    """Return the feeds that a listing is about; an empty filter is none (Feeds §1.2)."""
    names = call.query.items("filter")
    for name in names:
        if FeedId.parse(name) is None:
            raise BadFields({"filter": [f"{name[:100]}: must be the id of a feed, such as user:1"]})
    return names or None


def _spelled(one: FeedFollow) -> dict[str, str]:
    created = instants.moment(one.created)
    return {
        "feed_id": one.follower, "target_id": one.followed,
        "created_at": times.zoned(created), "updated_at": times.zoned(created),
    }  # fmt: skip


async def follow_many(call: Call) -> dict[str, Any]:
    """Make many follows (Feeds §6.10)."""
    call.require(policy.FOLLOW_MANY)
    copies = _copies(call)
    wanted = follows.followed(await call.json(), copies)
    call.count(len(wanted))
    await following.follow(call.house.feeds, call.tenant, wanted)
    return {}


def _copies(call: Call) -> int:
    text = call.query.text(COPIES)
    if not text:
        return COPIES_DEFAULT
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) <= COPIES_MAX):
        raise BadFields({COPIES: [COPIES_RANGE]}, detail=f"{COPIES} {COPIES_RANGE}")
    return int(text)


async def unfollow_many(call: Call) -> dict[str, Any]:
    """End many follows (Feeds §6.11)."""
    call.require(policy.UNFOLLOW_MANY)
    wanted = follows.unfollowed(await call.json())
    call.count(len(wanted))
    await following.unfollow(call.house.feeds, call.tenant, wanted)
    return {}


async def count(call: Call) -> dict[str, Any]:
    """Count who follows one feed, and what another one follows (Feeds §6.12)."""
    call.require(policy.COUNT_FOLLOWS)
    asked = {name: _counted(call, name) for name in ("followers", "following")}
    if not any(asked.values()):
        raise BadFields({"followers": ["either this or following is required"]})
    counts = await following.counts(call.house.feeds, call.tenant, asked["followers"], asked["following"])
    return {
        "results": {
            name: {"feed": str(one.feed), "count": number}
            for (name, one), number in zip(asked.items(), counts, strict=True)
            if one is not None
        }
    }


def _counted(call: Call, name: str) -> Counted | None:
    text = call.query.text(name)
    if not text:
        return None
    feed = FeedId.parse(text)
    if feed is None:
        raise BadFields({name: ["must be the id of a feed, such as user:1"]})
    return Counted(feed, tuple(call.query.items(f"{name}_slugs")))


FEED = f"{API}feed/{{slug}}/{{id}}/"
FOLLOWING: dict[str, Operation] = {"POST": follow, "GET": list_following}
OPERATIONS: Operations = (
    (f"{FEED}follows/", FOLLOWING),
    (f"{FEED}following/", FOLLOWING),
    (f"{FEED}followers/", {"GET": list_followers}),
    (f"{FEED}follows/{{target}}/", {"DELETE": unfollow}),
    (f"{FEED}following/{{target}}/", {"DELETE": unfollow}),
    (f"{API}follow_many/", {"POST": follow_many}),
    (f"{API}unfollow_many/", {"POST": unfollow_many}),
    (f"{API}stats/follow/", {"GET": count}),
)
