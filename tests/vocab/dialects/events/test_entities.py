"""Events §5.1: entity messages."""

from typing import Any

import pytest

from vocab.dialects.events import Entity, Known, Link, Ref, Rule, entities

KNOWN = Known("north", now=0)
TUG = Ref("Vessel:Tug", "Kestrel-9")
EXAMPLE: dict[str, Any] = {
    "entity_ref": "Vessel:Tug/Kestrel-9",
    "aspects": {
        "presentation": {"label": "Kestrel", "details_url": "https://fleet.example/kestrel"},
        "classification": {
            "type": "workboat",
            "variant": "harbour tug",
            "categories": ["towing", "icebreaking"],
        },
        "metrics": {"bollard_pull": 41.5},
    },
    "relations": [
        {"BELONGS_TO": "Company/north-tow"},
        {"type": "AKA", "entity_ref": "Callsign/TFKE", "weight": 3, "active_from": "2029-01-01T00:00:00Z"},
    ],
    "properties": {"hull_no": "NT-9"},
}


def read(raw: Any, known: Known = KNOWN) -> tuple[Entity, list[tuple[str, str, str]]]:
    reading = entities.read(raw, known)
    assert reading.message is not None, reading.problems
    return reading.message, [(problem.severity, problem.code, problem.field) for problem in reading.problems]


def wrong(raw: Any) -> list[tuple[str, str]]:
    reading = entities.read(raw, KNOWN)
    assert reading.message is None
    return [(problem.code, problem.field) for problem in reading.problems if problem.severity == "error"]


def test_the_example() -> None:
    entity, problems = read(EXAMPLE)
    assert entity.ref == TUG
    assert entity.aspects == EXAMPLE["aspects"]
    assert entity.properties == {"hull_no": "NT-9"}
    assert [(link.type, str(link.target), link.weight) for link in entity.links] == [
        ("BELONGS_TO", "Company/north-tow", None), ("AKA", "Callsign/TFKE", 3),
    ]  # fmt: skip
    assert not problems
    assert read(entity.body) == (entity, [])


@pytest.mark.parametrize(
    "raw",
    [
        {"entity_ref": "Vessel:Tug/Kestrel-9"},
        {"entity_type": "Vessel:Tug", "entity_id": "Kestrel-9"},
        {
            "type": "as.api.entity",
            "entity_ref": "Vessel:Tug/Kestrel-9",
            "acl": None,
            "_class": "Tug",
            "_streamid": "x",
        },
    ],
)
def test_how_an_entity_is_named(raw: dict[str, Any]) -> None:
    entity, problems = read(raw)
    assert (entity.ref, entity.body, problems) == (TUG, {"entity_ref": "Vessel:Tug/Kestrel-9"}, [])


def test_members() -> None:
    entity, problems = read(
        {
            "type": "as.api.entity.preprocess", "entity_ref": "Vessel/1", "label": "One", "acl": [],
            "occurred_at": "2031-03-04T05:06:07", "partition": "Harbour", "_tid": "t-1",
            "aspects": {"locale": {"timezone": "Europe/Paris"}},
        }
    )  # fmt: skip
    assert entity.quiet
    assert entity.aspects["presentation"] == {"label": "One"}
    assert entity.acl == ()
    assert entity.occurred is not None
    assert entity.occurred.text == "2031-03-04T05:06:07.000+01:00"
    assert entity.more["partition"] == "harbour"
    assert entity.body["_tid"] == "t-1"
    assert [field for _, _, field in problems] == ["partition"]
    assert read(entity.body) == (entity, [])
    assert read({"entity_ref": "A/1", "acl": [{"READ": "Public"}]})[0].acl == (Rule("READ", "Public"),)
    assert read({"entity_ref": "A/1"})[0].acl is None


def test_links_on_the_entity_itself() -> None:
    """In capitals, or known ones in lower case."""
    entity, problems = read(
        {
            "AKA": ["Phone/+3545550101", {"entity_ref": "Phone/2", "label": "Two"}],
            "entity_ref": "A/1",
            "part_of": "B/1",
        }
    )
    assert [(link.type, str(link.target)) for link in entity.links] == [
        ("AKA", "Phone/+3545550101"), ("AKA", "Phone/2"), ("PART_OF", "B/1"),
    ]  # fmt: skip
    assert [str(other.ref) for other in entity.entities] == ["Phone/2"]
    assert problems == [("warning", "adjusted_name", "part_of")]
    assert read(entity.body) == (entity, [])


def test_odd_members() -> None:
    entity, problems = read({"Entity_Ref": "A/1", "colour": "red", "Properties": {"Hull": 1}})
    assert entity == Entity(Ref("A", "1"), properties={"Hull": 1}, body=entity.body)
    assert problems == [
        ("warning", "adjusted_name", "Entity_Ref"),
        ("warning", "ignored_field", "colour"),
        ("warning", "adjusted_name", "Properties"),
    ]


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        ({}, ("missing_field", "entity_ref")),
        ({"entity_ref": None, "entity_type": "A"}, ("missing_field", "entity_ref")),
        ({"entity_ref": "A"}, ("invalid_reference", "entity_ref")),
        ({"entity_ref": "f48383f0-fc0f-317c-90df-5d7a76e1eb17"}, ("invalid_reference", "entity_ref")),
        ({"entity_ref": {}}, ("invalid_reference", "entity_ref")),
        ({"entity_ref": "A/1", "aspects": []}, ("invalid_value", "aspects")),
        ({"entity_ref": "A/1", "properties": 1}, ("invalid_value", "properties")),
        ({"entity_ref": "A/1", "acl": {}}, ("invalid_value", "acl")),
        ({"entity_ref": "A/1", "occurred_at": "x"}, ("invalid_value", "occurred_at")),
        ({"entity_ref": "A/1", "relations": 1}, ("invalid_value", "relations")),
        ({"entity_ref": "A/1", "AKA": "x"}, ("invalid_reference", "AKA")),
        ({"entity_ref": "A/1", "AKA": {"entity_ref": "B/1", "acl": 1}}, ("invalid_value", "AKA.acl")),
    ],
)  # fmt: skip
def test_what_is_wrong_is_an_error_with_its_place(raw: Any, problem: tuple[str, str]) -> None:
    assert wrong(raw) == [problem]


