"""Row 4 of the checklist: forms of roles, links inside them, custom roles, reading by a parent (Events §4)."""

from typing import Any

import pytest
from eventsapi import Api, remarks

pytestmark = pytest.mark.anyio

LEAST: dict[str, Any] = {"type": "as.fleet.van.washed", "origin": "depot"}
ADA = {"role": "ACTOR", "entity_ref": "Employee/Ada"}


async def kept(api: Api, involves: Any) -> dict[str, Any]:
    told: dict[str, Any] = await api.admin.does("POST", "events", {**LEAST, "involves": involves})
    return told


@pytest.mark.parametrize(
    ("form", "stored"),
    [
        ([{"role": "AFFECTS", "entity_ref": "Vessel/k"}], [{"role": "AFFECTS", "entity_ref": "Vessel/k"}]),
        ([{"type": "AFFECTS", "entity_ref": "Vessel/k"}], [{"role": "AFFECTS", "entity_ref": "Vessel/k"}]),
        (
            [{"role": "AFFECTS", "entity": {"entity_ref": "Vessel/k", "properties": {"a": 1}}}],
            [{"role": "AFFECTS", "entity": {"entity_ref": "Vessel/k", "properties": {"a": 1}}}],
        ),
        ([{"AFFECTS": "Vessel/k"}], [{"role": "AFFECTS", "entity_ref": "Vessel/k"}]),
        (
            [{"AFFECTS": {"entity_ref": "Vessel/k", "label": "K"}}],
            [{"role": "AFFECTS", "entity": {"entity_ref": "Vessel/k", "aspects": {"presentation": {"label": "K"}}}}],
        ),
        (
            [{"PURCHASED": ["Show/4", "Hall/2"]}],
            [
                {"role": "TRADE:PURCHASED", "entity_ref": "Show/4"},
                {"role": "TRADE:PURCHASED", "entity_ref": "Hall/2"},
            ],
        ),
        (
            [{"AFFECTS": "Vessel/k", "label": "K"}],
            [{"role": "AFFECTS", "entity": {"entity_ref": "Vessel/k", "aspects": {"presentation": {"label": "K"}}}}],
        ),
        (
            [{"AFFECTS": "Vessel/k", "properties": {"a": 1}, "weight": 2, "external_id": "m"}],
            [{"role": "AFFECTS", "entity_ref": "Vessel/k", "properties": {"a": 1}, "weight": 2, "external_id": "m"}],
        ),
    ],
)  # fmt: skip
async def test_forms(api: Api, form: Any, stored: Any) -> None:
    """Events §4.1: forms 1 to 5; all are stored in the explicit one."""
    told = await kept(api, [{"ACTOR": "Employee/Ada"}, *form])
    assert told["involves"] == [ADA, *stored]
    assert remarks(told) == set()
    named = stored[0].get("entity_ref") or stored[0]["entity"]["entity_ref"]
    assert [one["_stream_id"] for one in await api.admin.does("GET", f"entities/{named}/events")] == [
        told["_stream_id"]
    ]


async def test_a_map_of_roles(api: Api) -> None:
    """Events §4.1: form 6."""
    told = await kept(api, {"ACTOR": "Employee/Ada", "AFFECTS": ["Vessel/k", "Vessel/l"]})
    assert told["involves"] == [
        ADA,
        {"role": "AFFECTS", "entity_ref": "Vessel/k"},
        {"role": "AFFECTS", "entity_ref": "Vessel/l"},
    ]


@pytest.mark.parametrize("name", ["PROXY_FOR", "proxy_for"])
@pytest.mark.parametrize("value", ["Customer/c-88", {"entity_ref": "Customer/c-88"}, ["Customer/c-88"]])
async def test_links_inside_roles(api: Api, name: str, value: Any) -> None:
    """Events §4.1: any other key in capitals is a link of the role's entity."""
    told = await kept(api, [{"ACTOR": "WebSession/s-51", name: value}])
    assert [role["role"] for role in told["involves"]] == ["ACTOR"]
    (link,) = await api.admin.does("GET", "entities/WebSession/s-51/links")
    assert (link["type"], link["$direction"], link["entity_ref"]) == ("PROXY_FOR", "OUT", "Customer/c-88")


async def test_which_key_is_the_role(api: Api) -> None:
    """Events §4.1: one that is known, else the first in capitals, else the only one there is."""
    told = await kept(api, [{"AKA": "Callsign/x", "ACTOR": "Employee/Ada"}, {"involves": "Quay/7"}])
    assert [role["role"] for role in told["involves"]] == ["ACTOR", "INVOLVES"]
    (link,) = await api.admin.does("GET", "entities/Employee/Ada/links")
    assert link["entity_ref"] == "Callsign/x"
    assert [severity for severity, _, field in remarks(told) if field.startswith("involves[1]")] == [
        "warning"
    ]


