"""Events §3: event messages. §2.2: their ids."""

from typing import Any

import pytest

from vocab.dialects.events import Event, Known, Moment, Ref, Role, Rule, entities, events

NOW = 1_930_000_000_123_456
KNOWN = Known("north", now=NOW)
EXAMPLE: dict[str, Any] = {
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
LEAST: dict[str, Any] = {"type": "as.x.done", "involves": [{"ACTOR": "Employee/Ada"}]}
A = EXAMPLE | {"involves": [EXAMPLE["involves"][0], {"AFFECTS": "Vessel/Kestrel-9"}, EXAMPLE["involves"][2]]}


def read(raw: Any, known: Known = KNOWN) -> tuple[Event, list[tuple[str, str, str]]]:
    reading = events.read(raw, known)
    assert reading.message is not None, reading.problems
    return reading.message, [(problem.severity, problem.code, problem.field) for problem in reading.problems]


def wrong(raw: Any, known: Known = KNOWN) -> list[tuple[str, str]]:
    reading = events.read(raw, known)
    assert reading.message is None
    assert not reading.problems.valid
    return [(problem.code, problem.field) for problem in reading.problems if problem.severity == "error"]


def test_the_example() -> None:
    """Events §3.4: what is stored is the message, normalised."""
    event, problems = read(EXAMPLE)
    assert not problems
    assert event.body == EXAMPLE | {
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
        ]
    }
    assert event.occurred == Moment(1930359967089000, "2031-03-04T05:06:07.089+02:00")
    assert [role.path for role in event.roles] == ["ACTOR:OPERATOR", "AFFECTS", "REFERENCES"]
    assert event.tags == ("outbound",)
    assert [point.dataset for point in event.points] == ["events"]


@pytest.mark.parametrize(
    ("raw", "id"),
    [
        (A, "f48383f0-fc0f-317c-90df-5d7a76e1eb17"),
        (
            {
                "type": "as.fleet.van.washed", "occurred_at": "2031-03-04T10:00:00Z", "origin": "depot.north",
                "involves": [{"ACTOR": "Employee/Ada"}, {"AFFECTS": "Vehicle:Van/NX-204"}],
            },
            "b71986bf-c0b9-36cd-8b75-f1399d9c1b69",
        ),
        (
            {
                "type": "as.commerce.purchase.completed", "occurred_at": "2031-05-01T09:30:00Z", "origin": "shop.web",
                "involves": [{"BUYER": "Customer/c-88"}], "aspects": {"items": [{"PURCHASED": "Mug/blue"}]},
            },
            "cbeb3411-e390-309c-b383-6414e8f67b61",
        ),
    ],
)  # fmt: skip
def test_ids_follow_from_messages(raw: dict[str, Any], id: str) -> None:
    """Events §2.2: the vectors A, B and C."""
    assert str(read(raw)[0].id) == id


def test_which_roles_count_in_an_id() -> None:
    """Written ones do, in line items and in ``messaging`` too; derived ones do not, but for the address (§2.2)."""
    plain = read(A)[0].id
    assert read(A | {"aspects": {"messaging": {"subject": "x", "from": "Email/a@b.example"}}})[0].id == plain
    assert read(A | {"aspects": {"pageview": "https://shop.example/"}, "description": "x"})[0].id == plain
    written = {"messaging": {"subject": "x", "involves": [{"SENT_BY": "Email/a@b.example"}]}}
    beside = {"involves": [*A["involves"], {"SENT_BY": "Email/a@b.example"}]}
    assert read(A | {"aspects": written})[0].id == read(A | beside)[0].id != plain
    address = {"involves": [*A["involves"], {"CONNECTS_FROM": "ASIP/203.0.113.9"}]}
    assert read(A | {"aspects": {"client_ip": "203.0.113.9"}})[0].id == read(A | address)[0].id != plain