@pytest.mark.parametrize("raw", [None, 1, "x", [], [{}]])
def test_a_message_is_an_object(raw: Any) -> None:
    assert wrong(raw) == [("invalid_value", "")]


def test_defaults_of_a_key_complete_an_entity() -> None:
    """Events §1.2."""
    known = Known(
        "north", now=0, defaults={"aspects": {"dimensions": {"site": "n"}}, "involves": [], "origin": "x"}
    )
    entity, problems = read({"entity_ref": "A/1", "aspects": {"dimensions": {"dock": "2"}}}, known)
    assert entity.aspects == {"dimensions": {"site": "n", "dock": "2"}}
    assert not problems


def test_links_between_others_are_links_of_the_message() -> None:
    entity, _ = read(
        {
            "entity_ref": "A/1",
            "PART_OF": {"entity_ref": "B/1", "PART_OF": {"entity_ref": "C/1", "label": "C"}},
        }
    )
    a, b, c = (Ref(type, "1") for type in "ABC")
    assert entity.links == (Link(a, "PART_OF", b), Link(b, "PART_OF", c))
    assert [other.ref for other in entity.entities] == [c]


@pytest.mark.parametrize(
    "links",
    [
        {"AKA": "Callsign/TFKE"},
        [{"AKA": {"entity_ref": "Callsign/TFKE"}}],
        [{"type": "AKA", "entity_ref": "Callsign/TFKE"}],
        [{"action": "AKA", "entity_ref": "Callsign/TFKE"}],
    ],
)
@pytest.mark.parametrize("name", ["links", "relations"])
def test_relations_by_their_older_names(links: Any, name: str) -> None:
    """Events §5.1, §6.1: ``links`` is what entity messages called them, and one generation wrote types as actions."""
    entity, problems = read({"entity_ref": "Vessel:Tug/Kestrel-9", name: links})
    assert [(link.source, str(link.target)) for link in entity.links] == [(TUG, "Callsign/TFKE")]
    assert (entity.links[0].type.endswith("AKA"), problems) == (True, [])


def test_of_two_lists_of_links_the_proper_one_counts() -> None:
    """Events §3.2."""
    entity, problems = read(
        {"entity_ref": "A/1", "links": {"AKA": "B/1"}, "relations": [{"AKA": "B/2"}]},
    )
    assert [str(link.target) for link in entity.links] == ["B/2"]
    assert [field for _, _, field in problems] == ["links"]


def test_what_is_said_beside_aspects_is_kept() -> None:
    """Events §5.1: archetypes of newer clients, a partition, members that enrich."""
    said = {"archetype": "Campaign", "archetype_variant": "Mailing", "partition": "quay", "_tid": "t-1"}
    entity, problems = read({"entity_ref": "Mailing/8", **said})
    assert (entity.more, problems) == (said, [])
    assert entity.body == {"entity_ref": "Mailing/8", **said}
    assert wrong({"entity_ref": "Mailing/8", "archetype": ["x"]}) == [("invalid_value", "archetype")]


def test_an_entity_that_is_deleted() -> None:
    """Events §5.2: as clients of the original say it, on the entity itself."""
    for said in (True, False):
        entity, problems = read({"entity_ref": "A/1", "$delete": said, "label": "x"})
        assert (entity.aspects["status"], problems) == ({"is_deleted": said}, [])
    assert wrong({"entity_ref": "A/1", "$delete": "never"}) == [("invalid_value", "$delete")]


def test_when_it_was_measured_may_stand_in_the_status() -> None:
    """Events §5.1: where older clients put it; ``occurred_at`` counts if both are given."""
    status = {"status": {"update_occurred_at": "2031-03-04T06:00:00Z"}}
    entity, _ = read({"entity_ref": "A/1", "aspects": status | {"metrics": {"draught": 3}}})
    assert entity.occurred is not None
    assert entity.occurred.text == "2031-03-04T06:00:00.000Z"
    entity, _ = read({"entity_ref": "A/1", "aspects": status, "occurred_at": "2031-03-05T06:00:00Z"})
    assert entity.occurred is not None
    assert entity.occurred.text == "2031-03-05T06:00:00.000Z"


def test_aspects_next_to_a_reference_are_those_of_the_entity() -> None:
    """Events §4.1, §6.1: like a label; what the entity itself says counts for more."""
    beside = {"presentation": {"label": "Call sign"}, "tags": ["radio"]}
    for other in ("Callsign/TFKE", {"entity_ref": "Callsign/TFKE", "aspects": {"tags": ["signal"]}}):
        entity, problems = read({"entity_ref": "A/1", "relations": [{"AKA": other, "aspects": beside}]})
        [said] = entity.entities
        assert (str(said.ref), said.aspects["presentation"], problems) == (
            "Callsign/TFKE", {"label": "Call sign"}, [],
        )  # fmt: skip
        assert said.aspects["tags"] == (["radio"] if isinstance(other, str) else ["signal"])
