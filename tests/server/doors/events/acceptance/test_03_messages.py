"""Row 3 of the checklist: every alias, default and rule of an event message (Events §3.1 to §3.4)."""

import base64
from typing import Any

import pytest
from eventsapi import EVENT, Api, remarks

pytestmark = pytest.mark.anyio

ACTOR = [{"ACTOR": "Employee/Ada"}]
LEAST: dict[str, Any] = {"type": "as.fleet.van.washed", "involves": ACTOR}
EXAMPLE = {
    "type": "as.fleet.cargo.loaded",
    "origin": "depot.north",
    "occurred_at": "2031-03-04T05:06:07.089+02:00",
    "importance": 2,
    "description": "14 pallets taken aboard",
    "involves": [
        {"role": "ACTOR:OPERATOR", "entity_ref": "Employee/Ada"},
        {"AFFECTS": {"entity_ref": "Vessel:Tug/Kestrel-9", "label": "Kestrel"}},
        {"REFERENCES": "Manifest/77", "external_id": "m1"},
    ],
    "aspects": {"dimensions": {"quay": "7"}, "metrics": {"pallets": 14}, "tags": ["outbound"]},
    "properties": {"shift": "night"},
}
"""The example of Events §3.4."""


async def test_the_example_as_it_is_stored(api: Api) -> None:
    """Events §3.4: normalised, with what the server adds."""
    told = await api.admin.does("POST", "events", EXAMPLE)
    added = {name: told.pop(name) for name in list(told) if name.startswith("_")}
    assert set(added) == {"_stream_id", "_received_at", "_registered_at", "_valid", "_errors"}
    assert (added["_valid"], added["_errors"]) == (True, [])
    assert told == {
        **EXAMPLE,
        "involves": [
            {"role": "ACTOR:OPERATOR", "entity_ref": "Employee/Ada"},
            {
                "role": "AFFECTS",
                "entity": {
                    "entity_ref": "Vessel:Tug/Kestrel-9",
                    "aspects": {"presentation": {"label": "Kestrel"}},
                },
            },
            {"role": "REFERENCES", "entity_ref": "Manifest/77", "external_id": "m1"},
        ],
    }
    shown = await api.admin.does("GET", f"events/{added['_stream_id']}")
    assert {name: value for name, value in shown.items() if not name.startswith("_")} == told


async def test_defaults(api: Api) -> None:
    """Events §3.1: time of reception, the tenant's origin, importance 2."""
    told = await api.admin.does("POST", "events", LEAST)
    assert told["origin"] == f"{api.label}.unspecified"
    assert told["occurred_at"] == told["_received_at"]
    assert told["importance"] == 2
    assert remarks(told) == set()


async def test_all_fields_are_kept(api: Api) -> None:
    """Events §3.1: names with an underscore as well, whatever they mean."""
    said = {
        **LEAST, "payload": base64.b64encode(b"raw").decode(), "_tid": "t-1", "_v": "java-2.1", "_of_mine": {"a": [1]},
        "partition": "night", "acl": [{"READ": "ASUser/admin"}], "properties": {"Shift": {"No": 1}, "x": None},
    }  # fmt: skip
    told = await api.admin.does("POST", "events", said)
    assert remarks(told) == set()
    for name in ("payload", "_tid", "_v", "_of_mine", "partition", "acl", "properties"):
        assert told[name] == said[name], name


@pytest.mark.parametrize("importance", [0, 1, 2, 3, 4, 5])
async def test_importance_is_one_of_these(api: Api, importance: int) -> None:
    """Events §3.3: what §3.1 says of a schema that tolerates minus one is no rule."""
    told = await api.admin.does("POST", "events", {**LEAST, "importance": importance})
    assert (told["importance"], remarks(told)) == (importance, set())


@pytest.mark.parametrize(
    ("new", "old"),
    [
        ("type", "action"), ("type", "event"), ("origin", "source"), ("involves", "entities"),
        ("involves", "relations"), ("involves", "roles"),
    ],
)  # fmt: skip
async def test_older_names(api: Api, new: str, old: str) -> None:
    """Events §3.2: the new name wins when both are there."""
    said = {name: value for name, value in EVENT.items() if name != new}
    told = await api.admin.does("POST", "events", {**said, old: EVENT[new]})
    assert told["_stream_id"] == "f48383f0-fc0f-317c-90df-5d7a76e1eb17"
    assert old not in told
    other = {"involves": [{"ACTOR": "Employee/Bo"}]}.get(new, "as.other")
    both = await api.admin.does("POST", "events", {**EVENT, old: other})
    assert both["_stream_id"] == told["_stream_id"]
    assert {("warning", old)} == {(severity, field) for severity, _, field in remarks(both)}