def test_what_is_not_said_is_filled_in() -> None:
    """Events §3.1: time of reception, origin and importance, so that sending it again is the same event."""
    event, problems = read(LEAST)
    assert not problems
    assert event.body == {
        "type": "as.x.done",
        "origin": "north.unspecified",
        "occurred_at": "2031-02-27T23:06:40.123Z",
        "importance": 2,
        "involves": [{"role": "ACTOR", "entity_ref": "Employee/Ada"}],
    }
    assert event.occurred.at == NOW - 456
    assert read(event.body, Known("south", now=0)) == (event, [])


def test_settings_of_the_nearest_parent_type_count() -> None:
    """Events §17.8."""
    types = {
        "as.fleet": {"importance": 4, "dimensions": {"unit": "fleet"}, "metrics": {"cost": 1}},
        "as.fleet.cargo": {
            "importance": 5,
            "dimensions": {"quay": "?", "unit": "cargo"},
            "actor_required": False,
        },
    }
    known = Known("north", now=NOW, types=types)
    event, _ = read({key: value for key, value in EXAMPLE.items() if key != "importance"}, known)
    assert event.importance == 5
    assert event.aspects["dimensions"] == {"quay": "7", "unit": "cargo"}
    assert event.aspects["metrics"] == {"pallets": 14}
    assert read(LEAST | {"type": "as.fleet.x"}, known)[0].importance == 4
    assert read(LEAST | {"type": "as.fleets"}, known)[0].importance == 2
    assert read({"type": "as.fleet.cargo", "involves": {"AFFECTS": "A/1"}}, known)[0].importance == 5
    assert wrong({"type": "as.fleet", "involves": {"AFFECTS": "A/1"}}, known)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("action", "type"), ("event", "type"), ("source", "origin"),
        ("entities", "involves"), ("relations", "involves"), ("roles", "involves"),
    ],
)  # fmt: skip
def test_older_names(old: str, new: str) -> None:
    """Events §3.2: taken without a word; beside the new name they are passed over, with a warning."""
    renamed = {old if key == new else key: value for key, value in EXAMPLE.items()}
    assert read(renamed) == read(EXAMPLE)
    event, problems = read(EXAMPLE | {old: "something else"})
    assert event == read(EXAMPLE)[0]
    assert problems == [("warning", "ignored_field", old)]


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"Description": "x"}, [("adjusted_name", "Description")]),
        ({"TYPE": "as.x.done"}, [("adjusted_name", "TYPE"), ("ignored_field", "TYPE")]),
        ({"type": "as.X.Done"}, [("adjusted_value", "type")]),
        ({"origin": "Depot.North"}, [("adjusted_value", "origin")]),
        ({"type": "as.commerce.transaction.bought"}, [("reserved_type", "type")]),
        ({"importance": "3"}, [("adjusted_value", "importance")]),
        ({"occurred_at": 1930359967089}, [("adjusted_value", "occurred_at")]),
        ({"colour": "red", "label": "x"}, [("ignored_field", "colour"), ("ignored_field", "label")]),
        ({"aspects": {"moonlight": {"phase": 1}}}, [("unsupported_aspect", "aspects.moonlight")]),
        ({"involves": [{"ACTOR": "A/1"}, {"AFFECTS": ""}]}, [("ignored_field", "involves[1].AFFECTS")]),
        ({"stream_id": "f48383f0-fc0f-317c-90df-5d7a76e1eb17"}, [("adjusted_value", "stream_id")]),
        ({"partition": "Quay"}, [("adjusted_value", "partition")]),
        ({"token": "gone"}, [("ignored_field", "token")]),
        ({"description": 7}, [("adjusted_value", "description")]),
    ],
)  # fmt: skip
def test_warnings(change: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    """Events §3.3: what can be understood is taken, and told."""
    event, found = read(LEAST | change)
    assert found == [("warning", *problem) for problem in problems]
    assert events.read(event.body, KNOWN).message == event


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"type": None}, ("missing_field", "type")),
        ({"type": " "}, ("missing_field", "type")),
        ({"type": 5}, ("invalid_value", "type")),
        ({"type": "as.x y"}, ("invalid_value", "type")),
        ({"type": "as.$"}, ("invalid_value", "type")),
        ({"type": "as..x"}, ("invalid_value", "type")),
        ({"type": "as."}, ("invalid_value", "type")),
        ({"type": "as|x"}, ("invalid_value", "type")),
        ({"type": "as.é"}, ("invalid_value", "type")),
        ({"type": "as." + "x" * 255}, ("invalid_value", "type")),
        ({"origin": "depot north"}, ("invalid_value", "origin")),
        ({"origin": ["x"]}, ("invalid_value", "origin")),
        ({"type": "as.oi"}, ("reserved_type", "type")),
        ({"type": "as.oi.storm"}, ("reserved_type", "type")),
        ({"involves": None}, ("missing_field", "involves")),
        ({"involves": []}, ("missing_field", "involves")),
        ({"involves": {}}, ("missing_field", "involves")),
        ({"involves": [None]}, ("missing_field", "involves")),
        ({"involves": [{"ACTOR": None}]}, ("missing_field", "involves")),
        ({"involves": [{"AFFECTS": "Vessel/1"}]}, ("missing_field", "involves")),
        ({"involves": [{"ACTOR": "Vessel"}]}, ("invalid_reference", "involves[0].ACTOR")),
        ({"occurred_at": "yesterday"}, ("invalid_value", "occurred_at")),
        ({"importance": 6}, ("invalid_value", "importance")),
        ({"importance": -1}, ("invalid_value", "importance")),
        ({"importance": 2.5}, ("invalid_value", "importance")),
        ({"importance": "high"}, ("invalid_value", "importance")),
        ({"importance": True}, ("invalid_value", "importance")),
        ({"importance": "NaN"}, ("invalid_value", "importance")),
        ({"acl": {"READ": "A/1"}}, ("invalid_value", "acl")),
        ({"properties": []}, ("invalid_value", "properties")),
        ({"properties": "x"}, ("invalid_value", "properties")),
        ({"aspects": []}, ("invalid_value", "aspects")),
        ({"description": ["x"]}, ("invalid_value", "description")),
        ({"description": "x" * 10_001}, ("invalid_value", "description")),
        ({"payload": {}}, ("invalid_value", "payload")),
        ({"partition": 1.5}, ("invalid_value", "partition")),
        ({"stream_id": "x"}, ("invalid_value", "stream_id")),
        ({"_stream_id": 1}, ("invalid_value", "_stream_id")),
    ],
)
def test_errors(change: dict[str, Any], problem: tuple[str, str]) -> None:
    """Events §3.3: a message that has one is not stored at all."""
    if change == {"partition": 1.5}:
        assert read(LEAST | change)[0].partition == "1.5"
    else:
        assert wrong(LEAST | change) == [problem]


