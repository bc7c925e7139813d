"""The files in which Stream takes data in, line by line and item by item."""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import activities, ids, imports
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.imports import Instruction

LEAST = {"actor": "1", "verb": "pin", "object": "Place:42"}
TIME = "2017-07-01T20:30:45.123456"
OLD_ID = "e561de8f-00f1-11e4-b400-0cc47a024be0"
LINE = Instruction("follow", FeedId("timeline", "1"))

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from(
    [
        "id",
        "time",
        "actor",
        "verb",
        "object",
        "foreign_id",
        "to",
        "target",
        "target_id",
        "created_at",
        "updated_at",
        "kind",
        "user_id",
        "activity_id",
        "parent",
        "data",
        "collection",
        "target_feeds",
        "activity_copy_limit",
    ]
)
bodies = st.dictionaries(names, values | st.sampled_from([TIME, OLD_ID, "user:1", "1"]), max_size=9)


def refused(read: Any, *body: Any) -> Any:
    with pytest.raises(BadFields) as caught:
        read(*body)
    return caught.value.fields


def test_a_line_is_an_instruction() -> None:
    """What stands beside the data; names are Stream's."""
    assert imports.instruction({"instruction": "follow", "feedId": "timeline:1"}) == LINE
    assert (
        imports.instruction({"instruction": "follow", "feedId": "a:1", "activity_copy_limit": 20}).copies
        == 20
    )
    assert imports.instruction({"instruction": "users"}).kind == "users"
    assert refused(imports.instruction, {"instruction": "explode"}).keys() == {"instruction"}
    assert refused(imports.instruction, {"instruction": "follow"}).keys() == {"feedId"}
    assert refused(imports.instruction, {"type": "activity", "data": {}}).keys() == {"instruction", "data"}


def test_an_activity_keeps_the_id_that_its_time_and_foreign_id_make() -> None:
    """Feeds §3.2: the same id that Stream gave it."""
    made = imports.activity({**LEAST, "foreign_id": "6621934", "time": "2016-01-15T12:54:42", "likes": 3})
    assert str(made.id) == "24f9d500-bb87-11e5-8080-80012ce3cc51"
    assert made.custom == {"likes": 3}
    twice = [imports.activity({**LEAST, "time": TIME}).id for _ in range(2)]
    assert twice[0] == twice[1]


def test_an_activity_that_was_read_keeps_its_own_id() -> None:
    """Ids of the server's own making follow from nothing; what SDK users read can be imported as it stands."""
    time = "2014-07-01T07:47:48.338240"
    spelled = {**LEAST, "id": OLD_ID, "time": activities.times.naive(ids.time_of(ids.parse(OLD_ID)))}  # type: ignore[arg-type]
    read = imports.activity({**spelled, "origin": None, "target": "", "foreign_id": ""})
    assert str(read.id) == OLD_ID
    assert activities.spelled(read) == {**spelled, "target": "", "foreign_id": "", "origin": None}
    assert imports.activity({**LEAST, "id": OLD_ID}).time == read.time
    assert refused(imports.activity, {**spelled, "time": time}).keys() == {"time"}
    assert refused(imports.activity, {**LEAST, "id": "00000000-0000-4000-8000-000000000000"}).keys() == {"id"}


def test_what_has_neither_id_nor_time_would_be_taken_twice() -> None:
    assert refused(imports.activity, LEAST).keys() == {"time"}
    like = {"kind": "like", "user_id": "bob", "activity_id": OLD_ID}
    assert refused(imports.reaction, like).keys() == {"created_at"}
    assert refused(imports.reaction, {"kind": "like", "activity_id": OLD_ID, "id": "x"}).keys() == {"user_id"}
    made = [imports.reaction({**like, "created_at": "2020-01-01T00:00:00Z"}).new.id for _ in range(2)]
    assert made[0] == made[1]
    other = imports.reaction({**like, "kind": "love", "created_at": "2020-01-01T00:00:00Z"}).new.id
    assert other != made[0]


def test_a_follow_is_a_name_or_what_the_api_lists() -> None:
    assert imports.follow("user:2", LINE).follow.target == FeedId("user", "2")
    listed = {"feed_id": "timeline:1", "target_id": "user:2", "created_at": "2018-01-19T09:35:17.817332Z"}
    past = imports.follow(listed, LINE)
    assert past.follow == imports.follow("user:2", LINE).follow
    assert past.since == datetime(2018, 1, 19, 9, 35, 17, 817332, tzinfo=UTC)
    assert imports.follow({"target": "user:2", "activity_copy_limit": 3}, LINE).follow.copies == 3
    for wrong in ("timeline:1", "nothing", 7, None, {}):
        assert refused(imports.follow, wrong, LINE)


def test_entries_name_their_collection_in_three_ways() -> None:
    line = Instruction("collections", FeedId("", ""), collection="food")
    for body in ({"id": "1"}, {"id": "1", "collection": "food"}, {"foreign_id": "food:1"}):
        past = imports.entry({**body, "data": {"name": "cake"}}, line)
        assert (past.collection, past.new.id, past.new.data) == ("food", "1", {"name": "cake"})
    assert refused(imports.entry, {"data": {"a": 1}}, Instruction("collections", FeedId("", ""))).keys() == {
        "collection", "id",
    }  # fmt: skip


def test_what_was_stored_before_has_a_time_that_a_clock_showed() -> None:
    for time in ("1969-12-31T23:59:59Z", "2100-01-01T00:00:00Z"):
        assert refused(imports.user, {"id": "bob", "created_at": time}).keys() == {"created_at"}


@given(bodies | values)
def test_whatever_it_is_it_is_read_or_refused(body: Any) -> None:
    """SEC-050: nothing else is ever raised."""
    for read in (imports.activity, imports.reaction, imports.user):
        with suppress(BadFields, TooLarge):
            read(body)
    for read_with in (imports.follow, imports.unfollow, imports.entry):
        with suppress(BadFields, TooLarge):
            read_with(body, LINE)
    if isinstance(body, dict):
        with suppress(BadFields):
            imports.instruction(body)
