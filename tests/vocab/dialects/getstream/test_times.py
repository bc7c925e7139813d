"""Times of the Feeds API (§3.1)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab.dialects.getstream import times

moments = st.datetimes(datetime(1600, 1, 1), datetime(5000, 1, 1), timezones=st.just(UTC))
EVENING = datetime(2017, 7, 1, 20, 30, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "microsecond"),
    [
        ("2017-07-01T20:30:45.123456", 123456),
        ("2017-07-01T20:30:45.123456Z", 123456),
        ("2017-07-01T20:30:45.123Z", 123000),
        ("2017-07-01T20:30:45.123456789Z", 123456),
        ("2017-07-01T20:30:45,5", 500000),
        ("2017-07-01T20:30:45", 0),
        ("2017-07-01 20:30:45", 0),
        ("2017-07-01T22:30:45+02:00", 0),
        ("2017-07-01T22:30:45+02", 0),
        ("2017-07-01T15:00:45-0530", 0),
        ("Sat Jul 01 2017 20:30:45 GMT+0000 (Coordinated Universal Time)", 0),
        ("Sat Jul 01 2017 22:30:45 GMT+0200 (CEST)", 0),
        ("Sat Jul 01 2017 13:30:45 GMT-0700", 0),
    ],
)
def test_spellings_of_one_evening(text: str, microsecond: int) -> None:
    assert times.parse(text) == EVENING.replace(microsecond=microsecond)


def test_a_date_alone_is_its_midnight() -> None:
    assert times.parse("2017-07-01") == datetime(2017, 7, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "2017-13-01T00:00:00", "2017-07-01T25:00:00", "20170701T203045Z", "1498941045",
    "2017-07-01T", "2017-07-01Z", "2017-07-01T20:30:45+2", "2017-07-01T20:30:45+02:99", "２017-07-01T00:00:00",
    "Sat Foo 01 2017 20:30:45 GMT+0000", "Sat Jul 32 2017 20:30:45 GMT+0000", "Sat Jul 01 2017 20:30:45"],
)  # fmt: skip
def test_what_is_no_time(text: str) -> None:
    assert times.parse(text) is None


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_what_is_spelled_is_read_as_the_same_moment(moment: datetime, minutes: int) -> None:
    """In any zone, by the parser SDKs use too: six digits, always."""
    there = moment.astimezone(timezone(timedelta(minutes=minutes)))
    assert times.parse(times.naive(there)) == times.parse(times.zoned(there)) == moment
    assert datetime.strptime(times.naive(there), "%Y-%m-%dT%H:%M:%S.%f") == moment.replace(tzinfo=None)
    assert times.zoned(there) == times.naive(moment) + "Z"


@given(st.text(alphabet="0123456789-T:.Z+ "))
def test_any_text_is_read_or_is_no_time(text: str) -> None:
    found = times.parse(text)
    assert found is None or found.utcoffset() == timedelta(0)
