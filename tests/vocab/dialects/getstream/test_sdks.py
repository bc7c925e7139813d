"""What the official SDKs send, as recorded in ``tests/vectors/feeds/``, is read as what their callers meant."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from vocab import jsontext
from vocab.dialects.getstream import (
    FeedId,
    activities,
    changes,
    collections,
    follows,
    reactions,
    targets,
    users,
)
from vocab.dialects.getstream.follows import NewFollow, Unfollow

VECTORS = Path(__file__).parents[3] / "vectors" / "feeds"
TIMELINE, USER = FeedId("timeline", "1"), FeedId("user", "2")

READERS: list[tuple[str, Callable[[Any], Any]]] = [
    (r"POST feed/add_to_many/", targets.added_to_many),
    (r"POST feed/user/1/", activities.posted),
    (r"POST feed/user/1/follow(s|ing)/", lambda body: follows.posted(body, FeedId("user", "1"))),
    (r"POST feed_targets/.*", targets.read),
    (r"POST follow_many/", follows.followed),
    (r"POST unfollow_many/", follows.unfollowed),
    (r"POST activities/", activities.revisions),
    (r"POST activity/", changes.read),
    (r"POST user/", users.posted),
    (r"PUT user/bob/", users.replaced),
    (r"POST collections/", collections.upserted),
    (r"POST collections/food/", collections.posted),
    (r"PUT collections/food/1/", collections.replaced),
    (r"POST reaction/", reactions.posted),
    (r"PUT reaction/r1/", reactions.changed),
]


def recorded(sdk: str) -> dict[str, list[Any]]:
    """Return what was read of everything that an SDK sent, in order, by the pattern of its route."""
    found: dict[str, list[Any]] = {pattern: [] for pattern, _ in READERS}
    for line in (VECTORS / f"{sdk}.jsonl").read_text(encoding="utf-8").splitlines():
        request = json.loads(line)
        route = f"{request['method']} {request['path']}"
        ((pattern, read),) = [(pattern, read) for pattern, read in READERS if re.fullmatch(pattern, route)]
        found[pattern].append(read(jsontext.loads(request["body"])))
    return found


SDKS = {"stream-python-5.4.0": 123456, "getstream-8.15.0": 123000}
"""How exact the times are that each SDK sends, in microseconds."""


@pytest.mark.parametrize("sdk", SDKS)
def test_every_body_is_read(sdk: str) -> None:
    assert all(recorded(sdk).values())


@pytest.mark.parametrize("sdk", SDKS)
def test_both_sdks_say_the_same(sdk: str) -> None:
    found = recorded(sdk)
    ((one,), several), ((first, second), many) = found["POST feed/user/1/"]
    assert (several, many) == (False, True)
    assert (one.actor, one.verb, one.object, one.foreign_id) == ("1", "pin", "Place:42", "a:1")
    assert one.time == datetime(2017, 7, 1, 20, 30, 45, SDKS[sdk], tzinfo=UTC)
    assert [target.feed for target in one.to] == [FeedId("notification", "2")]
    assert one.custom == {"popularity": 5, "note": "Zoë 🍵"}
    assert [(item.foreign_id, item.time) for item in (first, second)] == [("", None)] * 2
    assert found["POST follow_many/"] == [[NewFollow(TIMELINE, USER)]]
    assert found["POST unfollow_many/"] == [[Unfollow(TIMELINE, USER, keep_history=True)]]
    assert [follow.copies for follow in found["POST feed/user/1/follow(s|ing)/"]] == [100, 5]
    replaced, altered = (changes[0] for changes in found["POST feed_targets/.*"])
    assert (replaced.new, altered.new, altered.added) == (
        (FeedId("user", "3"),),
        None,
        (FeedId("user", "3"),),
    )
    assert [change.set or change.unset for (change,), _ in found["POST activity/"]] == [
        {("a", "b"): 1},
        (("x",),),
    ]
    assert found["POST activity/"][1][0][0].id == one.dated(datetime.now(UTC), 0).id


@pytest.mark.parametrize("sdk", SDKS)
def test_both_sdks_speak_alike_of_users_collections_and_reactions(sdk: str) -> None:
    found = recorded(sdk)
    assert {user.id for user in found["POST user/"]} == {"bob"}
    assert [entry.id for entry in found["POST collections/food/"]] == ["", "1"]
    assert found["POST collections/"] == [{"food": [{"id": "1", "name": "T"}]}]
    like, comment, child = found["POST reaction/"]
    assert (like.data, like.targets, like.user_id) == ({}, (), "bob")
    assert (comment.data, comment.extra) == ({"text": "Hi"}, {"x": 1})
    assert (child.activity_id, child.parent) == (None, "r1")
    assert found["PUT reaction/r1/"][0].data == {"text": "Ho"}
