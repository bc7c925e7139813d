"""Activities as clients send them and as they are answered (§3.2, §4, §5.1, §6.1, §6.6)."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import BadFields, TooLarge, jsontext
from vocab.dialects.getstream import activities, ids, sizes
from vocab.dialects.getstream.feedids import FeedId

NOW = datetime(2017, 7, 1, 20, 30, 45, 123456, tzinfo=UTC)
LEAST = {"actor": "1", "verb": "pin", "object": "Place:42"}
UUID_1 = "f01c0000-acf5-11e5-8080-80006a8b5bc2"

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


def answered(body: dict[str, Any]) -> dict[str, Any]:
    return activities.spelled(activities.draft(body).dated(NOW, 7))


def refused(body: Any, read: Any = activities.draft) -> Any:
    with pytest.raises(BadFields) as caught:
        read(body)
    return caught.value.fields


def test_exactly_these_members_are_answered() -> None:
    """§5.1: SDK users compare sets of keys."""
    assert answered(LEAST) == {
        "id": str(ids.unique(NOW, 7)), "actor": "1", "verb": "pin", "object": "Place:42", "target": "",
        "foreign_id": "", "time": "2017-07-01T20:30:45.123456", "origin": None,
    }  # fmt: skip


def test_custom_fields_are_answered_as_they_came() -> None:
    """Numbers as they were written, dates as texts, nulls and empties too."""
    text = (
        b'{"actor":1,"verb":"run","object":2.50,"rate":1.50,"big":1E+3,"day":"2017-07-01","none":null,"empty":[],'
        b'"at":"2017-07-01T20:30:45.1","deep":{"to":[],"x":null},"duration":30,"name":"x","type":"y","content":"z"}'
    )
    body = jsontext.loads(text)
    assert isinstance(body, dict)
    found = jsontext.dumps(answered(body))
    for part in (
        b'"actor":"1"', b'"object":"2.50"', b'"rate":1.50,"big":1E+3,"day":"2017-07-01","none":null,"empty":[]',
        b'"at":"2017-07-01T20:30:45.1","deep":{"to":[],"x":null},"duration":30,"name":"x","type":"y","content":"z"',
    ):  # fmt: skip
        assert part in found


def test_targets_are_answered_without_tokens_each_once_and_only_when_there_are_any() -> None:
    found = answered(LEAST | {"to": ["notification:2 a.b.c", ["user:3", "d.e.f"], "user:3"]})
    assert found["to"] == ["notification:2", "user:3"]
    for nothing in ([], None):
        assert "to" not in answered(LEAST | {"to": nothing})


def test_tokens_are_kept_for_who_decides_about_them() -> None:
    """§2.3."""
    made = activities.draft(LEAST | {"to": ["user:2 a.b.c"]})
    assert made.to == ((FeedId("user", "2"), "a.b.c"),)


def test_an_activity_that_was_fetched_can_be_sent_back() -> None:
    """§5.1: what we add to an answer is left out again."""
    first = answered(LEAST | {"foreign_id": "a:1", "time": "2017-07-01T20:30:45.123456"})
    again = answered(first | {"duration": "4.31ms", "score": 0.5, "origin": "user:1"})
    assert again == first


def test_null_is_absent() -> None:
    """§1.2: SDKs send it for what was not given."""
    nothing = dict.fromkeys(["target", "foreign_id", "time", "to", "id"])
    assert answered(LEAST | nothing) == answered(LEAST)


def test_numbers_become_strings() -> None:
    """§14: in whichever of the four they stand."""
    found = answered({"actor": 1, "verb": "pin", "object": 2, "target": 3, "foreign_id": 0})
    assert [found[name] for name in ("actor", "object", "target", "foreign_id")] == ["1", "2", "3", "0"]


def test_the_id_is_that_which_clients_work_out() -> None:
    found = answered(LEAST | {"foreign_id": "6621934", "time": "2016-01-15T12:54:42"})
    assert found["id"] == "24f9d500-bb87-11e5-8080-80012ce3cc51"
    assert found["time"] == "2016-01-15T12:54:42.000000"


def test_the_same_content_at_the_same_time_is_one_activity() -> None:
    """§14: wherever it is posted and whoever else it is for; at the server's times it is two."""
    at = {"time": "2017-07-01T20:30:45.1"}
    first = answered(LEAST | at | {"x": 1, "to": ["user:2"]})
    assert answered(at | {"x": 1} | LEAST)["id"] == first["id"]
    assert answered(LEAST | at | {"x": 2})["id"] != first["id"]
    made = activities.draft(LEAST)
    later = NOW + timedelta(microseconds=1)
    assert len({made.dated(NOW, 1).id, made.dated(NOW, 2).id, made.dated(later, 1).id}) == 3


