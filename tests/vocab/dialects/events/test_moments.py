"""Events §1.3: date-times in all spellings."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.events import Moment, Problems, moments


def read(value: Any, zone: str = "UTC") -> tuple[Moment | None, Problems]:
    problems = Problems()
    return moments.read(value, zone=zone, problems=problems, field="occurred_at"), problems


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("2031-03-04T05:06:07.089+02:00", "2031-03-04T05:06:07.089+02:00"),
        ("2031-03-04T05:06:07.0899999Z", "2031-03-04T05:06:07.089Z"),
        ("2031-03-04T05:06:07,5Z", "2031-03-04T05:06:07.500Z"),
        ("2031-03-04t05:06:07z", "2031-03-04T05:06:07.000Z"),
        ("2031-03-04T05:06:07+01", "2031-03-04T05:06:07.000+01:00"),
        ("2031-03-04T05:06:07-0930", "2031-03-04T05:06:07.000-09:30"),
        ("2031-03-04T05:06:07+00:00", "2031-03-04T05:06:07.000Z"),
        ("2031-03-04T05:06Z", "2031-03-04T05:06:00.000Z"),
        ("20310304T050607Z", "2031-03-04T05:06:07.000Z"),
        ("2031-03-04T24:00:00Z", "2031-03-05T00:00:00.000Z"),
        ("2031-12-31T23:59:60Z", "2032-01-01T00:00:00.000Z"),
        (" 2031-03-04T05:06:07Z ", "2031-03-04T05:06:07.000Z"),
    ],
)
def test_iso_8601_is_read_without_a_word(value: str, text: str) -> None:
    """Any number of digits of a second, short offsets, lower case; whole milliseconds count."""
    moment, problems = read(value)
    assert moment is not None
    assert not problems
    assert moment.text == text
    assert read(moment.text) == (moment, [])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1930359967089, "2031-03-04T03:06:07.089Z"),
        (1930359967089.9, "2031-03-04T03:06:07.089Z"),
        ("1930359967089", "2031-03-04T03:06:07.089Z"),
        (-1, "1969-12-31T23:59:59.999Z"),
        ("2031-03-04 05:06:07", "2031-03-04T05:06:07.000Z"),
        ("2031-03-04 05:06:07 +02:00", "2031-03-04T05:06:07.000+02:00"),
        ("03/04/2031 05:06:07", "2031-03-04T05:06:07.000Z"),
        ("3/4/2031 5:06 PM", "2031-03-04T17:06:00.000Z"),
        ("03/04/2031 12:06:07 am", "2031-03-04T00:06:07.000Z"),
        ("03/04/2031", "2031-03-04T00:00:00.000Z"),
        ("2031-03-04", "2031-03-04T00:00:00.000Z"),
        ("20310304", "2031-03-04T00:00:00.000Z"),
        ("2031-03", "2031-03-01T00:00:00.000Z"),
        ("2031", "2031-01-01T00:00:00.000Z"),
    ],
)
def test_what_older_clients_send_is_read_with_a_warning(value: Any, text: str) -> None:
    moment, problems = read(value)
    assert moment is not None
    assert moment.text == text
    assert [(problem.severity, problem.code, problem.field) for problem in problems] == [
        ("warning", "adjusted_value", "occurred_at")
    ]


@pytest.mark.parametrize(
    "value",
    [
        "", " ", "soon", "2031-13-01", "2031-02-30T00:00:00Z", "2031-03-04T25:00:00Z", "2031-03-04T24:00:01Z",
        "2031-03-04T05:60:00Z", "2031-03-04T05:06:61Z", "2031-03-04T05:06:07+24:00", "2031-03-04T05:06:07+01:60",
        "2031Z", "2031-03Z", "203103", "13/45/2031", "03/04/2031 13:00 PM", "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:60Z", "9999-12-31T23:59:59-01:00", "２０３１-03-04T05:06:07Z",
        "2031-03-04T05:06:07." + "9" * 100 + "Z", True, None, [], {}, float("nan"), float("inf"), 10**400, 10**18,
    ],
)  # fmt: skip
def test_what_is_no_moment_is_an_error(value: Any) -> None:
    moment, problems = read(value)
    assert moment is None
    assert [(problem.severity, problem.code) for problem in problems] == [("error", "invalid_value")]


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("UTC", "2031-07-04T05:06:07.000Z"),
        ("Europe/Paris", "2031-07-04T05:06:07.000+02:00"),
        ("-03:30", "2031-07-04T05:06:07.000-03:30"),
        ("No/Where", "2031-07-04T05:06:07.000Z"),
    ],
)
def test_without_an_offset_it_is_in_the_zone_of_the_tenant(zone: str, text: str) -> None:
    assert read("2031-07-04T05:06:07", zone)[0] == read(text)[0]
    moment, problems = read("2031-07-04T05:06:07", zone)
    assert moment is not None
    assert moment.text == text
    assert not problems


def test_local_mean_times_are_told_in_utc() -> None:
    """Amsterdam was 19 minutes and 32 seconds ahead, which ISO 8601 cannot spell."""
    moment, _ = read("1900-01-01T00:00:00", "Europe/Amsterdam")
    assert moment is not None
    assert read(moment.text) == (moment, [])


@pytest.mark.parametrize(
    "name", ["", "../etc/passwd", "/etc/localtime", "America", "\0", "x" * 5_000, "+25:00"]
)
def test_no_name_of_a_zone_reaches_a_file(name: str) -> None:
    assert moments.zoned(name) is None


@given(
    st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29)),
    st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
def test_every_moment_is_read_as_the_same_instant(naive: datetime, zone: timezone) -> None:
    """The instant is that of datetime, cut to milliseconds; reading what is spelled changes nothing."""
    there = naive.replace(tzinfo=zone)
    moment, problems = read(there.isoformat())
    assert moment is not None
    assert not problems
    cut = there.replace(microsecond=there.microsecond // 1_000 * 1_000)
    assert datetime.fromisoformat(moment.text) == cut
    assert datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=moment.at) == cut
    assert read(moments.spell(moment.at))[0] == Moment(moment.at, moments.spell(moment.at))
    assert moments.footprint(moment) == moments.spell(moment.at).removesuffix("Z")


@given(st.text(max_size=80) | st.integers() | st.floats())
def test_nothing_breaks_it(value: Any) -> None:
    moment, problems = read(value)
    assert (moment is None) == (not problems.valid)
