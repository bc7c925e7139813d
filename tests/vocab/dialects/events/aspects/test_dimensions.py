"""Events §7.5, §7.25."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab import jsontext


def test_dimensions_are_flat_texts(told: Callable[..., Any]) -> None:
    many = '["x", 2.50, "", "x"]'
    said = jsontext.loads(
        f'{{"Quay.No": 7, "a": {{"b": {{"c": true}}}}, "many": {many}, "none": " ", "z": null}}'
    )
    assert told("dimensions", said) == {"quay_no": "7", "a_b_c": "true", "many": ["x", "2.50"]}


def test_lists_in_lists_are_left_out(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    assert told("dimensions", {"a": ["x", ["y"], {"z": 1}]}) == {"a": ["x"]}
    assert codes("dimensions", {"a": ["x", ["y"]]}) == {"dimensions.a": "ignored_field"}


@pytest.mark.parametrize("name", ["metrics", "ts_data"])
def test_metrics_are_numbers(told: Callable[..., Any], codes: Callable[..., Any], name: str) -> None:
    assert told(name, {"pallets": "14", "Draught.m": 2.5}) == {"pallets": 14, "draught_m": 2.5}
    assert codes(name, {"a": [1], "b": {"c": 1}, "d": "many", "e": True, "f": "1e400", "g": "٣"}) == {
        f"{name}.a": "invalid_value",
        f"{name}.b": "invalid_value",
        f"{name}.d": "invalid_value",
        f"{name}.e": "invalid_value",
        f"{name}.f": "invalid_value",
        f"{name}.g": "adjusted_value",
    }


@pytest.mark.parametrize("name", ["dimensions", "metrics"])
def test_how_many(codes: Callable[..., Any], name: str) -> None:
    assert codes(name, {f"d{n}": 1 for n in range(201)}) == {name: "invalid_value"}
    assert codes(name, ["x"]) == {name: "invalid_value"}
