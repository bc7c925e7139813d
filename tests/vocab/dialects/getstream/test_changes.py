"""Partial updates (§6.7)."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadFields
from vocab.dialects.getstream import changes
from vocab.dialects.getstream.changes import Change

ID = "24f9d500-bb87-11e5-8080-80012ce3cc51"
AT = {"id": ID}


def change(**members: Any) -> Change:
    ((found,), many) = changes.read(AT | members)
    assert not many
    return found


def refused(body: Any) -> Any:
    with pytest.raises(BadFields) as caught:
        changes.read(body)
    return caught.value.fields


def test_paths_lead_to_what_is_set_and_unset() -> None:
    custom = {"price": 1, "info": {"colour": "red", "size": {"w": 1, "h": 2}}, "old": None, "kept": []}
    found = changes.applied(
        change(
            set={"price": 2, "info.size.d": 3, "info.colour": None, "new": {}}, unset=["old", "info.size.h"]
        ),
        custom,
    )
    assert found == {"price": 2, "info": {"colour": None, "size": {"w": 1, "d": 3}}, "kept": [], "new": {}}
    assert custom["info"] == {"colour": "red", "size": {"w": 1, "h": 2}}


@pytest.mark.parametrize("path", ["absent.x", "info.size.w", "price.x", "list.0", "none.x"])
def test_nothing_is_set_where_parents_are_missing_or_no_objects(path: str) -> None:
    made = change(set={path: 1, "fine": 1})
    with pytest.raises(BadFields) as caught:
        changes.applied(made, {"price": 1, "info": {}, "list": [1], "none": None})
    assert caught.value.fields == {"set": [f"{path}: must lead through objects that are there"]}


@pytest.mark.parametrize("path", ["absent", "info.absent", "info.colour.x", "list.0"])
def test_nothing_is_unset_that_is_not_there(path: str) -> None:
    with pytest.raises(BadFields) as caught:
        changes.applied(change(unset=[path]), {"info": {"colour": "red"}, "list": [1]})
    assert caught.value.fields == {"unset": [f"{path}: is not there"]}


def test_an_activity_is_named_by_its_id_or_by_foreign_id_and_time() -> None:
    by_id, by_foreign_id = change(set={"a": 1}), changes.read(
        {"foreign_id": "6621934", "time": "2016-01-15T12:54:42.000000", "id": None, "set": {"a": 1}, "unset": None}
    )[0][0]  # fmt: skip
    assert by_id == by_foreign_id
    assert by_id.id == UUID(ID)


def test_several_changes_come_in_order_and_all_or_none() -> None:
    found, many = changes.read({"changes": [AT | {"set": {"a": 1}}, AT | {"unset": ["a"]}]})
    assert many
    assert [(one.set, one.unset) for one in found] == [({("a",): 1}, ()), ({}, (("a",),))]
    problems = refused({"changes": [AT | {"set": {"a": 1}}, {"set": {"a": 1}}]})
    assert problems == [{}, {"foreign_id": ["this field is required"], "time": ["this field is required"]}]


REFUSED: list[tuple[Any, dict[str, list[str]]]] = [
    ({"changes": []}, {"changes": ["this field is required"]}),
    ({"changes": {}}, {"changes": ["must be a list"]}),
    ({"changes": [AT] * 101}, {"changes": ["must have at most 100 items"]}),
    ([], {"body": ["must be an object"]}),
    (AT, {"set": ["either this or unset is required"]}),
    ({"id": "42", "set": {"a": 1}}, {"id": ["must be the id of an activity"]}),
    ({"foreign_id": "a", "set": {"a": 1}}, {"time": ["this field is required"]}),
    (AT | {"set": [1]}, {"set": ["must be an object"]}),
    (AT | {"unset": "a"}, {"unset": ["must be a list"]}),
    (AT | {"set": {f"a{n}": n for n in range(26)}}, {"set": ["must have at most 25 members"]}),
    (AT | {"unset": [f"a{n}" for n in range(26)]}, {"unset": ["must have at most 25 items"]}),
    (AT | {"set": {"a..b": 1}}, {"set": ["a..b: must be a path such as info.score"]}),
    (AT | {"unset": [""]}, {"unset": [": must be a path such as info.score"]}),
    (AT | {"unset": [7]}, {"unset": ["7: must be a path such as info.score"]}),
    (AT | {"set": {"a": 1}, "unset": ["a"]}, {"set": ["a: cannot be unset at the same time"]}),
    (AT | {"set": {"a.b": 1}, "unset": ["a"]}, {"set": ["a.b: cannot be unset at the same time"]}),
    (AT | {"set": {"a": 1}, "unset": ["a.b"]}, {"set": ["a: cannot be unset at the same time"]}),
    *(
        (AT | {"set": {f"{name}.x": 1}}, {"set": [f"{name}.x: cannot be changed"]})
        for name in (
            "id",
            "actor",
            "verb",
            "object",
            "time",
            "target",
            "foreign_id",
            "to",
            "origin",
            "is_seen",
        )
    ),
]


@pytest.mark.parametrize(("body", "fields"), REFUSED)
def test_errors_name_the_field(body: Any, fields: dict[str, list[str]]) -> None:
    assert refused(body) == fields


def test_neighbours_are_no_conflict() -> None:
    assert change(set={"a.b": 1, "ab": 2}, unset=["a.c", "a.bc"]).set == {("a", "b"): 1, ("ab",): 2}


names = st.sampled_from(["a", "b", "c"])
paths = st.lists(names, min_size=1, max_size=3).map(tuple)
customs = st.recursive(
    st.integers() | st.none(), lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=8
)


def at(node: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        node = node[name]
    return node


@given(st.dictionaries(names, customs), paths, st.integers())
def test_setting_and_unsetting_touch_one_place_alone(
    custom: dict[str, Any], path: tuple[str, ...], value: int
) -> None:
    made = changes.read(AT | {"set": {".".join(path): value}})[0][0]
    gone = changes.read(AT | {"unset": [".".join(path)]})[0][0]
    try:
        parent = at(custom, path[:-1])
        possible = isinstance(parent, dict)
    except (KeyError, TypeError):
        possible = False
    if not possible:
        for one in (made, gone):
            with pytest.raises(BadFields):
                changes.applied(one, custom)
        return
    found = changes.applied(made, custom)
    assert at(found, path) == value
    parent_without = {name: kept for name, kept in parent.items() if name != path[-1]}
    assert at(changes.applied(gone, found), path[:-1]) == parent_without
