"""Targets of an activity and their changes (§6.4, §6.8)."""

from typing import Any

import pytest

from vocab import BadFields
from vocab.dialects.getstream import FeedId, targets

ID = {"id": "24f9d500-bb87-11e5-8080-80012ce3cc51"}
BEFORE = (FeedId("user", "1"), FeedId("user", "2"))


def refused(body: Any, read: Any = targets.read) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


@pytest.mark.parametrize(
    ("members", "to", "added", "removed"),
    [
        ({"new_targets": ["user:2", "user:3"]}, ["user:2", "user:3"], ["user:3"], ["user:1"]),
        ({"new_targets": []}, [], [], ["user:1", "user:2"]),
        ({"added_targets": ["user:3", "user:1"]}, ["user:1", "user:2", "user:3"], ["user:3"], []),
        ({"removed_targets": ["user:1", "user:9"]}, ["user:2"], [], ["user:1"]),
        ({"added_targets": ["user:3"], "removed_targets": ["user:2"], "new_targets": None},
         ["user:1", "user:3"], ["user:3"], ["user:2"]),
    ],
)  # fmt: skip
def test_targets_are_replaced_or_added_and_removed(
    members: dict[str, Any], to: list[str], added: list[str], removed: list[str]
) -> None:
    (change,) = targets.read(ID | members)
    found = change.applied(BEFORE)
    assert [[str(feed) for feed in feeds] for feeds in found] == [to, added, removed]


def test_an_activity_never_has_more_than_a_hundred_targets() -> None:
    (change,) = targets.read(ID | {"added_targets": [f"flat:{n}" for n in range(99)]})
    assert refused(BEFORE, change.applied) == {"added_targets": ["an activity has at most 100 targets"]}
    assert len(change.applied(BEFORE[:1]).to) == 100


def test_a_list_changes_several() -> None:
    assert len(targets.read([ID | {"new_targets": []}] * 2)) == 2
    assert refused([ID | {"new_targets": []}, ID])[0] == {}
    for body in ([], [ID] * 101):
        assert refused(body) == {"body": ["must have from 1 to 100 items"]}


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (7, {"body": ["must be an object"]}),
        (ID, {"new_targets": ["either this, added_targets or removed_targets is required"]}),
        ({"foreign_id": "a", "time": "x", "new_targets": []}, {"time": ["must be a time in ISO 8601"]}),
        (ID | {"new_targets": "user:1"}, {"new_targets": ["must be a list"]}),
        (ID | {"added_targets": ["x"]}, {
            "added_targets": ["must hold ids of feeds, such as user:1, not 'x'"],
            "new_targets": ["either this, added_targets or removed_targets is required"],
        }),
        (ID | {"new_targets": [], "added_targets": ["user:1"]},
         {"new_targets": ["cannot be given together with added_targets or removed_targets"]}),
        (ID | {"added_targets": ["user:1"], "removed_targets": ["user:1"]},
         {"added_targets": ["user:1: cannot be removed at the same time"]}),
    ],
)  # fmt: skip
def test_errors_name_the_field(body: Any, fields: dict[str, list[str]]) -> None:
    assert refused(body) == fields


def test_an_activity_is_added_to_many_feeds() -> None:
    """§6.4: tokens are for ``to`` alone, and a ``to`` of its own it may not have."""
    activity = {"actor": "1", "verb": "pin", "object": "2"}
    draft, feeds = targets.added_to_many(
        {"activity": activity | {"to": []}, "feeds": ["flat:1", "flat:2", "flat:1"]}
    )
    assert (draft.actor, feeds) == ("1", (FeedId("flat", "1"), FeedId("flat", "2")))
    read = targets.added_to_many
    assert refused({"activity": activity | {"to": ["user:1"]}, "feeds": ["flat:1"]}, read) == {
        "activity": ["must have no targets of its own"]
    }
    assert refused({"feeds": []}, read) == {
        "feeds": ["this field is required"],
        "activity": ["this field is required"],
    }
    assert refused({"activity": activity | {"verb": ""}, "feeds": ["a:1"]}, read) == {
        "verb": ["this field is required"]
    }
    many = [f"flat:{n}" for n in range(5_001)]
    assert refused({"activity": activity, "feeds": many}, read) == {"feeds": ["must have at most 5000 items"]}
    assert len(targets.added_to_many({"activity": activity, "feeds": many[:5_000]})[1]) == 5_000
