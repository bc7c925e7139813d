"""Events §4: roles in all their forms."""

from typing import Any
from uuid import UUID

import pytest

from vocab.dialects.events import Known, Link, Problems, Ref, Role, roles
from vocab.dialects.events.roles import Involved

KNOWN = Known("north", now=0)
ITEM = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"
KESTREL = Ref("Vessel", "Kestrel-9")


def read(value: Any, known: Known = KNOWN) -> tuple[Involved, list[tuple[str, str, str]]]:
    problems = Problems()
    found = roles.read(value, known=known, problems=problems)
    return found, [(problem.severity, problem.code, problem.field) for problem in problems]


@pytest.mark.parametrize(
    "value",
    [
        [{"role": "AFFECTS", "entity_ref": "Vessel/Kestrel-9"}],
        [{"type": "AFFECTS", "entity_ref": "Vessel/Kestrel-9"}],
        [{"role": "AFFECTS", "entity_type": "Vessel", "entity_id": "Kestrel-9"}],
        [{"role": "AFFECTS", "entity": {"entity_ref": "Vessel/Kestrel-9"}}],
        [{"role": "AFFECTS", "entity": {"entity_type": "Vessel", "entity_id": "Kestrel-9"}}],
        [{"role": "AFFECTS", "entity_ref": "Vessel/Kestrel-9", "entity": {}}],
        [{"AFFECTS": "Vessel/Kestrel-9"}],
        [{"AFFECTS": {"entity_ref": "Vessel/Kestrel-9"}}],
        [{"AFFECTS": ["Vessel/Kestrel-9"]}],
        [None, {"AFFECTS": [None, " Vessel/Kestrel-9 "]}],
        {"AFFECTS": "Vessel/Kestrel-9"},
        {"AFFECTS": ["Vessel/Kestrel-9"], "INVOLVES": None},
    ],
)
def test_every_form_is_the_same_role(value: Any) -> None:
    """Events §4.1: the six forms, and null where nothing is given."""
    found, problems = read(value)
    assert found == Involved(
        (Role("AFFECTS", KESTREL),), body=({"role": "AFFECTS", "entity_ref": "Vessel/Kestrel-9"},)
    )
    assert not problems


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ([{"affects": "Vessel/Kestrel-9"}], ("warning", "adjusted_value", "involves[0]")),
        (
            [{"role": "affects", "entity_ref": "Vessel/Kestrel-9"}],
            ("warning", "adjusted_value", "involves[0]"),
        ),
        (
            [{"ROLE": "AFFECTS", "entity_ref": "Vessel/Kestrel-9"}],
            ("warning", "adjusted_name", "involves[0].ROLE"),
        ),
        ({"role": "AFFECTS", "entity_ref": "Vessel/Kestrel-9"}, ("warning", "adjusted_value", "involves")),
        ([{"AFFECTS": "Vessel/Kestrel-9", "rank": 1}], ("warning", "ignored_field", "involves[0].rank")),
        ([{"AFFECTS": "Vessel/Kestrel-9", "type": "x"}], ("warning", "ignored_field", "involves[0].type")),
    ],
)
def test_what_is_odd_is_told(value: Any, problem: tuple[str, str, str]) -> None:
    found, problems = read(value)
    assert found.roles == (Role("AFFECTS", KESTREL),)
    assert problems == [problem]


def test_several_entities_with_one_role() -> None:
    """A composite product (§4.1, form 5)."""
    found, problems = read([{"PURCHASED": ["Show/4", "Hall/2"], "external_id": "m1"}])
    assert found.roles == tuple(
        Role("TRADE:PURCHASED", Ref(type, id), "m1") for type, id in (("Show", "4"), ("Hall", "2"))
    )
    assert not problems


def test_weight_properties_and_external_id() -> None:
    said = {
        "role": "REFERENCES",
        "entity_ref": "Manifest/77",
        "external_id": "m1",
        "weight": 2.5,
        "properties": {"A": 1},
    }
    found, problems = read([said])
    assert found.roles == (Role("REFERENCES", Ref("Manifest", "77"), "m1", 2.5, {"A": 1}),)
    assert found.body == (said,)
    assert not problems
    found, problems = read([said | {"weight": "2", "external_id": 7}])
    assert (found.roles[0].weight, found.roles[0].external_id) == (2, "7")
    assert [code for _, code, _ in problems] == ["adjusted_value"] * 2


