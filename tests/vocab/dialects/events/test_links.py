"""Events §6: links in all their forms."""

from typing import Any

import pytest

from vocab.dialects.events import Known, Link, Problems, Ref, links
from vocab.dialects.events.links import Linked

TUG, CALL = Ref("Vessel:Tug", "Kestrel-9"), Ref("Callsign", "TFKE")
DAY = 1861920000000000


def read(value: Any) -> tuple[Linked, list[tuple[str, str, str]]]:
    problems = Problems()
    found = links.read(value, source=TUG, known=Known("north", now=0), problems=problems)
    return found, [(problem.severity, problem.code, problem.field) for problem in problems]


@pytest.mark.parametrize(
    "value",
    [
        [{"type": "AKA", "entity_ref": "Callsign/TFKE"}],
        [{"type": "AKA", "entity": {"entity_ref": "Callsign/TFKE"}}],
        [{"AKA": "Callsign/TFKE"}],
        [{"AKA": {"entity_ref": "Callsign/TFKE"}}],
        [{"IS:AKA": ["Callsign/TFKE"]}],
        {"AKA": "Callsign/TFKE"},
    ],
)
def test_every_form_is_the_same_link(value: Any) -> None:
    found, problems = read(value)
    assert found == Linked((Link(TUG, "AKA", CALL),), body=({"type": "AKA", "entity_ref": "Callsign/TFKE"},))
    assert not problems


@pytest.mark.parametrize("begins", ["active_from", "valid_from", "$from"])
@pytest.mark.parametrize("ends", ["active_until", "valid_until", "$to"])
def test_attributes(begins: str, ends: str) -> None:
    """Dates by all their names (§24)."""
    said = {"AKA": "Callsign/TFKE", "weight": 3, "external_id": "x", "properties": {"via": "radio"}}
    found, problems = read([said | {begins: "2029-01-01T00:00:00Z", ends: "2029-01-01T00:00:01Z"}])
    assert found.links == (Link(TUG, "AKA", CALL, "x", 3, {"via": "radio"}, DAY, DAY + 1_000_000),)
    assert found.body == (
        {
            "type": "AKA", "entity_ref": "Callsign/TFKE", "external_id": "x", "weight": 3,
            "properties": {"via": "radio"}, "active_from": "2029-01-01T00:00:00.000Z",
            "active_until": "2029-01-01T00:00:01.000Z",
        },
    )  # fmt: skip
    assert not problems
    assert read(list(found.body))[0] == found


def test_direction_and_end() -> None:
    found, problems = read(
        [{"PART_OF": "Fleet/1", "$direction": "IN", "$delete": True, "active_until": None}]
    )
    assert found.links == (Link(Ref("Fleet", "1"), "PART_OF", TUG, ends=True),)
    assert not problems
    assert read(list(found.body))[0] == found
    assert read([{"PART_OF": "Fleet/1", "$direction": "out", "$delete": False}])[0].body == (
        {"type": "PART_OF", "entity_ref": "Fleet/1"},
    )


def test_weights_lie_between_minus_five_and_five() -> None:
    found, problems = read([{"AKA": "Callsign/TFKE", "weight": "-7"}])
    assert found.links[0].weight == -5
    assert [severity for severity, _, _ in problems] == ["warning", "warning"]
    assert read(list(found.body)) == (found, [])


def test_what_is_said_of_the_other_entity() -> None:
    """Its label, and links of its own."""
    found, problems = read([{"BELONGS_TO": "Company/n", "label": "North Tow", "LOCATED_IN": "Harbour/Åby"}])
    assert [(str(link.source), link.type, str(link.target)) for link in found.links] == [
        ("Vessel:Tug/Kestrel-9", "BELONGS_TO", "Company/n"), ("Company/n", "LOCATED_IN", "Harbour/Åby"),
    ]  # fmt: skip
    assert [entity.aspects for entity in found.entities] == [{"presentation": {"label": "North Tow"}}]
    assert not problems
    assert read(list(found.body))[0] == found


def test_a_link_to_itself_has_no_effect() -> None:
    found, problems = read([{"AKA": "Vessel/KESTREL-9"}])
    assert found == Linked((), body=({"type": "AKA", "entity_ref": "Vessel/KESTREL-9"},))
    assert problems == [("warning", "ignored_field", "relations[0]")]


@pytest.mark.parametrize("type", ["FOLLOWS", "BUMP_UP", "MANAGES", "INTEREST:MONITORS"])
def test_what_other_calls_write_is_not_written_here(type: str) -> None:
    """Events §6.2."""
    assert read([{type: "Vessel/2"}]) == (Linked(()), [("warning", "ignored_field", "relations[0]")])


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("x", ("invalid_value", "relations")),
        ([{}], ("missing_field", "relations[0].type")),
        ([{"type": "AKA"}], ("missing_field", "relations[0].entity_ref")),
        ([{"AKA": []}], ("missing_field", "relations[0].AKA")),
        ([{"AKA": "f48383f0-fc0f-317c-90df-5d7a76e1eb17"}], ("invalid_reference", "relations[0].AKA")),
        ([{"AKA": [["A/1"]]}], ("invalid_reference", "relations[0].AKA[0][0]")),
        ([{"AKA": ["A/1"] * 1_001}], ("invalid_value", "relations[0].AKA")),
        ([{"AKA": "x"}], ("invalid_reference", "relations[0].AKA")),
        ([{"AKA": "A/1", "$from": "soon"}], ("invalid_value", "relations[0].active_from")),
        ([{"AKA": "A/1", "$direction": "UP"}], ("invalid_value", "relations[0].$direction")),
        ([{"AKA": "A/1", "$delete": "maybe"}], ("invalid_value", "relations[0].$delete")),
        ([{"AKA": "A/1"}] * 1_001, ("invalid_value", "relations")),
        ([{"AKA": ["A/1"] * 600}] * 2, ("invalid_value", "relations[1]")),
    ],
)
def test_what_is_wrong_is_an_error_with_its_place(value: Any, problem: tuple[str, str]) -> None:
    assert [found for found in read(value)[1] if found[0] == "error"] == [("error", *problem)]


def test_a_link_to_nobody_is_an_error() -> None:
    """Unlike a role (§6.1)."""
    for nobody in (None, "", "Callsign/", [None]):
        assert ("error", "missing_field") in [problem[:2] for problem in read([{"AKA": nobody}])[1]]
