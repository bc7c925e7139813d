"""Events §7.1: all aspects of a message."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import jsontext
from vocab.dialects.events import Known, Problems, aspects, moments
from vocab.dialects.events.aspects.table import LETTERS, TABLE

MEMBERS = [
    "label", "type", "variant", "tags", "begins", "ends", "duration", "involves", "item_count", "item_price",
    "PURCHASED", "TRADE:WON", "entity_ref", "path", "referrer", "latlong", "latitude", "longitude", "track_for",
    "subject", "from", "to", "address", "external_id", "id", "amount", "aspects", "properties", "card_number",
    "birth_date", "settings", "group", "scope", "action", "entity", "happiness", "locale", "timezone", "currency",
    "user_agent", "ip", "price_categories", "_total", "Label", "externalId", "page_content", "categories", "url",
    "associates", "serial_numbers",
]  # fmt: skip
WORDS = st.sampled_from(
    ["", "_del", "null", "Mug/blue", "64.1,-21.9", "2031-03-04T05:06:07+02:00", "1871", "+a", "-b", "a/b", "ISK", "12",
     "1e400", "Re: fw: x", "Ada <ada@north.example>", "https://a.example/b?c=d&c=e", "UTC", "203.0.113.9", "ACTOR",
     "4242424242424242", "%61", "@Mug/blue", "//[", "http://[::1", "\x00"]
)  # fmt: skip
SCALARS = (
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | WORDS | st.text()
)
NAMES = st.sampled_from(MEMBERS) | st.text()
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
MESSAGES = st.dictionaries(
    st.sampled_from([*TABLE, "location", "LocalWeather", "made.up"]), VALUES, max_size=4
)
ON = st.sampled_from(list(LETTERS))


def read(raw: Any, on: Any) -> tuple[aspects.Found, Problems]:
    problems = Problems()
    known = Known("north", 0, currency="ISK", special_categories=True)
    occurred = moments.of(1_930_000_000_000_000)
    return aspects.read(raw, on=on, known=known, occurred=occurred, problems=problems), problems


@given(VALUES | MESSAGES, ON)
def test_whatever_is_sent_is_read_or_remarked(raw: Any, on: str) -> None:
    """§7.1: no value is too strange, and what is answered is JSON again."""
    found, _ = read(raw, on)
    jsontext.dumps(found.aspects)


@given(MESSAGES, ON)
def test_what_was_read_is_read_the_same_again(raw: Any, on: str) -> None:
    """§7.1, §25: output is the expanded form, and expanding it again changes nothing."""
    found, problems = read(raw, on)
    if problems.valid:
        again, more = read(found.aspects, on)
        assert again.aspects == found.aspects
        assert more.valid, more
        assert again.roles == found.roles


@given(MESSAGES)
def test_what_was_merged_has_no_marks_left(raw: Any) -> None:
    """§7.1: markers are for merging, what is stored has none in the fields of what is merged."""
    found, _ = read(raw, "entity")
    for name, aspect in aspects.merge({}, found.aspects).items():
        if name in TABLE and TABLE[name].merging == "merge" and isinstance(aspect, dict):
            assert "_del" not in aspect.values()


@pytest.mark.parametrize(
    ("name", "value", "proper"),
    [
        ("location", "64.1,-21.9", "geo_location"),
        ("location", {"latlong": "64.1,-21.9"}, "geo_location"),
        ("location", {"latitude": 64, "longitude": 1}, "geo_location"),
        ("location", {"city": "Northport"}, "address"),
        ("geolocation", "64.1,-21.9", "geo_location"),
        ("geoLocation", "64.1,-21.9", "geo_location"),
        ("traffic_source", {"type": "direct"}, "traffic_sources"),
        ("identifiable", "x", "resolvable"),
        ("LocalWeather", {"temperature": 3}, "local_weather"),
        ("localweather", {"temperature": 3}, "local_weather"),
        ("productview", "Mug/blue", "product_view"),
        ("clientIp", "203.0.113.9", "client_ip"),
    ],
)
def test_other_names(reads: Callable[..., Any], name: str, value: Any, proper: str) -> None:
    """§7.1, §7.26: older and other spellings of names."""
    found, problems = reads(**{name: value})
    assert problems.valid
    assert list(found.aspects) == [proper]
    assert [problem.code for problem in problems] == ([] if name.islower() else ["adjusted_name"])


def test_the_proper_name_wins_over_another(reads: Callable[..., Any]) -> None:
    found, problems = reads(identifiable="old", resolvable="new")
    assert found.external_id == "new"
    assert [problem.code for problem in problems] == ["ignored_field"]


def test_unknown_aspects_and_fields_are_kept(reads: Callable[..., Any]) -> None:
    """§3.3, §7.1: unknown aspects verbatim, unknown fields of known ones with a warning."""
    found, problems = reads(
        moon={"Phase": 3}, presentation={"label": "Kestrel", "Mood": ["good"], "icon": None}
    )
    assert found.aspects == {"moon": {"Phase": 3}, "presentation": {"label": "Kestrel", "mood": ["good"]}}
    assert {problem.field: problem.code for problem in problems if problem.code != "adjusted_name"} == {
        "aspects.moon": "unsupported_aspect",
        "aspects.presentation.mood": "ignored_field",
    }
    assert problems.valid


def test_an_aspect_where_it_does_not_belong_is_kept_and_does_nothing(reads: Callable[..., Any]) -> None:
    found, problems = reads("entity", items=[{"PURCHASED": "Mug/blue"}])
    assert found.aspects == {"items": [{"PURCHASED": "Mug/blue"}]}
    assert not found.lines
    assert [problem.code for problem in problems] == ["unsupported_aspect"]


def test_what_the_server_computes_is_not_taken_from_clients(reads: Callable[..., Any]) -> None:
    """§7.1: fields with an underscore are stored for keys of administrators alone."""
    said = {"ip": "203.0.113.9", "_isp": "North Net"}
    assert reads(client_ip=said)[0].aspects == {"client_ip": {"ip": "203.0.113.9"}}
    assert [problem.code for problem in reads(client_ip=said)[1]] == ["ignored_field"]
    assert reads(client_ip=said, admin=True)[0].aspects == {"client_ip": said}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("geo_location", f"1{' ' * 400_000}x"),
        ("messaging", {"subject": "re:" * 200_000 + "x", "from": f"{' ' * 400_000}<", "to": "<" * 400_000}),
        ("messaging", {"from": "Email/a@b", "to": f"a@{'b' * 400_000}"}),
        ("transaction", {"amount": 1, "card_number": "1 " * 200_000}),
        ("pageview", {"path": "?" + "&" * 400_000, "referrer": "//" * 200_000}),
        ("timed", {"- " * 200_000: {"begins": " " * 400_000}}),
        ("ab_test", {"id": " " * 400_000 + "x"}),
        ("client_ip", ":" * 400_000),
        ("locale", {"locale": "a-" * 200_000, "timezone": "x" * 400_000}),
        ("content", {"title": "x", "content": "@a/" * 100_000}),
        ("items", {"PURCHASED": "Mug/blue", "item_price": "1" * 400_000}),
    ],
)
def test_long_texts_take_no_time(reads: Callable[..., Any], name: str, value: Any) -> None:
    started = time.perf_counter()
    reads(**{name: value})
    assert time.perf_counter() - started < 1


@pytest.mark.parametrize("raw", [None, [], "x", 3])
def test_aspects_are_an_object(raw: Any) -> None:
    """§3.3."""
    found, problems = read(raw, "event")
    assert found.aspects == {}
    assert [(problem.field, problem.code) for problem in problems] == [("aspects", "invalid_value")]


def test_nothing_said_is_nothing_kept(reads: Callable[..., Any]) -> None:
    """§3.3: empty maps and lists are trimmed, null is not given."""
    found, problems = reads(
        tags=[], dimensions={}, presentation=None, metrics={"a": None}, attachments=[None]
    )
    assert found.aspects == {}
    assert not problems
