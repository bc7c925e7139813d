"""The feed that a path names: its id, its group, and what the caller may do there (Feeds §2.5, §3)."""

from dataclasses import dataclass

from server.auth.feeds import Denied, policy, voucher
from server.auth.feeds.policy import Access
from server.doors.feeds.call import Call
from streams.feeds import Group, Space
from vocab.dialects.getstream import FeedId, Target
from vocab.errors import BadFields


@dataclass(frozen=True, slots=True)
class Named:
    """A feed of a group that is configured, and the tenant's space it is in."""

    id: FeedId
    group: Group
    space: Space

    @property
    def access(self) -> Access:
        """What the feed's group lets users do."""
        return access(self.group)


def access(group: Group) -> Access:
    """Return what a group lets users do."""
    return Access(read=group.client_read, target=group.client_target)


async def named(call: Call) -> Named:
    """Return the feed that a path names. Raises BadFields for what is no id, UnknownGroup."""
    id = FeedId.of(call.names["slug"], call.names["id"])
    if id is None:
        raise BadFields({"feed": ["must be a group and an id of letters, digits, _ and -"]})
    space = await call.house.feeds.space(call.tenant, [id.slug])
    return Named(id, space.group(id), space)


async def required(call: Call, operation: policy.Operation) -> Named:
    """Return the feed that a path names, if the caller may do something with it. Raises Denied as well."""
    feed = await named(call)
    call.grant.require(operation, feed.id, group=feed.access)
    return feed


async def require_targets(call: Call, targets: tuple[Target, ...]) -> None:
    """Raise Denied unless the caller may send activities to all of these feeds, UnknownGroup for some (Feeds §2.3)."""
    if not targets:
        return
    space = await call.house.feeds.space(call.tenant, {target.feed.slug for target in targets})
    for target in targets:
        vouched = voucher(call.grant, target.token, now=call.now)
        if not call.grant.may_target(target.feed, voucher=vouched, group=access(space.group(target.feed))):
            raise Denied(f"this token may not add to {target.feed}")
