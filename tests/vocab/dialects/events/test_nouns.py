"""Which kind of message one is that comes through a broker (Events §22)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import nouns

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ADA = [{"ACTOR": "Employee/Ada"}]


@pytest.mark.parametrize(
    ("key", "message", "noun"),
    [
        ("as.fleet.cargo.loaded", {"involves": ADA}, "event"),
        ("", {"type": "as.fleet.cargo.loaded", "involves": ADA}, "event"),
        ("as.api.entity", {"entity_ref": "Vessel/K", "involves": ADA}, "entity"),
        ("as.api.entity.preprocess", {"entity_ref": "Vessel/K"}, "entity"),
        ("as.api.comment", {}, "comment"),
        ("as.api.bump", {}, "bump"),
        ("AS.API.DataPoint", {}, "data-point"),
        ("anything", {"type": "as.api.comment"}, "comment"),
        ("as.api.bump", {"type": "as.api.comment"}, "bump"),
        ("anything", {"comment": "Well done", "involves": ADA}, "comment"),
        ("anything", {"series": "tug.engine", "aspects": {}}, "data-point"),
        ("anything", {"entity_ref": "Vessel/K"}, "entity"),
        ("anything", {"entity_ref": "Vessel/K", "relations": [{"OWNED_BY": "Company/North"}]}, "entity"),
        ("anything", {"entity_ref": "Vessel/K", "involves": ADA}, "event"),
        ("anything", {"involves": [*ADA, {"BUMP_UP": "Vessel/K"}]}, "bump"),
        ("anything", {"involves": {"ACTOR": "Employee/Ada", "BUMP_DOWN": "Vessel/K"}}, "bump"),
        ("anything", {"involves": [{"role": "BUMP_NEUTRAL", "entity_ref": "Vessel/K"}]}, "bump"),
        ("anything", {"type": "as.web.post.written", "comment": "x"}, "event"),
        ("anything", {"type": 7, "involves": ADA}, "event"),
    ],
)
def test_key_then_type_then_members_tell(key: str, message: dict[str, Any], noun: str) -> None:
    assert nouns.addressed(message, key)[0] == noun


def test_the_key_is_the_type_of_an_event_that_says_none() -> None:
    """Events §22: also under an older name, a type in the message wins."""
    assert nouns.addressed({"involves": ADA}, "as.x.done")[1]["type"] == "as.x.done"
    assert nouns.addressed({"action": "as.y.done", "involves": ADA}, "as.x.done")[1].get("type") is None
    assert nouns.addressed({"involves": ADA}, "")[1] == {"involves": ADA}


def test_an_entity_that_is_only_prepared_says_so() -> None:
    said = nouns.addressed({"entity_ref": "Vessel/K"}, "as.api.entity.preprocess")[1]
    assert said["type"] == "as.api.entity.preprocess"


@given(
    st.text(max_size=10),
    st.dictionaries(st.sampled_from(["type", "involves", "comment"]), JSON),
)
def test_any_message_is_one_of_them(key: str, message: dict[str, Any]) -> None:
    assert nouns.addressed(message, key)[0] in {*nouns.NOUNS.values(), nouns.EVENT}
