"""Events §7.1: what an entity has after it was told more."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import aspects
from vocab.dialects.events.aspects.table import TABLE

Told = Callable[..., Any]


@pytest.fixture
def merged(told: Told) -> Callable[..., dict[str, Any]]:
    """Return what merges messages about one entity, each read as it is sent."""

    def merge(*messages: dict[str, Any], replace: bool = False) -> dict[str, Any]:
        stored: dict[str, Any] = {}
        for message in messages:
            said = {name: told(name, value, "entity", special=True) for name, value in message.items()}
            stored = aspects.merge(stored, said, replace=replace)
        return stored

    return merge


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("presentation", {"label": "Kestrel", "icon": "fa-ship"}, {"label": "K"}),
        ("classification", {"type": "a", "variant": "b"}, {"type": "c"}),
        ("dimensions", {"quay": "7", "side": "port"}, {"quay": "8"}),
        ("metrics", {"rpm": 1, "oil": 2}, {"rpm": 3}),
        ("demography", {"gender": "F", "birth_year": 1990}, {"gender": "M"}),
        ("settings", {"night_mode": "on", "radio_channel": "16"}, {"night_mode": "off"}),
        ("status", {"is_deleted": True}, {"is_deleted": False}),
    ],
)
def test_what_is_merged_keeps_its_other_fields(
    merged: Callable[..., Any], name: str, first: Any, then: Any
) -> None:
    assert merged({name: first}, {name: then})[name] == {**first, **then}


@pytest.mark.parametrize(
    ("name", "first", "then"),
    [
        ("address", {"city": "Northport", "zip_code": "1"}, {"city": "Southport"}),
        ("locale", {"locale": "is", "currency": "ISK"}, {"currency": "SEK"}),
        ("content", {"title": "a", "byline": "b"}, {"title": "c"}),
        ("inventory", {"items_sold": 1, "items_in_stock": 2}, {"items_sold": 3}),
        ("tags", ["a"], ["+b"]),
        ("attachments", [{"url": "https://a.example/1"}], [{"url": "https://a.example/2"}]),
        ("made_up", {"a": 1, "b": 2}, {"a": 2}),
    ],
)
def test_what_is_replaced_keeps_nothing(merged: Callable[..., Any], name: str, first: Any, then: Any) -> None:
    assert merged({name: first}, {name: then})[name] == then


@pytest.mark.parametrize("nothing", ["", " ", "null", "_del"])
@pytest.mark.parametrize(
    ("name", "field", "value"),
    [("presentation", "icon", "fa-ship"), ("dimensions", "quay", "7"), ("metrics", "rpm", 3), ("timed", "due", {
        "ends": "2031-03-04T06:00:00.000Z"}), ("settings", "night_mode", "on"), ("demography", "birth_year", 1990)],
)  # fmt: skip
def test_nothing_takes_fields_away(
    merged: Callable[..., Any], name: str, field: str, value: Any, nothing: str
) -> None:
    assert merged({name: {field: value}}, {name: {field: nothing}}) == {}


def test_a_date_of_birth_is_taken_away_whole(merged: Callable[..., Any]) -> None:
    """§7.17."""
    assert merged({"demography": {"birth_date": "1990-02-03"}}, {"demography": {"birth_date": "_del"}}) == {}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (["+refitted"], ["tug", "for sale", "refitted"]),
        (["-for sale", "- tug"], None),
        (["+refitted", "-for sale", "+tug"], ["tug", "refitted"]),
        (["new", "+refitted", "-x"], ["new", "refitted"]),
    ],
)
def test_labels_are_added_and_taken_away(merged: Callable[..., Any], said: Any, found: Any) -> None:
    """§7.3."""
    stored = merged(
        {"classification": {"tags": ["tug", "for sale"], "type": "a"}}, {"classification": {"tags": said}}
    )
    assert stored["classification"].get("tags") == found


def test_a_period_that_changes_drops_its_other_bounds(merged: Callable[..., Any]) -> None:
    """§7.6."""
    shift = {"begins": "2031-03-04T06:00:00.000Z", "duration": 60_000}
    due = {"ends": "2031-03-05T00:00:00.000Z"}
    later = {"ends": "2031-03-04T07:00:00.000Z"}
    stored = merged({"timed": {"shift": shift, "due": due}}, {"timed": {"shift": later}})
    assert stored["timed"] == {"shift": later, "due": due}
    same = {"begins": "2031-03-04T06:00:00.000Z"}
    kept = merged({"timed": {"shift": shift}}, {"timed": {"shift": same}})
    assert kept["timed"]["shift"]["duration"] == 60_000


def test_named_aspects_are_replaced_when_that_is_asked(merged: Callable[..., Any]) -> None:
    """§5.3: the aspect ``update``."""
    first = {"presentation": {"label": "a", "icon": "b"}, "tags": ["x"]}
    assert merged(first, {"presentation": {"label": "c"}}, replace=True) == {
        "presentation": {"label": "c"}, "tags": ["x"]
    }  # fmt: skip


@given(
    st.dictionaries(
        st.sampled_from([name for name, aspect in TABLE.items() if aspect.merging == "merge"]),
        st.dictionaries(
            st.sampled_from(["type", "label", "due"]), st.sampled_from(["a", "", "_del", "b"]), max_size=2
        ),
    )
)
def test_saying_the_same_twice_changes_nothing(said: dict[str, Any]) -> None:
    """§7.1."""
    once = aspects.merge({}, said)
    assert aspects.merge(once, said) == once
    assert aspects.merge(once, once) == once
