"""Events §5.3, §7.18: what events say of entities."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize("name", ["update", "patch"])
def test_new_aspects_are_read_as_those_of_an_entity(told: Callable[..., Any], name: str) -> None:
    said = {
        "aspects": {"presentation": "Kestrel", "dimensions": {"quay": ""}},
        "properties": {"hull": "NT-9"},
    }
    assert told(name, said) == {
        "aspects": {"presentation": {"label": "Kestrel"}, "dimensions": {"quay": "_del"}},
        "properties": {"hull": "NT-9"},
    }  # fmt: skip


def test_entities_are_listed(told: Callable[..., Any]) -> None:
    said = {
        "action": "verifies",
        "entity_ref": " Vessel/K",
        "aspects": {"tags": "a b"},
        "properties": {"x": 1},
    }
    assert told("entities", said) == [
        {"action": "VERIFIES", "entity": "Vessel/K", "aspects": {"tags": ["a", "b"]}, "properties": {"x": 1}}
    ]


@pytest.mark.parametrize(
    ("said", "field", "code"),
    [
        ({"entity": "Vessel/K"}, "entities[0].action", "missing_field"),
        ({"action": "EATS", "entity": "Vessel/K"}, "entities[0].action", "invalid_value"),
        ({"action": "UPDATES", "entity": "nobody"}, "entities[0].entity", "invalid_reference"),
        (
            {"action": "UPDATES", "entity": "V/K", "aspects": {"geo_location": "x"}},
            "entities[0].aspects.geo_location.latlong", "invalid_value",
        ),
        ("Vessel/K", "entities[0]", "invalid_value"),
    ],
)  # fmt: skip
def test_what_is_no_change(codes: Callable[..., Any], said: Any, field: str, code: str) -> None:
    assert codes("entities", [said])[field] == code


def test_the_server_manages_the_status(reads: Callable[..., Any]) -> None:
    """§7.26."""
    said = {"is_deleted": True, "version": 3, "looks_invalid": True}
    assert reads("entity", status=said)[0].aspects == {"status": {"is_deleted": True}}
    assert reads("entity", status=said, admin=True)[0].aspects == {"status": said}


def test_settings_are_as_they_were_sent(told: Callable[..., Any], codes: Callable[..., Any]) -> None:
    """§7.18."""
    assert told("settings", {"Radio": "16", "on": True, "z": None}) == {"Radio": "16", "on": True}
    assert codes("settings", {str(n): 1 for n in range(501)}) == {"settings": "invalid_value"}
    assert codes("settings", ["on"]) == {"settings": "invalid_value"}
