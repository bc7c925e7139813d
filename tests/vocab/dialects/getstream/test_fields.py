"""Members of bodies, and what is said of those that are wrong (§4)."""

from typing import Any

import pytest

from vocab import BadFields, jsontext
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.fields import Fields, each


def test_all_problems_are_told_at_once() -> None:
    fields = Fields({"a": [], "b": 7, "c": "x:", "d": "no", "e": "a/b"})
    fields.text("a", bytes_max=1)
    fields.data("b")
    fields.items("b", most=1)
    fields.feed("c")
    fields.feed("absent")
    fields.flag("d")
    fields.name("e")
    fields.time("d")
    with pytest.raises(BadFields) as caught:
        fields.settle()
    assert caught.value.fields == {
        "a": ["must be a string"],
        "b": ["must be an object", "must be a list"],
        "c": ["must be the id of a feed, such as user:1"],
        "absent": ["this field is required"],
        "d": ["must be true or false", "must be a time in ISO 8601"],
        "e": ["must have at most 255 letters, digits and _ . @ -"],
    }


def test_what_is_right_is_read() -> None:
    fields = Fields(
        {"a": jsontext.loads("1.50"), "b": {"x": 1}, "c": "user:1", "d": True, "e": "bob@x.org", "n": None}
    )
    assert (fields.text("a"), fields.text("n"), fields.data("b"), fields.data("n")) == (
        "1.50",
        "",
        {"x": 1},
        {},
    )
    assert (fields.feed("c"), fields.flag("d"), fields.flag("n")) == (FeedId("user", "1"), True, False)
    assert (fields.name("e"), fields.name("n"), fields.items("n", most=1)) == ("bob@x.org", "", [])
    fields.settle()


@pytest.mark.parametrize(("value", "count"), [(0, 0), (1000, 1000), ("300", 300), (None, None), ("", None)])
def test_counts(value: Any, count: int | None) -> None:
    fields = Fields({"n": value})
    assert fields.count("n", most=1000) == count
    fields.settle()


@pytest.mark.parametrize("value", [-1, 1001, 1.5, True, "x", "٣", [], {}, "9" * 5000])
def test_what_is_no_count(value: Any) -> None:
    fields = Fields({"n": value})
    assert fields.count("n", most=1000) is None
    with pytest.raises(BadFields):
        fields.settle()


def test_a_batch_tells_the_problems_of_each_item() -> None:
    def read(item: Any) -> str:
        fields = Fields(item)
        found = fields.text("a", required=True)
        fields.settle()
        return found

    assert each([{"a": "1"}, {"a": 2}], read) == ["1", "2"]
    with pytest.raises(BadFields) as caught:
        each([{"a": "1"}, {}, 5], read)
    assert caught.value.fields == [{}, {"a": ["this field is required"]}, {"body": ["must be an object"]}]
