"""Follows between feeds (§6.9…§6.11)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from vocab import BadFields
from vocab.dialects.getstream import FeedId, follows
from vocab.dialects.getstream.follows import Follow, NewFollow, Unfollow

NOW = datetime(2021, 2, 24, 0, 12, 1, tzinfo=UTC)
TIMELINE, USER = FeedId("timeline", "1"), FeedId("user", "2")
PAIR = {"source": "timeline:1", "target": "user:2"}


def refused(body: Any, read: Any) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def posted(body: Any) -> NewFollow:
    return follows.posted(body, TIMELINE)


def test_a_follow_is_answered() -> None:
    assert follows.spelled(Follow(TIMELINE, USER, NOW, NOW)) == {
        "feed_id": "timeline:1", "target_id": "user:2", "created_at": "2021-02-24T00:12:01.000000Z",
        "updated_at": "2021-02-24T00:12:01.000000Z",
    }  # fmt: skip


def test_a_follow_is_read_as_either_sdk_sends_it() -> None:
    """§1.2: with a token from Python, with a number of copies from JavaScript; other members are ignored."""
    assert posted({"target": "user:2"}) == NewFollow(TIMELINE, USER, 100, "")
    assert posted({"target": "user:2", "target_token": "a.b.c", "x": 1}) == NewFollow(
        TIMELINE, USER, 100, "a.b.c"
    )
    assert posted({"target": "user:2", "activity_copy_limit": 0}) == NewFollow(TIMELINE, USER, 0)
    assert posted({"target": "user:2", "activity_copy_limit": None}).copies == 100


def test_many_follows_are_read() -> None:
    """The number of an item wins over that for all."""
    found = follows.followed([PAIR, PAIR | {"activity_copy_limit": 5}], 20)
    assert [follow.copies for follow in found] == [20, 5]
    assert follows.followed([]) == []


def test_many_follows_are_ended() -> None:
    found = follows.unfollowed([PAIR, PAIR | {"keep_history": True}])
    assert found == [Unfollow(TIMELINE, USER), Unfollow(TIMELINE, USER, keep_history=True)]


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({"target": 42}, {"target": ["must be the id of a feed, such as user:1"]}),
        ({"target": None}, {"target": ["this field is required"]}),
        ({"target": "user"}, {"target": ["must be the id of a feed, such as user:1"]}),
        ({"target": "timeline:1"}, {"target": ["a feed cannot follow itself"]}),
        ({"activity_copy_limit": 1001}, {"activity_copy_limit": ["must be a whole number from 0 to 1000"]}),
        ({"activity_copy_limit": -1}, {"activity_copy_limit": ["must be a whole number from 0 to 1000"]}),
    ],
)
def test_errors_name_the_field(members: dict[str, Any], fields: dict[str, list[str]]) -> None:
    assert refused(PAIR | members, posted) == fields
    assert refused([PAIR, PAIR | members], follows.followed) == [{}, fields]


def test_a_bad_item_ends_no_follow() -> None:
    problems = refused([PAIR, PAIR | {"target": 42, "keep_history": "x"}], follows.unfollowed)
    assert problems == [
        {},
        {"target": ["must be the id of a feed, such as user:1"], "keep_history": ["must be true or false"]},
    ]


@pytest.mark.parametrize("read", [follows.followed, follows.unfollowed])
@pytest.mark.parametrize("item", [{"target": 42}, {"source": ["timeline:1"]}, {"target": True}])
def test_what_is_said_of_items_of_wrong_types(read: Any, item: dict[str, Any]) -> None:
    """§4, §6.10, §6.11: the dialect has words of its own for a batch that is none by its types."""
    for body in ([PAIR, PAIR | item], [PAIR, "timeline:1"], {}):
        with pytest.raises(BadFields) as caught:
            read(body)
        assert caught.value.detail == "invalid request payload"
    with pytest.raises(BadFields) as caught:
        read([PAIR | {"target": "user"}])
    assert caught.value.detail == ""


@pytest.mark.parametrize("read", [follows.followed, follows.unfollowed])
def test_batches_are_lists_of_at_most_2500(read: Any) -> None:
    assert len(read([PAIR] * 2_500)) == 2_500
    assert refused([PAIR] * 2_501, read) == {"body": ["must have at most 2500 items"]}
    assert refused({"follows": []}, read) == {"body": ["must be a list"]}