def test_an_item_of_a_stream_may_take_part() -> None:
    """Events §2.1."""
    found, problems = read([{"REFERENCES": ITEM.upper()}])
    assert found.roles == (Role("REFERENCES", UUID(ITEM)),)
    assert found.body == ({"role": "REFERENCES", "entity_ref": ITEM},)
    assert not problems


def test_which_key_is_the_role() -> None:
    """The first key in capitals that is a known role, else the first; the others are links of the entity (§4.1)."""
    session, customer = Ref("WebSession", "s-51"), Ref("Customer", "c-88")
    for said in (
        {"ACTOR": "WebSession/s-51", "PROXY_FOR": "Customer/c-88"},
        {"PROXY_FOR": "Customer/c-88", "ACTOR": "WebSession/s-51"},
        {"role": "ACTOR", "entity_ref": "WebSession/s-51", "PROXY_FOR": {"entity_ref": "Customer/c-88"}},
        {"ACTOR": {"entity_ref": "WebSession/s-51", "PROXY_FOR": ["Customer/c-88"]}},
    ):
        found, problems = read([said])
        assert found.roles == (Role("ACTOR", session),)
        assert found.links == (Link(session, "PROXY_FOR", customer),)
        assert found.body[0]["entity"]["relations"] == [{"type": "PROXY_FOR", "entity_ref": "Customer/c-88"}]
        assert not found.entities
        assert not problems
    found, problems = read([{"ACTOR": "WebSession/s-51", "proxy_for": "Customer/c-88"}])
    assert found.links == (Link(session, "PROXY_FOR", customer),)
    assert problems == [("warning", "adjusted_name", "involves[0].proxy_for")]
    found, _ = read([{"GUIDES": "Pilot/1", "TOWS": "Vessel/2"}])
    assert [(role.path, str(role.target)) for role in found.roles] == [("INVOLVES:GUIDES", "Pilot/1")]
    assert [link.type for link in found.links] == ["HAS_RELATIONS_TO:TOWS"]


def test_a_label_next_to_a_role_is_that_of_the_entity() -> None:
    for said in (
        {"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}},
        {"AFFECTS": "Vessel/Kestrel-9", "label": "Kestrel"},
        {"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "label": "Kestrel"}, "label": "Falcon"},
        {
            "AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "aspects": {"presentation": {"label": "Kestrel"}}},
            "label": "F",
        },
        {"AFFECTS": {"entity_ref": "Vessel/Kestrel-9", "aspects": {"presentation": "Kestrel"}}, "label": "F"},
    ):
        found, problems = read([said])
        assert [entity.aspects for entity in found.entities] == [{"presentation": {"label": "Kestrel"}}]
        assert not problems


def test_entities_come_in_the_order_of_their_appearance() -> None:
    """What is embedded twice is said twice, an entity before those that it is linked to (§18.1)."""
    found, problems = read(
        [
            {"ACTOR": {"entity_ref": "A/1", "label": "one", "AKA": {"entity_ref": "A/2", "label": "two"}}},
            {"AFFECTS": {"entity_ref": "A/1", "properties": {"x": 1}}},
        ]
    )
    assert [str(entity.ref) for entity in found.entities] == ["A/1", "A/2", "A/1"]
    assert [link.type for link in found.links] == ["AKA"]
    assert not problems


@pytest.mark.parametrize(
    "nobody", [None, "", "  ", "Customer/", "Customer/ ", {}, {"entity_ref": None}, {"label": "x"}]
)
def test_a_role_without_an_entity_is_dropped(nobody: Any) -> None:
    """With a warning (§3.3)."""
    for said in ({"ACTOR": nobody}, {"role": "ACTOR", "entity_ref": nobody}, {"ACTOR": nobody, "label": "x"}):
        found, problems = read([said, {"AFFECTS": "Vessel/Kestrel-9"}])
        assert found.roles == (Role("AFFECTS", KESTREL),)
        assert [severity for severity, _, _ in problems] == ["warning"]


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ("Vessel/1", ("invalid_value", "involves")),
        (1, ("invalid_value", "involves")),
        (["Vessel/1"], ("invalid_value", "involves[0]")),
        ([[]], ("invalid_value", "involves[0]")),
        ([{}], ("missing_field", "involves[0].role")),
        ([{"entity_ref": "Vessel/1"}], ("missing_field", "involves[0].role")),
        ([{"role": 1, "entity_ref": "Vessel/1"}], ("invalid_value", "involves[0].role")),
        ([{"AFFECTS": "Vessel"}], ("invalid_reference", "involves[0].AFFECTS")),
        ([{"AFFECTS": "Ves.sel/1"}], ("invalid_reference", "involves[0].AFFECTS")),
        ([{"AFFECTS": 1}], ("invalid_reference", "involves[0].AFFECTS")),
        ([{"AFFECTS": ["A/1", ["A/1"]]}], ("invalid_reference", "involves[0].AFFECTS[1]")),
        ([{"AFFECTS": {"entity_ref": 1}}], ("invalid_reference", "involves[0].AFFECTS.entity_ref")),
        ([{"role": "AFFECTS", "entity_ref": "x"}], ("invalid_reference", "involves[0].entity_ref")),
        (
            [{"role": "AFFECTS", "entity": {"entity_ref": "x"}}],
            ("invalid_reference", "involves[0].entity.entity_ref"),
        ),
        ([{"AFFECTS": "A/1", "weight": "heavy"}], ("invalid_value", "involves[0].weight")),
        ([{"AFFECTS": "A/1", "properties": []}], ("invalid_value", "involves[0].properties")),
        ([{"AFFECTS": "A/1", "external_id": "x" * 600}], ("invalid_value", "involves[0].external_id")),
        ([{"AFFECTS": "A/" + "x" * 1_025}], ("invalid_reference", "involves[0].AFFECTS")),
        ([{"AFFECTS:2": "A/1"}], ("invalid_value", "involves[0]")),
        ([{"INVOLVES": "A/1"}] * 1_001, ("invalid_value", "involves")),
        ([{"INVOLVES": ["A/1"] * 1_001}], ("invalid_value", "involves[0].INVOLVES")),
        ([{"INVOLVES": ["A/1"] * 900}] * 2, ("invalid_value", "involves")),
    ],
)
def test_what_is_wrong_is_an_error_with_its_place(value: Any, problem: tuple[str, str]) -> None:
    assert read(value)[1] == [("error", *problem)]


