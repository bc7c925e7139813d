"""Ids of feeds (§3) and entries of ``to`` (§2.3)."""

import pytest

from vocab.dialects.getstream.feedids import FeedId, Target


@pytest.mark.parametrize("text", ["user:1", "timeline_aggregated:a-B_9", "a-b:1", "u:" + 255 * "x"])
def test_ids_are_read_and_written(text: str) -> None:
    found = FeedId.parse(text)
    assert found is not None
    assert str(found) == text


@pytest.mark.parametrize(
    "text",
    ["", "user", "user:", ":1", "user:1:2", "us er:1", "user:1\n", "user:é", "user:a.b", "u:" + 256 * "x"],
)
def test_what_is_no_id(text: str) -> None:
    assert FeedId.parse(text) is None


@pytest.mark.parametrize(
    ("entry", "token"),
    [("user:44", ""), ("user:44 a.b.c", "a.b.c"), (["user:44", "a.b.c"], "a.b.c"), (["user:44", ""], "")],
)
def test_targets_come_with_and_without_a_token(entry: object, token: str) -> None:
    assert Target.read(entry) == Target(FeedId("user", "44"), token)


@pytest.mark.parametrize(
    "entry", [None, 42, "user", "user 44", [], ["user:44"], ["user:44", 1], {"feed": "user:44"}]
)
def test_what_is_no_target(entry: object) -> None:
    assert Target.read(entry) is None
