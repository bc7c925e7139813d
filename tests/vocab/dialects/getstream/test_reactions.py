"""Reactions (§7.3)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from vocab import BadFields, TooLarge
from vocab.dialects.getstream import FeedId, activities, ids, reactions
from vocab.dialects.getstream.reactions import Reaction

NOW = datetime(2021, 2, 24, 0, 12, 1, 5, tzinfo=UTC)
ROOT = UUID("24f9d500-bb87-11e5-8080-80012ce3cc51")
LIKE = Reaction("r1", "like", ROOT, "bob", NOW, NOW + timedelta(seconds=1))
LEAST = {"kind": "like", "activity_id": str(ROOT)}


def refused(body: Any, read: Any = reactions.posted) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def test_a_reaction_is_answered() -> None:
    assert reactions.spelled(LIKE, {"id": "bob"}) == {
        "id": "r1", "kind": "like", "activity_id": str(ROOT), "user_id": "bob", "user": {"id": "bob"}, "data": {},
        "parent": "", "created_at": "2021-02-24T00:12:01.000005Z", "updated_at": "2021-02-24T00:12:02.000005Z",
        "latest_children": {}, "children_counts": {},
    }  # fmt: skip


def test_some_members_are_answered_only_when_there_is_something_to_say() -> None:
    reply = Reaction(
        "r2", "comment", ROOT, "bob", NOW, NOW, {"text": "Hi"}, "r1", (FeedId("notification", "1"),), NOW
    )
    told = reactions.spelled(reply, {}, children={"like": [{"id": "r3"}]}, counts={"like": 1})
    assert (told["parent"], told["target_feeds"], told["deleted_at"]) == (
        "r1", ["notification:1"], "2021-02-24T00:12:01.000005Z",
    )  # fmt: skip
    assert (told["latest_children"], told["children_counts"]) == ({"like": [{"id": "r3"}]}, {"like": 1})


def test_reactions_are_sorted_by_kind() -> None:
    likes, comment = [{"kind": "like", "id": n} for n in range(7)], {"kind": "comment", "id": 9}
    assert reactions.by_kind([*likes, comment]) == {"like": likes, "comment": [comment]}
    first_five = {"like": likes[:5], "comment": [comment]}
    assert reactions.by_kind([*likes, comment], reactions.SHOWN_PER_KIND_MAX) == first_five
    assert reactions.by_kind([]) == {}


def test_reactions_are_read() -> None:
    full = LEAST | {"id": "mine", "user_id": 7, "data": {"x": 1}, "target_feeds": ["user:1 a.b.c"],
                    "target_feeds_extra_data": {"text": "Hi", "score": 3, "to": ["user:9"]}}  # fmt: skip
    made = reactions.posted(full)
    assert (made.activity_id, made.user_id, made.id, made.data) == (ROOT, "7", "mine", {"x": 1})
    assert (made.targets, made.extra) == (((FeedId("user", "1"), "a.b.c"),), {"text": "Hi"})
    nothing = dict.fromkeys(["id", "user_id", "data", "target_feeds", "target_feeds_extra_data", "parent"])
    least = reactions.posted(LEAST | nothing)
    assert (least.id, least.user_id, least.data, least.targets, least.extra) == ("", "", {}, (), {})
    child = reactions.posted({"kind": "like", "parent": "r1"})
    assert (child.activity_id, child.parent) == (None, "r1")


@pytest.mark.parametrize(
    ("members", "fields"),
    [
        ({"kind": ""}, {"kind": ["this field is required"]}),
        ({"kind": "k" * 256}, {"kind": ["must have at most 255 bytes"]}),
        ({"activity_id": None}, {"activity_id": ["this field is required"]}),
        ({"activity_id": "garbage"}, {"activity_id": ["must be the id of an activity"]}),
        ({"data": "x"}, {"data": ["must be an object"]}),
        ({"data": []}, {"data": ["must be an object"]}),
        ({"id": "a b"}, {"id": ["must have at most 255 letters, digits and _ . @ -"]}),
        ({"target_feeds": ["x"]}, {"target_feeds": ["must hold ids of feeds, such as user:1, not 'x'"]}),
        ({"target_feeds": [f"u:{n}" for n in range(21)]}, {"target_feeds": ["must have at most 20 items"]}),
        (
            {"target_feeds_extra_data": {"is_seen": 1}},
            {"target_feeds_extra_data": ["is_seen: this name is reserved"]},
        ),
    ],
)
def test_errors_name_the_field(members: dict[str, Any], fields: dict[str, list[str]]) -> None:
    assert refused(LEAST | members) == fields


def test_changes_leave_alone_what_they_do_not_name() -> None:
    """An empty list of targets is no targets; an absent one leaves them."""
    change = reactions.changed({"data": None, "target_feeds": None})
    assert (change.data, change.targets, change.extra) == (None, None, {})
    change = reactions.changed({"data": {}, "target_feeds": [], "target_feeds_extra_data": {"a": 1}})
    assert (change.data, change.targets, change.extra) == ({}, (), {"a": 1})
    assert refused({"data": 7}, reactions.changed) == {"data": ["must be an object"]}


@pytest.mark.parametrize("read", [reactions.posted, reactions.changed])
def test_data_has_at_most_ten_kilobytes(read: Any) -> None:
    with pytest.raises(TooLarge):
        read(LEAST | {"data": {"x": "x" * 10_240}})


def test_targets_are_told_by_an_activity() -> None:
    """With the id that anyone can work out from the reaction, and what goes along."""
    found = reactions.told(LIKE, {"text": "Hi"}).dated(NOW + timedelta(days=1), 1)
    assert activities.spelled(found) == {
        "id": str(ids.of_foreign_id(NOW, "reaction:r1")), "actor": "SU:bob", "verb": "like", "object": f"SA:{ROOT}",
        "target": "", "foreign_id": "reaction:r1", "time": "2021-02-24T00:12:01.000005", "origin": None,
        "reaction": "SR:r1", "text": "Hi",
    }  # fmt: skip
    reply = Reaction("r2", "comment", ROOT, "bob", NOW, NOW, parent="r1")
    assert reactions.told(reply, {}).object == "SR:r1"
