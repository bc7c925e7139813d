"""Events §7.3, §7.4."""

from collections.abc import Callable
from typing import Any

import pytest


def test_labels_with_a_slash_are_several(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    said = {"type": "workboat", "categories": ["towing/icebreaking", "towing", None], "year": "2019"}
    assert told("classification", said) == {
        "type": "workboat",
        "categories": ["towing", "icebreaking"],
        "year": 2019,
    }
    assert codes("classification", said) == {
        "classification.categories": "adjusted_value",
        "classification.year": "adjusted_value",
    }


@pytest.mark.parametrize(
    ("field", "value"), [("ranking", 101), ("outlook", -6), ("rating", "good"), ("year", 1.5)]
)
def test_ranges(codes: Callable[..., Any], field: str, value: Any) -> None:
    assert codes("classification", {field: value}) == {f"classification.{field}": "invalid_value"}


def test_changes_of_lists_stay_marked(told: Callable[..., Any]) -> None:
    said = {"tags": ["+refitted", "-for sale"]}
    assert told("classification", said, "entity") == said


def test_tags_differ_by_more_than_case(reads: Callable[..., Any], told: Callable[..., Any]) -> None:
    """§7.4."""
    found, problems = reads(tags=["Outbound", "urgent ", "outbound", "", None])
    assert found.aspects["tags"] == ["Outbound", "urgent"]
    assert found.tags == ("Outbound", "urgent")
    assert not problems
    assert told("tags", "two words") == ["two", "words"]


@pytest.mark.parametrize("tags", [["x" * 256], [f"t{n}" for n in range(201)], [["x"]], {"a": 1}])
def test_what_is_no_list_of_tags(codes: Callable[..., Any], tags: Any) -> None:
    assert "invalid_value" in codes("tags", tags).values()


def test_an_older_name_of_the_type(told: Callable[..., Any]) -> None:
    """Events §7.3: clients of one generation wrote every type as an action."""
    assert told("classification", {"action": "Lighthouse"}, "entity") == {"type": "Lighthouse"}
    assert told("classification", {"action": "x", "type": "Lighthouse"}, "entity") == {"type": "Lighthouse"}
