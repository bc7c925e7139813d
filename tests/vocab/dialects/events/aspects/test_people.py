"""Events §7.17, §7.26."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("date", "parts"),
    [
        ("1990-02-03", {"birth_year": 1990, "birth_month": 2, "birth_day": 3}),
        ("1990", {"birth_year": 1990}),
        ("1990-02-03T00:00:00Z", {"birth_year": 1990, "birth_month": 2, "birth_day": 3}),
    ],
)
def test_a_date_of_birth_is_taken_apart(told: Callable[..., Any], date: str, parts: Any) -> None:
    assert told("demography", {"birth_date": date}, "entity") == parts
    assert told("demography", [{"birth_date": date}], "entity") == parts


@pytest.mark.parametrize(
    "said", [{"birth_date": "3 Feb 1990"}, {"birth_date": "1990-13"}, {"birth_month": 0}, {"birth_year": -3}]
)
def test_what_is_no_date_of_birth(codes: Callable[..., Any], said: Any) -> None:
    assert set(codes("demography", said, "entity").values()) == {"invalid_value"}


def test_special_categories_are_kept_where_the_tenant_says_so(
    told: Callable[..., Any], codes: Callable[..., Any]
) -> None:
    said = {"gender": "F", "ethnicity": "x", "disability": "y", "income": "z"}
    assert told("demography", said, "entity") == {"gender": "F"}
    assert set(codes("demography", said, "entity").values()) == {"ignored_field"}
    assert told("demography", said, "entity", special=True) == said


@pytest.mark.parametrize("on", ["event", "comment", "item"])
def test_special_categories_are_kept_nowhere_else_either(
    told: Callable[..., Any], codes: Callable[..., Any], on: str
) -> None:
    """§7.17, §7.1: what means nothing there is kept as it is, but for what may not be kept at all."""
    said = {"Gender": "F", "Ethnicity": "x", "income": "z"}
    assert told("demography", said, on) == {"Gender": "F"}
    assert told("demography", [said], on) == [{"Gender": "F"}]
    assert set(codes("demography", said, on).values()) == {"unsupported_aspect", "ignored_field"}
    assert told("demography", said, on, special=True) == said


@pytest.mark.parametrize(
    ("name", "said", "found"),
    [
        ("email", "Ada@North.example", {"address": "ada@north.example"}),
        ("phone", {"country_code": 354, "number": "5550101"}, {"country_code": "354", "number": "5550101"}),
        ("customer_permission", {"marketing_permission": "yes"}, {"marketing_permission": True}),
        ("sentiment", {"score": -0.4, "confidence": 0.8}, {"score": -0.4, "confidence": 0.8}),
        ("pricing", {"minimum_price": "3"}, {"minimum_price": 3}),
        ("subscription", {"valid_from": "2031"}, {"valid_from": "2031-01-01T00:00:00.000Z"}),
        ("local_weather", {"temperature": -3.5, "humidity": 80}, {"temperature": -3.5, "humidity": 80}),
    ],
)
def test_small_stores(told: Callable[..., Any], name: str, said: Any, found: Any) -> None:
    """§7.26."""
    assert told(name, said, "entity") == found


def test_a_product_that_was_shown(told: Callable[..., Any]) -> None:
    """§7.26."""
    assert told("productview", "Mug/blue") is None
    assert told("product_view", "Mug/blue") == {"product": "Mug/blue"}
    assert told("product_view", {"product": "Mug/blue", "version": "red"})["variant"] == "red"


def test_ranges(codes: Callable[..., Any]) -> None:
    assert codes("sentiment", {"confidence": 1.1}) == {"sentiment.confidence": "invalid_value"}
    assert codes("local_weather", {"humidity": 101}) == {"local_weather.humidity": "invalid_value"}
