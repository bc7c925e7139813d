"""Names of channels."""

import pytest

from server.doors.faye.channels import Channel
from vocab.dialects.getstream import FeedId

GROUPS = ("user", "timeline", "timeline_aggregated", "notification")


def test_a_channel_names_a_feed_without_its_colon() -> None:
    """Feeds §11.1."""
    channel = Channel.read("/site-42-feed-user1")
    assert channel == Channel(42, "user1")
    assert channel.feeds(GROUPS) == [FeedId("user", "1")]


def test_a_name_may_be_read_in_two_ways() -> None:
    channel = Channel.read("/site-42-feed-timeline_aggregated1")
    assert channel is not None
    assert channel.feeds(GROUPS) == [FeedId("timeline", "_aggregated1"), FeedId("timeline_aggregated", "1")]
    assert channel.feeds(("user",)) == []


@pytest.mark.parametrize(
    "name", ["", "/", "/site-x-feed-user1", "/site-42-feed-", "/site-42-feed-user:1", "site-42-feed-user1", "/*",
             "/site-42-feed-user1/**", "/site-42-feed-us/er1", "/site-42-feed-user1\n", "/site-٤-feed-user1"],
)  # fmt: skip
def test_other_names_tell_nothing(name: str) -> None:
    assert Channel.read(name) is None


def test_a_slug_alone_is_no_feed() -> None:
    assert Channel(42, "user").feeds(GROUPS) == []
