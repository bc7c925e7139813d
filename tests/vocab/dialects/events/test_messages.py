"""What holds for every message (Events §25): what is stored reads as itself, and nothing breaks reading."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import jsontext
from vocab.dialects.events import Known, Reading, Ref, bumps, comments, datapoints, entities, events
from vocab.dialects.events.echo import echo
from vocab.dialects.events.problems import REMARKS_MAX

Read = Callable[[Any, Known], Reading[Any]]
READERS: tuple[Read, ...] = (events.read, entities.read, comments.read, bumps.read, datapoints.read)
KNOWN = Known("north", now=1_930_000_000_123_456, zone="Europe/Paris", user=Ref("ASUser", "bo"))

names = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=6)
numbers = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6, allow_nan=False)
scalars = st.none() | st.booleans() | numbers | names
free = st.dictionaries(
    names, st.recursive(scalars, lambda inner: st.lists(inner, max_size=2), max_leaves=3), max_size=2
)
types = st.sampled_from(["Vessel", "Vessel:Tug", "Employee", "ASUser", "Email"])
ids = st.text(st.sampled_from("abcAB1/:.@+ é-"), min_size=1, max_size=5).filter(str.strip)
refs = st.builds("{}/{}".format, types, ids)
roles = st.sampled_from(
    ["ACTOR", "BUYER", "ACTOR:OPERATOR", "OPERATOR", "AFFECTS", "CREATES", "OBSERVES", "WITNESS", "TRADE:BOUGHT"]
)  # fmt: skip
types_of_links = st.sampled_from(["AKA", "IS:AKA", "PART_OF", "PROXY_FOR", "RELATED_TO:SIBLING", "CHUM"])
moments = st.sampled_from(
    ["2031-03-04T05:06:07.0891234+02:00", "2031-03-04T05:06+02", "03/04/2031 5:06 PM", "2031", 1930359967089]
)  # fmt: skip
rules = st.lists(
    st.sampled_from([{"READ": "Public"}, {"MANAGE": "ASUser/ada"}, {"read": "MANAGEMENT"}]), max_size=2
)
aspects = st.fixed_dictionaries(
    {},
    optional={
        "presentation": st.just("Kestrel") | st.just({"label": "Kestrel", "icon": "fa-anchor"}),
        "tags": st.just("a b") | st.lists(names, max_size=2),
        "dimensions": st.dictionaries(st.sampled_from("abc"), numbers | names, max_size=2),
        "metrics": st.dictionaries(st.sampled_from("abc"), numbers, max_size=2),
        "moonlight": free,
        "locale": st.just({"timezone": "Asia/Tokyo", "currency": "JPY"}),
    },
)
attributes: dict[str, st.SearchStrategy[Any]] = {"properties": free, "weight": numbers, "external_id": names}
dated: dict[str, st.SearchStrategy[Any]] = {
    "$from": moments, "active_until": moments, "$direction": st.sampled_from(["IN", "OUT"]), "$delete": st.booleans(),
}  # fmt: skip


def element(
    labels: st.SearchStrategy[str],
    word: str,
    targets: st.SearchStrategy[Any],
    more: dict[str, st.SearchStrategy[Any]],
) -> st.SearchStrategy[dict[str, Any]]:
    """One role or link in any of its forms."""
    optional = attributes | {"label": names} | more
    explicit = st.fixed_dictionaries({word: labels, "entity_ref": refs}, optional=optional)
    shorthand = st.builds(
        lambda label, target, beside: {label: target} | beside,
        labels, targets, st.fixed_dictionaries({}, optional=optional),
    )  # fmt: skip
    return explicit | shorthand


def entity(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"entity_ref": refs},
        optional={
            "label": names, "aspects": aspects, "properties": free, "acl": rules, "occurred_at": moments, "_tid": names,
            "relations": st.lists(element(types_of_links, "type", inner, dated), max_size=2),
            "PART_OF": inner, "colour": names,
        },
    )  # fmt: skip


embedded = st.recursive(
    refs, lambda inner: entity(inner) | st.lists(inner, min_size=1, max_size=2), max_leaves=3
)
involved = st.lists(element(roles, "role", embedded, {}), max_size=3)
common: dict[str, st.SearchStrategy[Any]] = {
    "origin": st.sampled_from(["depot.north", "Shop"]), "occurred_at": moments, "aspects": aspects, "acl": rules,
}  # fmt: skip
event_messages = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["as.x", "as.Fleet.loaded"]),
        "involves": st.builds(lambda more: [{"ACTOR": "A/1"}, *more], involved),
    },
    optional=common
    | {"properties": free, "importance": st.sampled_from([0, 5, "3"]), "description": names, "token": names},
)  # fmt: skip
comment_messages = st.fixed_dictionaries(
    {
        "comment": st.text(st.sampled_from("@#aA/1 é"), min_size=1).filter(str.strip),
        "involves": st.just([{"COMMENTED_ON": "A/1"}]),
    },
    optional=common,
)  # fmt: skip
any_json = st.recursive(
    scalars | st.floats() | st.sampled_from(["ACTOR", "Vessel/1", "as.x", ""]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["type", "involves", "role", "entity_ref", "entity", "relations", "ACTOR", "AKA", "acl", "aspects",
             "items", "tags", "properties", "occurred_at", "comment", "series", "BUMP_UP", "COMMENTED_ON", "weight",
             "importance", "label"]
        ) | names,
        inner, max_size=6,
    ),
    max_leaves=20,
)  # fmt: skip


def assert_stored_reads_as_itself(read: Read, raw: Any) -> None:
    first = read(raw, KNOWN)
    if first.message is None:
        assert not first.problems.valid
        return
    later = Known("south", now=0, labels=first.labels)
    again = read(jsontext.loads(jsontext.dumps(first.message.body)), later)
    assert again.message is not None, again.problems
    assert again.message.body == first.message.body
    assert again.message == first.message
    assert not again.labels


@given(event_messages)
def test_a_stored_event_reads_as_itself(raw: Any) -> None:
    """Same id, same body, the same roles, entities and links, and no new labels."""
    assert_stored_reads_as_itself(events.read, raw)


@given(entity(embedded))
def test_a_stored_entity_reads_as_itself(raw: Any) -> None:
    assert_stored_reads_as_itself(entities.read, raw)


@given(comment_messages)
def test_a_stored_comment_reads_as_itself(raw: Any) -> None:
    assert_stored_reads_as_itself(comments.read, raw)


@given(
    st.lists(st.tuples(roles, refs, st.sampled_from(["", "m1"])), max_size=4),
    st.randoms(),
    st.integers(-11, 11),
)
def test_an_id_depends_on_what_is_said_alone(
    said: list[tuple[str, str, str]], random: Any, hours: int
) -> None:
    """Not on the order of roles, nor on forms, nor on how the time is spelled."""
    one = [{"role": role, "entity_ref": ref, "external_id": id} for role, ref, id in said]
    other = [{role: [{"entity_ref": ref}], "external_id": id} for role, ref, id in said]
    random.shuffle(other)
    raw = {
        "type": "as.x",
        "origin": "o",
        "occurred_at": f"2031-03-04T{12 + hours:02d}:00:00{hours:+03d}:00",
        "involves": [{"ACTOR": "A/1"}, *one],
    }
    told = {
        "event": "as.X",
        "source": "o",
        "occurred_at": "2031-03-04t12:00z",
        "roles": [*other, {"actor": "A/1"}],
    }
    known = Known("north", now=0, labels={("role", "OPERATOR"): "ACTOR:OPERATOR"})
    first, second = events.read(raw, known), events.read(told, known)
    assert (first.message is None) == (second.message is None)
    if first.message is not None and second.message is not None:
        assert first.message.id == second.message.id


@pytest.mark.parametrize("read", READERS)
@given(raw=any_json)
def test_any_value_gives_problems_and_no_exception(read: Read, raw: Any) -> None:
    reading = read(raw, KNOWN)
    assert (reading.message is None) == (not reading.problems.valid)
    told = echo(raw, reading)
    assert told["_valid"] is reading.problems.valid


def deep(depth: int, opening: Callable[[Any], Any]) -> Any:
    value: Any = "Vessel/1"
    for _ in range(depth):
        value = opening(value)
    return value


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("depth", [40, 63, 200, 5_000])
@pytest.mark.parametrize(
    "opening",
    [
        lambda value: [value],
        lambda value: {"ACTOR": value},
        lambda value: {"entity_ref": "A/1", "PART_OF": value},
        lambda value: {"entity_ref": "A/1", "relations": [{"PART_OF": value}]},
        lambda value: {"items": [{"PURCHASED": {"entity_ref": "A/1", "aspects": value}}]},
        lambda value: {"dimensions": value},
    ],
)
def test_depth_costs_no_stack(read: Read, depth: int, opening: Callable[[Any], Any]) -> None:
    value = deep(depth, opening)
    for raw in (
        value,
        {"type": "as.x", "involves": value},
        {"type": "as.x", "involves": {"ACTOR": value}, "aspects": value, "properties": value, "_x": value},
        {"entity_ref": "A/1", "AKA": value, "acl": value},
    ):
        reading = read(raw, KNOWN)
        assert (reading.message is None) == (not reading.problems.valid)
        assert depth < 64 or reading.message is None or not isinstance(raw, dict) or "type" in raw


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize(
    "raw",
    [
        {"involves": [1] * 100_000}, {"involves": [{"ACTOR": "x"}] * 1_000},
        {"entity_ref": "A/1", "acl": [1] * 100_000},
        {f"x{number}": 1 for number in range(50_000)}, {"description": "x" * 2_000_000}, {"x": 10**400}, {"x": "\0"},
        {"\0": 1}, {"x": "\ud800"}, {"x": object()}, {"involves": [{f"X{number}": "A/1" for number in range(5_000)}]},
        {"comment": "@A/" * 16_000}, {"comment": "#a" * 25_000},
    ],
)  # fmt: skip
def test_what_is_huge_or_no_json_is_an_error(read: Read, raw: Any) -> None:
    """With an end to what is said about it."""
    reading = read(raw, KNOWN)
    assert reading.message is None or read is entities.read
    assert len(reading.problems) <= REMARKS_MAX + 1


def test_echo() -> None:
    """Events §1.4: as it would be stored if it is valid, with its id, else as it was sent."""
    raw = {"Type": "as.x", "involves": [{"ACTOR": "A/1"}], "occurred_at": "2031-03-04T05:06:07Z"}
    reading = events.read(raw, KNOWN)
    assert reading.message is not None
    assert echo(raw, reading) == {
        **reading.message.body,
        "_stream_id": str(reading.message.id),
        "_valid": True,
        "_errors": [
            {"severity": "warning", "code": "adjusted_name", "field": "Type", "message": "taken as type"},
        ],
    }
    reading = events.read({"type": "as.x"}, KNOWN)
    told = echo({"type": "as.x"}, reading)
    assert told["type"] == "as.x"
    assert told["_valid"] is False
    assert told["_errors"][0]["code"] == "missing_field"
    told = echo({}, entities.read({"entity_ref": "Vessel/Kestrel-9"}, KNOWN))
    assert told["_stream_id"] == told["_streamid"] == "03a18143-7276-30c6-8d86-10853e2f0f19"
    assert echo([], events.read([], KNOWN))["_valid"] is False  # type: ignore[arg-type]


def test_known_is_the_same_with_other_labels() -> None:
    known = Known(
        "t", 1, "UTC", "ISK", Ref("A", "1"), admin=True, special_categories=True, labels={}, types={"x": {}},
        entity_types={"y": {}}, defaults={"z": 1}, token="k",
    )  # fmt: skip
    other = known.reserving({("role", "X"): "X"})
    assert other != known
    assert other.reserving({}) == known