WRONG: list[tuple[dict[str, Any], set[tuple[str, str, str]]]] = [
    ({"type": "as fleet"}, {("error", "invalid_value", "type")}),
    ({"type": "as.fl$et"}, {("error", "invalid_value", "type")}),
    ({"type": "as..fleet"}, {("error", "invalid_value", "type")}),
    ({"type": ".as"}, {("error", "invalid_value", "type")}),
    ({"type": None}, {("error", "missing_field", "type")}),
    ({"type": 7}, {("error", "invalid_value", "type")}),
    ({"origin": "depot north"}, {("error", "invalid_value", "origin")}),
    ({"origin": "depot."}, {("error", "invalid_value", "origin")}),
    ({"involves": None}, {("error", "missing_field", "involves")}),
    ({"involves": []}, {("error", "missing_field", "involves")}),
    ({"involves": [{"AFFECTS": "Van/x"}]}, {("error", "missing_field", "involves")}),
    ({"type": "as.oi"}, {("error", "reserved_type", "type")}),
    ({"type": "as.oi.storm.coming"}, {("error", "reserved_type", "type")}),
    ({"type": "as.commerce.transaction.purchased"}, {("warning", "reserved_type", "type")}),
    ({"occurred_at": "soon"}, {("error", "invalid_value", "occurred_at")}),
    ({"occurred_at": "2031-13-01T00:00:00Z"}, {("error", "invalid_value", "occurred_at")}),
    ({"importance": 6}, {("error", "invalid_value", "importance")}),
    ({"importance": -1}, {("error", "invalid_value", "importance")}),
    ({"importance": 2.5}, {("error", "invalid_value", "importance")}),
    ({"importance": True}, {("error", "invalid_value", "importance")}),
    ({"importance": "high"}, {("error", "invalid_value", "importance")}),
    ({"importance": "3"}, {("warning", "adjusted_value", "importance")}),
    ({"acl": {"READ": "ASUser/bo"}}, {("error", "invalid_value", "acl")}),
    ({"properties": [1]}, {("error", "invalid_value", "properties")}),
    ({"properties": None}, set()),
    ({"aspects": ["tags"]}, {("error", "invalid_value", "aspects")}),
    ({"colour": "red"}, {("warning", "ignored_field", "colour")}),
    ({"aspects": {"aura": {"a": 1}}}, {("warning", "unsupported_aspect", "aspects.aura")}),
    ({"Type": "as.fleet.van.washed", "type": None}, {("warning", "adjusted_name", "Type")}),
    ({"type": "as.Fleet.Van"}, {("warning", "adjusted_value", "type")}),
    ({"origin": "Depot.North"}, {("warning", "adjusted_value", "origin")}),
]


@pytest.mark.parametrize(("members", "expected"), WRONG)
async def test_rules(api: Api, members: dict[str, Any], expected: set[tuple[str, str, str]]) -> None:
    """Events §3.3: whether it is valid, and each remark."""
    said = {name: value for name, value in {**LEAST, **members}.items() if (name, value) != ("type", None)}
    told = await api.admin.does("POST", "events/validate", said)
    assert remarks(told) == expected
    assert told["_valid"] is all(severity == "warning" for severity, _, _ in expected)


async def test_capitals_are_lowered(api: Api) -> None:
    """Events §3.3: but those in properties, and role keys."""
    said = {"Type": "As.Fleet.Washed", "ORIGIN": "Depot", "Involves": ACTOR, "Properties": {"Shift": "Night"}}
    told = await api.admin.does("POST", "events", said)
    assert (told["type"], told["origin"], told["properties"]) == (
        "as.fleet.washed",
        "depot",
        {"Shift": "Night"},
    )
    assert {code for _, code, _ in remarks(told)} == {"adjusted_name", "adjusted_value"}


async def test_a_buyer_is_an_actor_and_some_types_need_none(api: Api) -> None:
    """Events §3.3."""
    told = await api.admin.does("POST", "events/validate", {**LEAST, "involves": [{"BUYER": "Customer/c"}]})
    assert remarks(told) == set()
    weather = {
        "type": "as.enrichment.weather.predicted", "involves": [{"INVOLVES": "Harbour/x"}],
        "aspects": {"local_weather": {"temperature": 4}},
    }  # fmt: skip
    assert (await api.admin.does("POST", "events/validate", weather))["_valid"]


async def test_what_is_unknown_and_what_is_empty(api: Api) -> None:
    """Events §3.3: dropped or kept as it is; empty maps and lists are trimmed; nulls in lists are ignored."""
    said = {
        **LEAST, "colour": "red", "aspects": {"aura": {"hue": 3}, "tags": [], "dimensions": {}}, "properties": {},
        "involves": [None, *ACTOR, {"AFFECTS": None}, {"AFFECTS": "Van/ "}],
    }  # fmt: skip
    told = await api.admin.does("POST", "events", said)
    assert "colour" not in told
    assert told["aspects"] == {"aura": {"hue": 3}}
    assert "properties" not in told
    assert told["involves"] == [{"role": "ACTOR", "entity_ref": "Employee/Ada"}]
    assert [one["severity"] for one in told["_errors"]] == ["warning"] * len(told["_errors"])
    assert {"involves[2]", "involves[3]"} <= {field.split(".")[0] for _, _, field in remarks(told)}