@pytest.mark.parametrize("role", ["ACTOR", "BUYER", "ACTOR:PILOT", "SENDER", "TRADE:ACTOR", "AFFECTS:BUYER"])
def test_who_may_be_the_actor(role: str) -> None:
    """Events §3.3: a role whose root or leaf is ACTOR, or whose leaf is BUYER."""
    assert read(LEAST | {"involves": [{role: "Employee/Ada"}]})[0].roles[0].root == "ACTOR"


def test_some_events_have_no_actor() -> None:
    """Events §20."""
    raw = {"type": "as.enrichment.weather.predicted", "involves": [{"INVOLVES": "Harbour/1"}]}
    assert read(raw)[1] == []
    assert wrong(raw | {"type": "as.enrichments"})
    assert wrong(raw | {"involves": []})


def test_what_a_server_answered_can_be_sent_back() -> None:
    """What it added is left out; other members with a ``_`` are kept (§3.1)."""
    event, _ = read(EXAMPLE | {"_v": "java-1", "_tid": "t", "_note": {"a": [1]}, "payload": "AAEC"})
    added = {
        "_stream_id": str(event.id), "_received_at": "x", "_registered_at": "x", "_valid": True, "_errors": [],
        "_class": "x", "_bumps": {}, "_comments": 0, "_progress": {}, "_group": {}, "_as2": "x",
    }  # fmt: skip
    assert read(dict(event.body) | added) == (event, [])
    assert {name: event.body[name] for name in ("_v", "_tid", "_note", "payload")} == {
        "_v": "java-1", "_tid": "t", "_note": {"a": [1]}, "payload": "AAEC",
    }  # fmt: skip


