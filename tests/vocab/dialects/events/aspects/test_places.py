"""Events §7.10, §7.11, §7.16."""

from collections.abc import Callable
from typing import Any

import pytest

from vocab.dialects.events import aspects

HERE = {"latlong": "64.1522,-21.9420", "latitude": 64.1522, "longitude": -21.942}


@pytest.mark.parametrize(
    "said",
    [
        "64.1522,-21.9420",
        {"latlong": " 64.1522 , -21.9420"},
        {"latlong": "64.1522,-21.9420", "latitude": 64.1522},
    ],
)
def test_a_place_has_both_spellings(told: Callable[..., Any], said: Any) -> None:
    assert told("geo_location", said) == HERE


def test_numbers_alone(told: Callable[..., Any]) -> None:
    said = {"lat": 64, "lng": "-21.5", "type": "to"}
    assert told("geo_location", said) == {
        "latlong": "64,-21.5", "latitude": 64, "longitude": -21.5, "type": "to"
    }  # fmt: skip


def test_several_places(told: Callable[..., Any]) -> None:
    found = told("geo_location", [{"latlong": "1,2", "type": "from"}, "3,4"])
    assert [place["latlong"] for place in found] == ["1,2", "3,4"]


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ("91,0", "latlong", "invalid_value"),
        ("0,181", "latlong", "invalid_value"),
        ("north", "latlong", "invalid_value"),
        ({"latitude": -90.5, "longitude": 0}, "latitude", "invalid_value"),
        ({"latitude": 1}, "longitude", "missing_field"),
        ({"latlong": "1,2", "accuracy": 11}, "accuracy", "invalid_value"),
        ({"latlong": "1,2", "latitude": 3}, "latitude", "adjusted_value"),
        ({"latlong": "1,2", "country_code": "ISL"}, "country_code", "invalid_value"),
    ],
)
def test_what_is_no_place(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("geo_location", said)[f"geo_location.{field}"] == code


def test_a_role_that_is_tracked(told: Callable[..., Any]) -> None:
    """§7.10."""
    said = {"latlong": "64.1522,-21.9420", "bind_to": "actor"}
    assert told("geo_location", said) == HERE | {"track_for": "ACTOR"}


def test_a_locale(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    said = {"locale": "is_IS", "currency": "isk", "timezone": "Atlantic/Reykjavik", "country_code": "is"}
    assert told("locale", said) == {
        "locale": "is-IS", "currency": "ISK", "timezone": "Atlantic/Reykjavik", "country_code": "IS"
    }  # fmt: skip
    assert told("locale", "is-IS") == {"locale": "is-IS"}
    wrong = {"locale": "?", "currency": "crown", "timezone": "../etc/passwd", "country_code": "1"}
    assert set(codes("locale", wrong).values()) == {"invalid_value"}
    assert len(codes("locale", wrong)) == 4


def test_an_address(told: Callable[..., Any]) -> None:
    said = {
        "address": "Quay Street 7, 2nd floor, left", "city": "Unknown", "postal_code": "NP1", "country_code": "us",
        "state_code": "ny", "region": "null", "state": " ",
    }  # fmt: skip
    assert told("address", said) == {
        "address": "Quay Street 7", "address2": "2nd floor, left", "zip_code": "NP1", "country_code": "US",
        "state_code": "ny", "hasc": "US.NY",
    }  # fmt: skip


def test_an_address_says_where_an_entity_is_that_is_nowhere(told: Callable[..., Any]) -> None:
    """§7.16."""
    said = {"address": told("address", {"city": "Northport", "latlong": "64.1, -21.9"}, "entity")}
    merged = aspects.merge({}, said)
    assert merged["geo_location"]["latitude"] == 64.1
    assert merged["geo_location"]["type"] == "address"
    assert aspects.merge({"geo_location": HERE}, said)["geo_location"] == HERE
    assert "geo_location" not in aspects.merge({}, {"address": {"latlong": "95,0"}})
