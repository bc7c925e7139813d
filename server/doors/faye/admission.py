"""Who may listen to which feeds: the same who may read them (Feeds §2.2, §2.5, §11.1)."""

from dataclasses import dataclass

from server.auth.feeds import CredentialsError, granted
from server.auth.feeds.policy import READ_FEED, Access
from server.doors.faye.channels import Channel
from storage import feedskeys
from streams.feeds.space import Feeds, Space
from vocab.dialects.getstream import FeedId


class NotAdmitted(Exception):
    """Someone may not listen to a channel; the text may be told."""


@dataclass(frozen=True, slots=True)
class Admission:
    """Feeds behind a channel that may be listened to; for those that are True, to all of what is in them."""

    space: Space
    feeds: dict[FeedId, bool]


async def admit(parts: Feeds, name: str, api_key: str, token: str, *, now: int) -> Admission:
    """Return what credentials let someone hear on a channel. Raises NotAdmitted when that is nothing."""
    channel = Channel.read(name)
    if channel is None:
        raise NotAdmitted("Forbidden channel")
    key = await parts.store.peek(feedskeys.find, api_key, now=now)
    if key is None or key.tenant.suspended is not None:
        raise NotAdmitted("the api_key is not known")
    if key.tenant.id != channel.app_id:
        raise NotAdmitted("the api_key is not one of this app")
    try:
        grant = granted(key, token, now=now)
    except CredentialsError as error:
        raise NotAdmitted(str(error)) from error
    space = await parts.space(key.tenant)
    feeds = {}
    for feed in channel.feeds(space.groups):
        group = space.groups[feed.slug]
        access = Access(group.client_read, group.client_target)
        if group.realtime and grant.permits(READ_FEED, feed, group=access):
            feeds[feed] = grant.sees_all_of(feed)
    if not feeds:
        raise NotAdmitted("not a feed that this token may listen to")
    return Admission(space, feeds)
