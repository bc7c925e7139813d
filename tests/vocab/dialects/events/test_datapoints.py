"""Events §18.5: data points."""

from typing import Any

import pytest

from vocab.dialects.events import DataPoint, Known, Point, Ref, Role, datapoints

KNOWN = Known("north", now=0)
EXAMPLE: dict[str, Any] = {
    "series": "tug.engine",
    "occurred_at": "2031-03-04T06:00:00Z",
    "source": "sensor-3",
    "involves": [{"AFFECTS": "Vessel/Kestrel-9"}],
    "aspects": {"ts_data": {"rpm": 1420, "oil_pressure": 4.2}, "dimensions": {"side": "port"}},
}


def read(raw: Any) -> tuple[DataPoint, list[tuple[str, str, str]]]:
    reading = datapoints.read(raw, KNOWN)
    assert reading.message is not None, reading.problems
    return reading.message, [(problem.severity, problem.code, problem.field) for problem in reading.problems]


def test_the_example() -> None:
    message, problems = read(EXAMPLE)
    assert not problems
    assert message.roles == (Role("AFFECTS", Ref("Vessel", "Kestrel-9")),)
    assert message.point == Point(
        "timeseries",
        "tug.engine",
        1930370400000000,
        {"vessel": "Kestrel-9", "side": "port", "source": "sensor-3", "origin": "sensor-3"},
        {"rpm": 1420.0, "oil_pressure": 4.2},
    )  # fmt: skip
    assert read(message.body) == (message, [])


def test_nobody_needs_to_take_part() -> None:
    message, problems = read(
        {key: value for key, value in EXAMPLE.items() if key not in ("involves", "source")}
    )
    assert (message.roles, message.origin, problems) == ((), "north.unspecified", [])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"series": None}, ("missing_field", "series")),
        ({"series": " "}, ("missing_field", "series")),
        ({"series": []}, ("invalid_value", "series")),
        ({"occurred_at": None}, ("missing_field", "occurred_at")),
        ({"occurred_at": "x"}, ("invalid_value", "occurred_at")),
        ({"involves": [{"AFFECTS": "x"}]}, ("invalid_reference", "involves[0].AFFECTS")),
        ({"aspects": None}, ("missing_field", "aspects.ts_data")),
        ({"aspects": {"ts_data": {}}}, ("missing_field", "aspects.ts_data")),
        ({"aspects": {"ts_data": {"rpm": "fast"}}}, ("invalid_value", "aspects.ts_data.rpm")),
    ],
)
def test_errors(change: dict[str, Any], problem: tuple[str, str]) -> None:
    """Unlike events, it must say when it was measured."""
    reading = datapoints.read(EXAMPLE | change, KNOWN)
    assert reading.message is None
    assert [(found.code, found.field) for found in reading.problems if found.severity == "error"] == [problem]