def test_entities_nest_so_deep_and_no_deeper() -> None:
    """Events §6.1."""

    def nested(depth: int) -> dict[str, Any]:
        entity: dict[str, Any] = {"entity_ref": "A/0"}
        for number in range(1, depth + 1):
            entity = {"entity_ref": f"A/{number}", "PART_OF": entity}
        return entity

    found, problems = read([{"ACTOR": nested(16)}])
    assert len(found.links) == 16
    assert not problems
    for depth in (17, 25):
        assert [(severity, code) for severity, code, _ in read([{"ACTOR": nested(depth)}])[1]] == [
            ("error", "invalid_value")
        ]


def test_custom_roles_are_reserved() -> None:
    """Events §4.3: in the same message too."""
    found, problems = read([{"ACTOR:OPERATOR": "A/1"}, {"OPERATOR": "A/2"}])
    assert [role.path for role in found.roles] == ["ACTOR:OPERATOR"] * 2
    assert found.labels == {("role", "OPERATOR"): "ACTOR:OPERATOR"}
    assert not problems
    assert read([{"ACTOR:OPERATOR": "A/1"}, {"AFFECTS:OPERATOR": "A/2"}])[1] == [
        ("error", "reserved_label", "involves[1]")
    ]
    later = Known("north", now=0, labels=found.labels)
    found, problems = read({"OPERATOR": "A/3"}, later)
    assert (found.roles[0].path, found.labels, problems) == ("ACTOR:OPERATOR", {}, [])


def test_of_the_roles_that_say_the_same_one_is_kept() -> None:
    """The message keeps what it said, and both spellings count in its id (§2.2)."""
    found, _ = read(
        [{"ACTOR": "A/x"}, {"ACTOR": "A:B/X"}, {"ACTOR": "A/x"}, {"ACTOR": "A/x", "external_id": "2"}]
    )
    assert [role.footprint for role in found.roles] == ["ACTOR-A/x", "ACTOR-B/X", "ACTOR-A/x(2)"]
    assert [(str(role.target), role.external_id) for role in roles.each_once(found.roles)] == [
        ("A/x", ""),
        ("A/x", "2"),
    ]
    assert len(found.body) == 4