@pytest.mark.parametrize(
    ("said", "stored"),
    [
        ("OBSERVES", "OBSERVED"), ("OBSERVED", "OBSERVED"), ("CREATES", "AFFECTS:CREATES"),
        ("UPDATES", "AFFECTS:UPDATES"), ("REMOVES", "AFFECTS:REMOVES"), ("DELETES", "AFFECTS:REMOVES"),
        ("VIEWED", "INVOLVES:VIEWED"), ("SOLD_BY", "ACTOR:SOLD_BY"), ("BUYER", "ACTOR:BUYER"),
        ("SENDER", "ACTOR:SENDER"), ("ASSIGNED_TO", "AFFECTS:ASSIGNED_TO"), ("DELIVERED_TO", "INVOLVES:DELIVERED_TO"),
        ("RECEIVER", "INVOLVES:RECEIVER"), ("AFFECTS:BOUGHT_FOR", "AFFECTS:BOUGHT_FOR"),
        ("INVOLVES:BOUGHT_FOR", "INVOLVES:BOUGHT_FOR"), ("TRADE:PURCHASED", "TRADE:PURCHASED"),
        ("PURCHASED", "TRADE:PURCHASED"), ("BOUGHT", "TRADE:PURCHASED"), ("SELECTED", "TRADE:CARTED"),
        ("UNSELECTED", "TRADE:UN_CARTED"), ("UNCARTED", "TRADE:UN_CARTED"), ("UNRESERVED", "TRADE:UN_RESERVED"),
        ("SENT_TO", "MESSAGING:SENT_TO"), ("MESSAGE_FROM", "MESSAGING:SENT_BY"), ("MESSAGE_TO", "MESSAGING:SENT_TO"),
        ("MESSAGE_CC", "MESSAGING:SENT_TO_CC"), ("CONCERNS", "CONCERNS"), ("RATED_BY", "RATED_BY"),
        ("REFERENCES", "REFERENCES"), ("RELAYED_BY", "RELAYED_BY"),
    ],
)  # fmt: skip
async def test_predefined_roles(api: Api, said: str, stored: str) -> None:
    """Events §4.2."""
    told = await kept(api, [{"ACTOR": "Employee/Ada"}, {said: "Thing/x"}])
    assert told["involves"][1] == {"role": stored, "entity_ref": "Thing/x"}
    assert remarks(told) == set()


async def test_a_label_is_reserved_by_its_first_use(api: Api) -> None:
    """Events §4.3."""
    first = await kept(api, [{"ACTOR:PILOT:NIGHT_PILOT": "Employee/Ada"}])
    assert first["involves"][0]["role"] == "ACTOR:PILOT:NIGHT_PILOT"
    alone = await kept(api, [{"NIGHT_PILOT": "Employee/Bo"}, {"ACTOR": "Employee/Bo"}])
    assert alone["involves"][0]["role"] == "ACTOR:PILOT:NIGHT_PILOT"
    assert remarks(alone) == set()
    refused = await api.admin(
        "POST",
        "events",
        {**LEAST, "involves": [*[{"ACTOR": "Employee/Ada"}], {"AFFECTS:PILOT": "Employee/Bo"}]},
    )
    assert refused.status_code == 400
    assert {code for _, code, _ in remarks(refused.json())} == {"reserved_label"}
    other = await api.tenant(f"{api.label}x")
    elsewhere = {**LEAST, "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS:PILOT": "Employee/Bo"}]}
    assert (await other.admin("POST", "events", elsewhere)).status_code == 201


async def test_a_predefined_label_keeps_its_place(api: Api) -> None:
    """Events §4.3."""
    told = await kept(api, [{"ACTOR": "Employee/Ada"}, {"AFFECTS:PURCHASED": "Mug/blue"}])
    assert told["involves"][1]["role"] == "TRADE:PURCHASED"
    assert {(severity, code) for severity, code, _ in remarks(told)} == {("warning", "adjusted_value")}


async def test_an_unknown_role_takes_part(api: Api) -> None:
    """Events §4.3 (D)."""
    told = await kept(api, [{"ACTOR": "Employee/Ada"}, {"WITNESS": "Employee/Bo"}])
    assert told["involves"][1]["role"] == "INVOLVES:WITNESS"
    assert [severity for severity, _, _ in remarks(told)] == ["warning"]


async def test_a_parent_role_finds_those_below_it(api: Api) -> None:
    """Events §4.3: at any depth."""
    deep = await kept(api, [{"ACTOR:PILOT:NIGHT_PILOT": "Employee/Ada"}])
    plain = await kept(api, [{"ACTOR": "Employee/Bo"}])
    for roles, ids in (
        ("ACTOR", {deep["_stream_id"], plain["_stream_id"]}),
        ("PILOT", {deep["_stream_id"]}),
        ("ACTOR:PILOT", {deep["_stream_id"]}),
        ("NIGHT_PILOT", {deep["_stream_id"]}),
        ("AFFECTS", set()),
    ):
        found = await api.admin.does("GET", "events", roles=roles)
        assert {one["_stream_id"] for one in found} == ids, roles


@pytest.mark.parametrize("turned", [False, True])
async def test_a_custom_role_may_be_used_before_its_place_is_said(api: Api, turned: bool) -> None:
    """Events §4.3: in one message the order does not matter; roles and links have name spaces of their own."""
    involves = [{"ACTOR": "Employee/Ada"}, {"PILOT": "Employee/Bo"}, {"ACTOR:PILOT": "Employee/Cy"}]
    said = await kept(api, involves[::-1] if turned else involves)
    assert sorted(role["role"] for role in said["involves"]) == ["ACTOR", "ACTOR:PILOT", "ACTOR:PILOT"]
    assert said["_errors"] == []
    nested = [
        {"ACTOR": "Employee/Ada"}, {"HELMSMAN": "Employee/Bo"},
        {"AFFECTS": {"entity_ref": "Vessel/k", "BELONGS_TO:HELMSMAN": "Company/north"}},
    ]  # fmt: skip
    told = await kept(api, nested)
    assert "INVOLVES:HELMSMAN" in {role["role"] for role in told["involves"]}
