"""Events §18.2: what messages are completed with."""

from typing import Any

import pytest

from vocab.dialects.events import (
    Event,
    Known,
    Problems,
    Ref,
    Role,
    bumps,
    comments,
    datapoints,
    defaults,
    events,
)

DEFAULTS: dict[str, Any] = {
    "involves": [{"REFERENCES": "Campaign/spring"}],
    "aspects": {"dimensions": {"market": "is"}, "presentation": "Spring"},
    "properties": {"a": 1, "b": 2},
    "variables": {"land": "https://shop.example/spring", "unused": "x"},
}
KNOWN = Known("north", now=0, defaults=DEFAULTS, token="k7")
MESSAGE: dict[str, Any] = {
    "token": "k7",
    "type": "as.web.redirect",
    "involves": [{"ACTOR": "Cookie/ab1"}],
    "aspects": {"pageview": {"path": "%land%"}},
}


def read(raw: Any, known: Known = KNOWN) -> Event:
    reading = events.read(raw, known)
    assert reading.message is not None, reading.problems
    return reading.message


def test_the_example() -> None:
    event = read(MESSAGE)
    assert event.token == event.body["token"] == "k7"
    assert event.body["involves"] == [
        {"role": "ACTOR", "entity_ref": "Cookie/ab1"},
        {"role": "REFERENCES", "entity_ref": "Campaign/spring"},
    ]
    assert event.aspects["pageview"]["path"] == "https://shop.example/spring"
    assert event.aspects["dimensions"] == {"market": "is"}
    assert event.body["properties"] == {"a": 1, "b": 2}
    assert "variables" not in event.body
    assert Role("INVOLVES", Ref("ASToken", "k7"), derived=True) in event.roles


def test_a_completed_message_can_be_sent_again() -> None:
    """And it says the same without its token, whose own role is no part of the id."""
    event = read(MESSAGE)
    assert read(event.body) == event
    assert events.read(event.body, Known("north", now=0)).message is not None
    assert read(event.body, Known("north", now=0)).id == event.id


def test_the_message_wins_field_by_field() -> None:
    aspects = {
        "dimensions": {"market": "no", "quay": "7"},
        "presentation": {"thumbnail": "https://img.example/k.png"},
    }
    event = read(MESSAGE | {"aspects": aspects, "properties": {"a": 3}})
    assert event.aspects["dimensions"] == {"market": "no", "quay": "7"}
    assert event.aspects["presentation"] == {"label": "Spring", "thumbnail": "https://img.example/k.png"}
    assert event.properties == {"a": 3, "b": 2}
    event = read(MESSAGE | {"aspects": {"presentation": "Mine", "dimensions": None}})
    assert event.aspects["presentation"] == {"label": "Mine"}
    assert event.aspects["dimensions"] == {"market": "is"}


def test_what_the_message_says_too_is_not_added() -> None:
    """Duplicates are removed, with what they say."""
    site = {"entity_ref": "Site/1", "label": "Site"}
    usual = {
        "involves": {"ACTOR": ["Cookie/AB1", {"entity_ref": "Cookie/ab1", "label": "x"}], "AFFECTS": site}
    }
    known = Known("north", now=0, defaults=usual, token="k7")
    event = read(MESSAGE, known)
    assert [str(role.target) for role in event.roles if not role.derived] == ["Cookie/ab1", "Site/1"]
    assert read(event.body, known) == event
    assert [str(entity.ref) for entity in event.entities] == ["Site/1"]


def test_a_token_may_bring_the_actor() -> None:
    known = Known("north", now=0, defaults={"involves": [{"ACTOR": "Cookie/ab1"}]}, token="k7")
    assert read({"type": "as.x"}, known).roles[0] == Role("ACTOR", Ref("Cookie", "ab1"))


def test_a_token_in_a_text_is_kept_as_the_token_of_the_message() -> None:
    event = read(
        {key: value for key, value in MESSAGE.items() if key != "token"} | {"description": "see #k7#"}
    )
    assert event.body["token"] == "k7"


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("%a%", "1"), ("x%a%%b.c%y", "x12y"), ("%none%", "%none%"), ("100% of %a%", "100% of 1"), ("%a", "%a"),
        ("", ""),
    ],
)  # fmt: skip
def test_variables(text: str, filled: str) -> None:
    """In all texts of a message, once: what a variable brings is not looked at again."""
    raw = {"x": text, "y": [{"z": text, "n": 1, "%a%": None}]}
    variables = {"a": "1", "b.c": 2, "none": None, "deep": "%a%"}
    problems = Problems()
    assert defaults.filled(raw, variables, problems) == {
        "x": filled,
        "y": [{"z": filled, "n": 1, "%a%": None}],
    }
    assert defaults.filled({"x": "%deep%"}, variables, problems) == {"x": "%a%"}
    assert not problems


def test_variables_cannot_make_a_message_huge() -> None:
    known = Known("north", now=0, defaults={"variables": {"x": "y" * 10_000}})
    reading = events.read(MESSAGE | {"description": "%x%" * 100_000}, known)
    assert [problem.code for problem in reading.problems if problem.severity == "error"]
    assert reading.message is None


def test_other_messages_are_completed_too() -> None:
    """A key's defaults are merged into everything that is submitted with it (§1.2)."""
    usual = {"origin": "shop.web", "involves": [{"ACTOR": "A/1"}, {"COMMENTS": "A/1"}, {"AFFECTS": "T/1"}]}
    known = Known("north", now=0, defaults=usual | {"aspects": {"ts_data": {"rpm": 1}, "tags": ["x"]}})
    comment = comments.read({"comment": "c", "involves": [{"COMMENTED_ON": "T/1"}]}, known).message
    assert comment is not None
    assert (comment.origin, comment.tags) == ("shop.web", ("x",))
    votes = bumps.read({"involves": [{"BUMP_UP": "T/1"}]}, known).message
    assert votes is not None
    assert (votes[0].origin, str(votes[0].actor)) == ("shop.web", "A/1")
    point = datapoints.read({"series": "s", "occurred_at": "2031-03-04T06:00:00Z"}, known).message
    assert point is not None
    assert (point.origin, point.point.metrics) == ("shop.web", {"rpm": 1.0})


def test_which_tokens_a_message_names() -> None:
    """By its member, or between number signs in a subject, a description or the text of a comment."""
    raw = {
        "token": " k7 ", "description": "#a# and #b-1##c# #d", "comment": "#e# #a#", "properties": {"x": "#no#"},
        "aspects": {"messaging": {"subject": "Re: #f#"}},
    }  # fmt: skip
    assert set(defaults.tokens_in(raw)) == {"k7", "a", "b-1", "c", "e", "f"}
    assert defaults.tokens_in(raw)[0] == "k7"
    assert defaults.tokens_in({"aspects": {"messaging": "#f#"}, "token": 7}) == ("f",)
    assert len(defaults.tokens_in({"comment": " ".join(f"#t{number}#" for number in range(1_000))})) == 8
    for nothing in (None, [], {}, {"token": ""}, {"token": "x" * 256}, {"aspects": []}, {"comment": "##"}):
        assert defaults.tokens_in(nothing) == ()
