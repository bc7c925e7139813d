"""Events §8: comments."""

from typing import Any
from uuid import UUID

import pytest

from vocab.dialects.events import Comment, Known, Ref, Role, comments

BO = Ref("ASUser", "bo")
ITEM = "f48383f0-fc0f-317c-90df-5d7a76e1eb17"
KNOWN = Known("north", now=0)
EXAMPLE: dict[str, Any] = {
    "origin": "desk.web",
    "comment": "#fog again – Ada@Employee/ada please check @Vessel/Kestrel-9",
    "involves": [{"COMMENTS": "ASUser/bo"}, {"COMMENTED_ON": ITEM}],
}


def read(raw: Any, known: Known = KNOWN) -> tuple[Comment, list[tuple[str, str, str]]]:
    reading = comments.read(raw, known)
    assert reading.message is not None, reading.problems
    return reading.message, [(problem.severity, problem.code, problem.field) for problem in reading.problems]


def test_the_example() -> None:
    comment, problems = read(EXAMPLE)
    assert not problems
    assert comment.text == EXAMPLE["comment"]
    assert comment.tags == ("fog",)
    assert comment.roles == (
        Role("COMMENT:COMMENTS", BO),
        Role("COMMENT:COMMENTED_ON", UUID(ITEM)),
        Role("COMMENT:MENTIONS", Ref("Employee", "ada"), derived=True),
        Role("COMMENT:MENTIONS", Ref("Vessel", "Kestrel-9"), derived=True),
    )
    assert comment.body["comment"] == EXAMPLE["comment"]
    assert comment.body["involves"][2:] == [
        {"role": "COMMENT:MENTIONS", "entity_ref": ref} for ref in ("Employee/ada", "Vessel/Kestrel-9")
    ]
    assert comment.body["aspects"] == {"tags": ["fog"]}
    assert read(comment.body, Known("south", now=5)) == (comment, [])


def test_the_id_follows_from_time_origin_roles_and_text() -> None:
    """Events §2.2. Who is mentioned in the text is in it already."""
    comment, _ = read(EXAMPLE)
    told = EXAMPLE | {"occurred_at": "1970-01-01T01:00:00+01", "type": "as.api.comment"}
    roles = [{"role": "COMMENT:COMMENTED_ON", "entity_ref": ITEM}, {"COMMENT:COMMENTS": ["ASUser/BO"]}]
    assert read(told | {"involves": roles})[0].id == comment.id
    for change in ({"comment": "x"}, {"origin": "x"}, {"occurred_at": "1970-01-01T00:00:01Z"}):
        assert read(EXAMPLE | change)[0].id != comment.id
    assert read(EXAMPLE | {"involves": [*EXAMPLE["involves"], {"MENTIONS": "A/1"}]})[0].id != comment.id


def test_the_current_user_is_the_author() -> None:
    raw = EXAMPLE | {"involves": [{"COMMENTED_ON": ITEM}]}
    comment, problems = read(raw, Known("north", now=0, user=BO))
    assert comment.roles == read(EXAMPLE)[0].roles
    assert comment.id == read(EXAMPLE)[0].id
    assert not problems
    assert read(comment.body) == (comment, [])
    assert comments.read(raw, KNOWN).message is None


def test_what_is_said_explicitly_is_not_extracted_again() -> None:
    comment, _ = read(
        EXAMPLE
        | {
            "involves": [*EXAMPLE["involves"], {"MENTIONS": "Employee/ADA"}],
            "aspects": {"tags": ["Fog", "calm"]},
        }
    )
    assert [tag.lower() for tag in comment.tags] == ["fog", "calm"]
    mentions = [role for role in comment.roles if role.leaf == "MENTIONS"]
    assert [(str(role.target), role.derived) for role in mentions] == [
        ("Employee/ADA", True),
        ("Vessel/Kestrel-9", True),
    ]
    assert comment.id == read(EXAMPLE)[0].id
    assert len(comment.body["involves"]) == 4
    assert comment.body["aspects"] == {"tags": ["Fog", "calm"]}


def test_bare_names_are_left_to_who_knows_entities() -> None:
    comment, _ = read(EXAMPLE | {"comment": f"@ada see @{ITEM}"})
    assert comment.names == ("ada",)
    assert Role("COMMENT:MENTIONS", UUID(ITEM), derived=True) in comment.roles


def test_aspects_and_rules() -> None:
    comment, problems = read(
        EXAMPLE
        | {"aspects": {"locale": "is-IS", "items": []}, "acl": [{"READ": "Public"}], "properties": {"x": 1}}
    )
    assert comment.aspects["locale"]["locale"] == "is-IS"
    assert comment.body["acl"] == [{"READ": "Public"}]
    assert [code for _, code, _ in problems] == ["ignored_field", "unsupported_aspect"]


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"comment": None}, ("missing_field", "comment")),
        ({"comment": " "}, ("missing_field", "comment")),
        ({"comment": 1}, ("invalid_value", "comment")),
        ({"comment": "x" * 50_001}, ("invalid_value", "comment")),
        ({"involves": [{"COMMENTS": "ASUser/bo"}]}, ("missing_field", "involves")),
        ({"involves": [{"COMMENTED_ON": ITEM}]}, ("missing_field", "involves")),
        (
            {"involves": [{"COMMENTS": "bo"}, {"COMMENTED_ON": ITEM}]},
            ("invalid_reference", "involves[0].COMMENTS"),
        ),
        ({"occurred_at": "x"}, ("invalid_value", "occurred_at")),
        ({"_stream_id": "x"}, ("invalid_value", "_stream_id")),
    ],
)
def test_errors(change: dict[str, Any], problem: tuple[str, str]) -> None:
    reading = comments.read(EXAMPLE | change, KNOWN)
    assert reading.message is None
    assert [(found.code, found.field) for found in reading.problems] == [problem]


def test_what_a_text_marks_may_be_said_as_well() -> None:
    """Events §8: the comment is the same one; whom a bare name means is not asked here."""
    text = "@bo, see #fog and @Vessel/Kestrel-9"
    plain, _ = read(EXAMPLE | {"comment": text})
    said = [{"MENTIONS": "ASUser/bo"}, {"role": "COMMENT:MENTIONS", "entity_ref": "Vessel/Kestrel-9"}]
    told, _ = read(
        EXAMPLE | {"comment": text, "involves": [*EXAMPLE["involves"], *said], "aspects": {"tags": ["fog"]}}
    )
    assert told.id == plain.id
    other, _ = read(EXAMPLE | {"comment": text, "involves": [*EXAMPLE["involves"], {"MENTIONS": "Dog/bo"}]})
    assert other.id != plain.id


def test_an_older_spelling_of_a_mention() -> None:
    comment, problems = read(EXAMPLE | {"involves": [*EXAMPLE["involves"], {"MENTIONES": "Employee/eve"}]})
    assert Role("COMMENT:MENTIONS", Ref("Employee", "eve")) in comment.roles
    assert not problems