ERRORS: list[tuple[Any, dict[str, list[str]]]] = [
    ({}, {name: ["this field is required"] for name in ("actor", "verb", "object")}),
    (LEAST | {"actor": ""}, {"actor": ["this field is required"]}),
    (LEAST | {"verb": None}, {"verb": ["this field is required"]}),
    (LEAST | {"object": {"id": 1}}, {"object": ["must be a string"]}),
    (LEAST | {"object": True}, {"object": ["must be a string"]}),
    (LEAST | {"target": ["x"]}, {"target": ["must be a string"]}),
    (LEAST | {"foreign_id": {}}, {"foreign_id": ["must be a string"]}),
    (LEAST | {"verb": "é" * 128}, {"verb": ["must have at most 255 bytes"]}),
    (LEAST | {"time": "soon"}, {"time": ["must be a time in ISO 8601"]}),
    (LEAST | {"time": 1498941045}, {"time": ["must be a time in ISO 8601"]}),
    (LEAST | {"time": "1500-01-01T00:00:00"}, {"time": ["must lie between 1582 and 5236"]}),
    (LEAST | {"time": "9999-01-01T00:00:00"}, {"time": ["must lie between 1582 and 5236"]}),
    (LEAST | {"to": "user:1"}, {"to": ["must be a list"]}),
    (LEAST | {"to": ["user:1", "bad"]}, {"to": ["must hold ids of feeds, such as user:1, not 'bad'"]}),
    (LEAST | {"to": [f"user:{n}" for n in range(101)]}, {"to": ["must have at most 100 items"]}),
    *((LEAST | {name: 1}, {name: ["this name is reserved"]}) for name in sorted(activities.REFUSED)),
    ([], {"body": ["must be an object"]}),
    (None, {"body": ["must be an object"]}),
]  # fmt: skip


@pytest.mark.parametrize(("body", "fields"), ERRORS)
def test_errors_name_the_field(body: Any, fields: dict[str, list[str]]) -> None:
    """§4: ``exception_fields``."""
    assert refused(body) == fields


def test_changed_custom_fields_are_measured_again() -> None:
    """§6.7: the id, and with it the time, stays."""
    first = activities.draft(LEAST | {"x": 1}).dated(NOW, 7)
    changed = activities.with_custom(first, {"y": 2})
    assert (changed.id, changed.actor, changed.custom) == (first.id, "1", {"y": 2})
    with pytest.raises(TooLarge):
        activities.with_custom(first, {"y": "x" * 10_240})


def test_the_longest_verb_is_taken() -> None:
    assert answered(LEAST | {"verb": "v" * 255})["verb"] == "v" * 255


def test_an_activity_has_at_most_ten_kilobytes() -> None:
    """§5.1: as it is answered."""
    room = sizes.KEPT_BYTES_MAX - len(jsontext.dumps(answered(LEAST | {"x": ""})))
    assert answered(LEAST | {"x": "x" * room})
    with pytest.raises(TooLarge) as caught:
        answered(LEAST | {"x": "x" * (room + 1)})
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (10_241, 10_240)


def test_custom_fields_are_nested_so_deep_that_they_can_be_told_elsewhere() -> None:
    def nested(levels: int) -> Any:
        return [nested(levels - 1)] if levels else 1

    deepest = activities.draft(LEAST | {"x": nested(sizes.DEPTH_MAX)})
    assert jsontext.loads(jsontext.dumps(activities.spelled(deepest.dated(NOW, 1))))
    deeper = activities.draft(LEAST | {"x": nested(sizes.DEPTH_MAX + 1)})
    assert refused(None, lambda _: deeper.dated(NOW, 1)) == {"x": ["nested too deeply"]}


def test_one_or_several_are_posted() -> None:
    """§6.1."""
    one, many = activities.posted(LEAST), activities.posted({"activities": [LEAST, LEAST | {"actor": "2"}]})
    assert ([made.actor for made in one[0]], one[1]) == (["1"], False)
    assert ([made.actor for made in many[0]], many[1]) == (["1", "2"], True)


def test_one_bad_item_refuses_the_batch() -> None:
    """§4: the problems of each item, in order."""
    batch = {"activities": [LEAST, LEAST | {"actor": None}, 7]}
    problems = [{}, {"actor": ["this field is required"]}, {"body": ["must be an object"]}]
    assert refused(batch, activities.posted) == problems


@pytest.mark.parametrize(
    ("items", "reason"),
    [
        ([], "this field is required"),
        (None, "this field is required"),
        ({}, "must be a list"),
        ([LEAST] * 101, "must have at most 100 items"),
    ],
)
def test_a_batch_has_from_one_to_a_hundred_items(items: Any, reason: str) -> None:
    for read in (activities.posted, activities.revisions):
        fields = refused({"activities": items}, read)
        assert fields["activities"][-1 if items is None else 0] == reason


def test_revisions_are_found_by_foreign_id_and_time() -> None:
    """§6.6: whether both are there is asked before anything else, ``to`` above all."""
    found = LEAST | {"foreign_id": "a:1", "time": "2017-07-01T20:30:45"}
    assert activities.revisions({"activities": [found]})[0].foreign_id == "a:1"
    problems = refused({"activities": [found, LEAST | {"to": 1, "time": "x"}]}, activities.revisions)
    assert problems == [
        {},
        {"foreign_id": ["this field is required"], "time": ["must be a time in ISO 8601"]},
    ]
    assert refused({"activities": [found | {"to": 1}]}, activities.revisions) == [{"to": ["must be a list"]}]


@given(st.dictionaries(texts | st.sampled_from(sorted(activities.OWN | activities.REFUSED)), values) | values)
def test_any_json_is_read_or_refused_by_name(body: Any) -> None:
    for read in (activities.posted, activities.revisions):
        with suppress(BadFields):
            read(body)
