"""The filter language (Events §1.6): what it means, what is refused and where."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.filters import InvalidFilter, parse

MESSAGE = {
    "type": "as.fleet.cargo.loaded",
    "origin": "depot.north",
    "occurred_at": "2031-03-04T05:06:07.089+02:00",
    "importance": 2,
    "aspects": {
        "tags": ["outbound", "Urgent"],
        "dimensions": {"lane": "7", "on-sale": "yes"},
        "metrics": {"pallets": 14.5},
    },
    "properties": {"shift": "night", "checked": True, "gone": None, "note": "it's\n100%", "count": 3},
}


@pytest.mark.parametrize(
    "text",
    [
        "type = 'as.fleet.cargo.loaded'",
        "type LIKE 'as.fleet.%'",
        "type like '%.loaded' Or origin = 'x'",
        "type NOT LIKE 'as.commerce.%'",
        "type MATCHES 'as\\.[a-z]+\\..*'",
        "importance >= 2 AND importance < 3",
        "importance IN (1, 2, 3)",
        "importance <> 3 and importance != 1",
        "occurred_at = '2031-03-04T03:06:07.089Z'",
        "occurred_at > '2031-03-04' AND occurred_at <= '2031-03-04 05:06:07.089+02:00'",
        "aspects.tags = 'outbound'",
        "aspects.tags IN ('x', 'Urgent')",
        "aspects.dimensions.lane = '7'",
        "aspects.dimensions.on-sale = \"yes\"",
        "aspects.metrics.pallets > 14",
        "properties.checked = TRUE",
        "properties.gone IS NULL AND properties.missing is null",
        "properties.shift is not null",
        "properties.note = 'it''s\n100%'",
        "NOT (properties.shift = 'day' OR properties.shift = 'noon')",
        "not not properties.count = 3.0",
        "properties.shift = 'day' OR properties.shift = 'night' AND importance = 2",
        "aspects IS NOT NULL",
        "aspects.demography.gender IS NULL AND properties.messaging.bcc IS NULL",
    ],
)  # fmt: skip
def test_holds(text: str) -> None:
    assert parse(text).matches(MESSAGE)


@pytest.mark.parametrize(
    "text",
    [
        "importance = '2'",  # a number is no text
        "aspects.dimensions.lane = 7",
        "properties.checked = 1",
        "properties.missing != 'x'",  # nothing is true of what is not there
        "properties.missing NOT IN ('x')",
        "properties.gone != 'x'",
        "aspects.tags = 'urgent'",  # texts are compared as they are written
        "aspects.tags != 'outbound'",  # no item may be it
        "type LIKE 'fleet'",  # all of it
        "type LIKE 'as_fleet'",
        "properties.shift LIKE 'NIGHT'",
        "aspects.dimensions = 'yes'",  # an object is no value
        "properties = 'night'",
        "type.name = 'x'",
        "(properties.shift = 'day' OR properties.shift = 'night') AND importance = 3",
    ],
)
def test_does_not_hold(text: str) -> None:
    assert not parse(text).matches(MESSAGE)


@pytest.mark.parametrize(
    ("text", "line", "character"),
    [
        ("", 1, 1),
        ("type =", 1, 7),
        ("type = 'a' b", 1, 12),
        ("type = 'a", 1, 8),
        ("type ~ 'a'", 1, 6),
        ("type =\n 'a' AND\n  AND", 3, 3),
        ("(type = 'a'", 1, 12),
        ("importance IN ()", 1, 16),
        ("importance IN (1, 2", 1, 20),
        ("importance < true", 1, 14),
        ("importance < 1e999", 1, 14),
        ("importance = 12x", 1, 14),
        ("type LIKE 5", 1, 11),
        ("type MATCHES '(a'", 1, 14),
        ("type IS 'a'", 1, 9),
        ("type NOT = 'a'", 1, 10),
        ("'a' = type", 1, 1),
        ("occurred_at > 5", 1, 15),
        ("occurred_at > 'yesterday'", 1, 15),
        ("occurred_at LIKE '2031%'", 1, 18),
        ("_bumps.up > 1", 1, 1),
        ("aspects.messaging.bcc = 'Email/x'", 1, 1),
        ("type = 'a' AND aspects.demography.income > 1", 1, 16),
        ("aspects.patch.aspects.demography.disability IS NULL", 1, 1),
        ("a.b.c.d.e.f.g.h.i = 1", 1, 1),
        ("type = 'a\0'", 1, 8),
    ],
)
def test_says_where_it_fails(text: str, line: int, character: int) -> None:
    with pytest.raises(InvalidFilter) as refused:
        parse(text)
    assert refused.value.reason.startswith(f"line {line}, character {character}: ")
    assert refused.value.field == "filter"


@pytest.mark.parametrize(
    "text",
    [
        "(" * 20 + "a = 1" + ")" * 20,
        "NOT " * 20 + "a = 1",
        f"a IN ({', '.join(['1'] * 101)})",
        " OR ".join(["a = 1"] * 101),
        "a = 1" + " " * 5_000,
    ],
)
def test_is_bounded(text: str) -> None:
    with pytest.raises(InvalidFilter):
        parse(text)


@given(st.text("(),='\"<>!. \nabANDORNOTINLIKEMATCHESISNULL0123456789%_-+e", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    position: int | None = 0
    try:
        parse(text).matches(MESSAGE)
    except InvalidFilter as refused:
        position = refused.position
    assert position is not None
    assert position <= len(text)
