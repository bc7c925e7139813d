"""Events §10: bumps."""

from typing import Any
from uuid import UUID

import pytest

from vocab.dialects.events import Known, Ref, bumps

ITEM = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"
ADA = Ref("Employee", "Ada")
KNOWN = Known("north", now=0)
EXAMPLE: dict[str, Any] = {
    "involves": [{"ACTOR": "Employee/Ada"}, {"BUMP_UP": ITEM}, {"BUMP_DOWN": "Vessel:Tug/Kestrel-9"}]
}


def test_the_example() -> None:
    reading = bumps.read(EXAMPLE, KNOWN)
    assert not reading.problems
    assert reading.message is not None
    assert [(bump.actor, bump.target, bump.value) for bump in reading.message] == [
        (ADA, UUID(ITEM), 1), (ADA, Ref("Vessel:Tug", "Kestrel-9"), -1),
    ]  # fmt: skip
    for bump in reading.message:
        assert bumps.read(bump.body, Known("south", now=5)).message == (bump,)


def test_there_is_one_bump_of_one_actor_on_one_thing() -> None:
    """Its id has neither a time nor a value in it (§2.2)."""
    for role in ("BUMP_DOWN", "BUMP_NEUTRAL"):
        reading = bumps.read(
            {"involves": {"ACTOR": "Employee:Crew/ADA", role: "Vessel/KESTREL-9"}}, Known("x", now=9)
        )
        assert reading.message is not None
        assert reading.message[0].id == bumps.id_of(ADA, Ref("Vessel:Tug", "Kestrel-9"))


def test_the_current_user_bumps() -> None:
    reading = bumps.read({"involves": [{"bump_neutral": ITEM}]}, Known("north", now=0, user=ADA))
    assert reading.message is not None
    assert (reading.message[0].actor, reading.message[0].value) == (ADA, 0)
    assert reading.problems.valid


def test_what_is_odd_is_told() -> None:
    """No aspects, no other roles, and of several votes on one thing the last."""
    involves = [*EXAMPLE["involves"], {"AFFECTS": "A/1"}, {"BUMP_NEUTRAL": "Vessel/kestrel-9"}]
    reading = bumps.read({"involves": involves, "aspects": {"tags": ["x"]}}, KNOWN)
    assert reading.message is not None
    assert [bump.value for bump in reading.message] == [1, 0]
    assert [problem.code for problem in reading.problems] == ["ignored_field"] * 3


def test_what_is_said_of_entities_beside() -> None:
    reading = bumps.read(
        {"involves": {"ACTOR": {"entity_ref": "A/1", "label": "Ada"}, "BUMP_UP": [ITEM, "B/1"]}}, KNOWN
    )
    assert reading.message is not None
    assert [[str(entity.ref) for entity in bump.entities] for bump in reading.message] == [["A/1"], []]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({}, ("missing_field", "involves")),
        ({"involves": [{"ACTOR": "A/1"}]}, ("missing_field", "involves")),
        ({"involves": [{"BUMP_UP": ITEM}]}, ("missing_field", "involves")),
        ({"involves": [{"ACTOR": ["A/1", "A/2"]}, {"BUMP_UP": ITEM}]}, ("invalid_value", "involves")),
        ({"involves": [{"ACTOR": "A/1"}, {"BUMP_UP": "x"}]}, ("invalid_reference", "involves[1].BUMP_UP")),
        (EXAMPLE | {"occurred_at": "x"}, ("invalid_value", "occurred_at")),
        (EXAMPLE | {"origin": "x y"}, ("invalid_value", "origin")),
    ],
)
def test_errors(raw: dict[str, Any], problem: tuple[str, str]) -> None:
    reading = bumps.read(raw, KNOWN)
    assert reading.message is None
    assert problem in [(found.code, found.field) for found in reading.problems if found.severity == "error"]
