"""Events §7.6. The events here occur on 4 March 2031 at 06:00 UTC."""

from collections.abc import Callable
from typing import Any

import pytest

NOW = "2031-03-04T06:00:00.000Z"
AN_HOUR = 3_600_000
LATER = "2031-03-04T07:00:00.000Z"
BEFORE = "2031-03-04T05:00:00.000Z"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"begins": BEFORE, "duration": AN_HOUR}, {"begins": BEFORE, "ends": NOW, "duration": AN_HOUR}),
        ({"ends": LATER, "duration": AN_HOUR}, {"begins": NOW, "ends": LATER, "duration": AN_HOUR}),
        ({"begins": BEFORE, "ends": NOW}, {"begins": BEFORE, "ends": NOW, "duration": AN_HOUR}),
        (
            {"begins": BEFORE, "ends": NOW, "duration": 1},
            {"begins": BEFORE, "ends": NOW, "duration": AN_HOUR},
        ),
        ({"ends": LATER}, {"ends": LATER}),
    ],
)
@pytest.mark.parametrize("on", ["event", "entity"])
def test_what_follows_from_two(told: Callable[..., Any], said: Any, found: Any, on: str) -> None:
    assert told("timed", {"shift": said}, on) == {"shift": found}


def test_on_events_the_moment_is_the_end(told: Callable[..., Any]) -> None:
    past = {"begins": BEFORE, "ends": NOW, "duration": AN_HOUR}
    assert told("timed", {"turnaround": {"duration": AN_HOUR}}) == {"turnaround": past}
    assert told("timed", {"turnaround": {"begins": BEFORE}}) == {"turnaround": past}
    assert told("timed", {"onsale": {"begins": LATER}}) == {"onsale": {"begins": LATER}}
    for unfinished in ({"begins": BEFORE}, {"duration": AN_HOUR}):
        assert told("timed", {"turnaround": unfinished}, "entity") == {"turnaround": unfinished}


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"ends": LATER}, "valid"),
        ({"ends": LATER, "type": "due"}, "due"),
        ({"ends": LATER, "action": "Doors Open!"}, "doors-open"),
        ({"on_sale": {"ends": LATER}}, "on_sale"),
        ({"duration": {"ends": LATER}}, "duration"),
        ({"Night  Shift (2)": {"ends": LATER}}, "night-shift-2"),
    ],
)
def test_names_of_periods(told: Callable[..., Any], said: Any, name: str) -> None:
    assert told("timed", said) == {name: {"ends": LATER}}


def test_flat_and_named_together(told: Callable[..., Any]) -> None:
    said = {"ends": LATER, "type": "due", "period": {"ends": NOW}}
    assert told("timed", said) == {"due": {"ends": LATER}, "period": {"ends": NOW}}


def test_dates_that_leave_something_out(told: Callable[..., Any]) -> None:
    """§7.6: a partial date is the start of its span; an offset is kept for display (§1.3)."""
    said = {
        "a": {"begins": "1871"},
        "b": {"begins": "1871-05"},
        "c": {"ends": "2031-03-04T05:06:07.0890001+02"},
    }
    found = told("timed", said, "entity")
    assert found["a"] == {"begins": "1871-01-01T00:00:00.000Z"}
    assert found["b"] == {"begins": "1871-05-01T00:00:00.000Z"}
    assert found["c"] == {"ends": "2031-03-04T05:06:07.089+02:00"}


def test_times_without_an_offset_are_in_the_zone_of_the_locale(reads: Callable[..., Any]) -> None:
    """§7.11."""
    found, problems = reads(
        timed={"due": {"ends": "2031-07-01T12:00:00"}}, locale={"timezone": "Europe/Stockholm"}
    )
    assert problems.valid
    assert found.aspects["timed"]["due"]["ends"] == "2031-07-01T12:00:00.000+02:00"


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"begins": LATER, "ends": NOW}, "ends"),
        ({"begins": "soon"}, "begins"),
        ({"duration": -1}, "duration"),
        ({"duration": 1.5}, "duration"),
        ({"duration": 10**15}, "duration"),
        ({"begins": "9999-12-31T00:00:00Z", "duration": 2 * 86_400_000}, "duration"),
    ],
)
def test_what_is_no_period(codes: Callable[..., Any], said: Any, field: str) -> None:
    assert codes("timed", {"shift": said})[f"timed.shift.{field}"] == "invalid_value"
