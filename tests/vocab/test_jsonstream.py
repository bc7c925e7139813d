"""Large arrays, item by item, however the text is cut."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import JsonError, jsonstream, jsontext

TEXT = st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)


def read(text: str, step: int = 1_000) -> list[Any]:
    source = io.StringIO(text)
    return [jsontext.loads(item) for item in jsonstream.items(lambda _: source.read(step), "items")]


@given(st.lists(VALUES, max_size=6), st.dictionaries(TEXT, VALUES, max_size=4), st.integers(1, 9))
def test_the_items_are_those_of_the_whole(values: list[Any], others: dict[str, Any], step: int) -> None:
    """AP-001: whatever stands around the array, and wherever the text is cut."""
    others.pop("items", None)
    text = json.dumps({**others, "items": values, "z": {"items": [1]}}, indent=step % 3 or None)
    assert read(text, step) == values


@pytest.mark.parametrize("text", ["{}", '{"a": 1}', '{"items": 5}', '{"items": []}'])
def test_there_may_be_none(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{", '{"items": [1', '{"items": [1 2 x]}', '{"items": [{"a": 1, "a": 2}]}', '{"items": [1e999]}',
        '{"items": [' + "[" * 70 + "]" * 70 + "]}", '{"items": [' + "[" * 100_000, '{"items": ["' + "x" * 5_000_000,
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(text: str) -> None:
    """SEC-050, SEC-099: broken, repeated, too deep, too long: as strict as with any document."""
    with pytest.raises(JsonError):
        read(text, 100_000)


def test_it_holds_little() -> None:
    """SEC-099: the memory needed is that of one item, however many there are."""
    asked: list[int] = []
    parts = iter(['{"items": [', *['"' + "x" * 1_000 + '",'] * 5_000, '""]}', ""])

    def slowly(count: int) -> str:
        asked.append(count)
        return next(parts)

    assert sum(1 for _ in jsonstream.items(slowly, "items")) == 5_001
    assert max(asked) == jsonstream.CHUNK_CHARS


@given(st.lists(VALUES, max_size=3), st.dictionaries(TEXT, VALUES, max_size=4), st.integers(1, 9))
def test_what_stands_around_the_array(values: list[Any], others: dict[str, Any], step: int) -> None:
    """AP-001: before it and behind it."""
    others.pop("items", None)
    source = io.StringIO(json.dumps({"a": 1, "items": values, **others}))
    assert jsonstream.around(lambda _: source.read(step), "items") == {"a": 1, **others}


def test_nothing_may_follow() -> None:
    """SEC-050: a second value would be lost without a word."""
    with pytest.raises(JsonError, match="more than one"):
        read('{"items": [1]} {"items": [2]}')
    assert read('{"items": [1]} \n\n') == [1]