def test_rules_and_empty_members() -> None:
    event, _ = read(
        LEAST | {"acl": [{"read": "ASUser/ada"}], "properties": {}, "aspects": {}, "description": ""}
    )
    assert event.acl == (Rule("READ", "ASUser/ada"),)
    assert event.body["acl"] == [{"READ": "ASUser/ada"}]
    assert not {"properties", "aspects", "description"} & event.body.keys()


def test_the_zone_of_a_message_is_that_of_its_locale() -> None:
    """Events §7.11: for its time and those of its links."""
    link = {"ACTOR": "A/1", "PART_OF": {"entity_ref": "B/1", "occurred_at": "2031-03-04T00:00:00"}}
    raw = {
        "type": "as.x", "involves": [link], "occurred_at": "2031-03-04T05:06:07",
        "aspects": {"locale": {"timezone": "Europe/Paris"}},
    }  # fmt: skip
    event, _ = read(raw, Known("north", now=0, zone="Asia/Tokyo"))
    assert event.occurred.text == "2031-03-04T05:06:07.000+01:00"
    assert event.entities[0].occurred is not None
    assert event.entities[0].occurred.text == "2031-03-04T00:00:00.000+01:00"
    del raw["aspects"]
    assert (
        read(raw, Known("north", now=0, zone="Asia/Tokyo"))[0].occurred.text
        == "2031-03-04T05:06:07.000+09:00"
    )


def test_labels_agree_in_the_whole_message() -> None:
    """A role that is new in ``involves`` is the same in the lines (§4.3)."""
    raw = LEAST | {"involves": [{"ACTOR:CASHIER": "A/1"}]}
    items = [{"PURCHASED": "Mug/1", "involves": [{"CASHIER": "A/2"}]}]
    reading = events.read(raw | {"aspects": {"items": items}}, KNOWN)
    assert reading.message is not None
    assert [role.path for role in reading.message.roles if role.leaf == "CASHIER"] == ["ACTOR:CASHIER"] * 2
    assert reading.labels == {("role", "CASHIER"): "ACTOR:CASHIER"}
    items = [{"PURCHASED": "Mug/1", "involves": [{"AFFECTS:CASHIER": "A/2"}]}]
    assert [code for code, _ in wrong(raw | {"aspects": {"items": items}})] == ["reserved_label"]


def test_a_message_in_two_is_the_same_as_one() -> None:
    """Events §25: an entity message and an event give the roles, entities and links of the embedded form."""
    told = {
        "entity_ref": "WebSession/s-51", "label": "Session", "properties": {"x": 1},
        "relations": [{"PROXY_FOR": {"entity_ref": "Customer/c-88", "label": "Bo", "PART_OF": "Club/1"}}],
    }  # fmt: skip
    whole, _ = read(LEAST | {"involves": [{"ACTOR": told}]})
    apart, _ = read(LEAST | {"involves": [{"ACTOR": "WebSession/s-51"}]})
    entity = entities.read(told, KNOWN).message
    assert entity is not None
    assert (whole.id, whole.roles) == (apart.id, apart.roles)
    assert whole.links == entity.links
    assert [(one.ref, one.aspects, one.properties) for one in whole.entities] == [
        (one.ref, one.aspects, one.properties) for one in (entity, *entity.entities)
    ]
    assert not apart.entities


def test_a_role_is_had_once() -> None:
    """A written one stands before one that follows from an aspect."""
    raw = LEAST | {"involves": [{"ACTOR": "A/1"}, {"SENT_TO": "Email/a@b.example", "weight": 3}]}
    event, _ = read(
        raw | {"aspects": {"messaging": {"from": "Email/c@d.example", "to": "Email/a@b.example"}}}
    )
    assert [role for role in event.roles if role.leaf == "SENT_TO"] == [
        Role("MESSAGING:SENT_TO", Ref("Email", "a@b.example"), weight=3)
    ]
