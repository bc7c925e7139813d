"""What a follow asks for, as clients say it (Events §11)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import follows
from vocab.dialects.events.follows import Attributes
from vocab.errors import BadFields

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
NAMES = (
    "min_importance", "event_types", "roles", "relations", "degrees", "tags", "filter", "starred", "list_index",
    "other",
)  # fmt: skip


def test_attributes_are_read_and_spelt_alike() -> None:
    """Types and tags in lower case, roles in capitals, one text for a list; what is no attribute is ignored."""
    read = follows.read(
        {
            "min_importance": "3", "event_types": ["AS.Fleet.*", "as.desk."], "roles": "affects",
            "relations": ["PART_OF"], "degrees": 2, "tags": ["#Urgent", "urgent"], "starred": True,
            "list_index": -1, "follows_ref": "A/b",
        }
    )  # fmt: skip
    assert read == {
        "min_importance": 3, "event_types": ["as.fleet", "as.desk"], "roles": ["AFFECTS"], "relations": ["PART_OF"],
        "degrees": 2, "tags": ["urgent"], "starred": True, "list_index": -1,
    }  # fmt: skip


def test_what_is_said_again_is_put_over_what_was_said() -> None:
    """Events §12: repeat updates; null takes an attribute away."""
    before = follows.read({"min_importance": 3, "tags": ["urgent"]})
    assert follows.read({"tags": None, "starred": False}, before) == {"min_importance": 3, "starred": False}
    assert follows.read(None, before) == before


@given(st.dictionaries(st.sampled_from(NAMES), JSON))
def test_whatever_is_said_is_read_or_refused_by_name(said: dict[str, Any]) -> None:
    """Nothing else is ever raised, and what was read is read again as it is."""
    read = _read_or_refused(said)
    if isinstance(read, BadFields):
        assert isinstance(read.fields, dict)
        assert set(read.fields) <= said.keys()
    else:
        assert follows.read(read) == read
        Attributes.of(read)


def _read_or_refused(said: dict[str, Any]) -> dict[str, Any] | BadFields:
    try:
        return follows.read(said)
    except BadFields as error:
        return error


@pytest.mark.parametrize(
    "said",
    [
        {"min_importance": 6}, {"min_importance": True}, {"min_importance": 1.5}, {"degrees": 4}, {"roles": ["A B"]},
        {"event_types": {}}, {"tags": [""]}, {"tags": ["x"] * 51}, {"starred": 1}, {"filter": 7},
        {"filter": {"a": [{}]}}, {"filter": {str(n): n for n in range(51)}}, {"filter": "x" * 2_001},
    ],
    ids=str,
)  # fmt: skip
def test_limits_are_told(said: dict[str, Any]) -> None:
    with pytest.raises(BadFields) as refused:
        follows.read(said)
    assert refused.value.fields.keys() == said.keys()  # type: ignore[union-attr]


def test_deep_filters_are_refused() -> None:
    """What a client nests is bounded."""
    deep: Any = 1
    for _ in range(40):
        deep = {"a": deep}
    with pytest.raises(BadFields):
        follows.read({"filter": deep})


def test_types_are_wanted_with_all_below_them() -> None:
    """Events §11: prefix match, of whole labels; none means all."""
    wanted = Attributes.of({"event_types": ["as.fleet"]})
    assert wanted.allows_type("as.fleet")
    assert wanted.allows_type("as.fleet.van.washed")
    assert not wanted.allows_type("as.fleets.sold")
    assert Attributes.of({}).allows_type("anything")


def test_roles_are_wanted_with_all_below_them() -> None:
    """Events §4.3: a parent stands for its descendants, a label for its place."""
    for role in ("ACTOR", "OPERATOR", "ACTOR:OPERATOR"):
        wanted = Attributes.of({"roles": [role]})
        assert wanted.allows_roles(["AFFECTS", "ACTOR:OPERATOR"])
        assert not wanted.allows_roles(["AFFECTS"])
    assert Attributes.of({}).allows_roles([])


def test_members_are_compared_by_path() -> None:
    """Events §11: a filter object, nested or dotted; relations alone mean one degree."""
    wanted = Attributes.of(
        {"filter": {"properties": {"shift": "night"}, "aspects.x": [1, 2]}, "relations": ["AKA"]}
    )
    assert wanted.fields == (("properties.shift", ("night",)), ("aspects.x", (1, 2)))
    assert wanted.degrees == 1
