"""How time is cut (Events §19.1)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analytics import buckets, periods
from streams.analytics.buckets import Granularity
from streams.analytics.periods import Span
from streams.errors import Malformed
from vocab import instants


def begins(granularity: str, since: str, until: str, zone: str = "") -> list[str]:
    place = periods.zone(zone)
    span = periods.span(since, until, place=place, now=0)
    runs = buckets.runs(Granularity.parse(granularity), span, place)
    found = [periods.spell(at, place)[:16] for at in buckets.starts(runs)]
    assert buckets.count(runs) == len(found)
    return found


def test_days_of_the_calendar() -> None:
    """A day is a day, however long its clocks make it; the first one may have begun before the query."""
    assert begins("day", "2031-03-29T12:00", "2031-04-01", "Europe/Berlin") == [
        "2031-03-29T00:00", "2031-03-30T00:00", "2031-03-31T00:00",
    ]  # fmt: skip


def test_a_day_whose_midnight_is_skipped_begins_later() -> None:
    """In São Paulo clocks went from 00:00 to 01:00 on the 4th of November 2018."""
    assert begins("day", "2018-11-03", "2018-11-06", "America/Sao_Paulo") == [
        "2018-11-03T00:00", "2018-11-04T01:00", "2018-11-05T00:00",
    ]  # fmt: skip


def test_hours_of_a_day_on_which_clocks_are_set() -> None:
    assert [hour[11:13] for hour in begins("hour", "2031-03-30", "2031-03-30T05:00", "Europe/Berlin")] == [
        "00", "01", "03", "04",
    ]  # fmt: skip
    assert len(begins("hour", "2031-10-26", "2031-10-27", "Europe/Berlin")) == 25
    assert len(begins("PT6H", "2031-10-26", "2031-10-27", "Europe/Berlin")) == 5


@pytest.mark.parametrize(
    ("granularity", "expected"),
    [
        ("P1W", ["2031-04-28T00:00", "2031-05-05T00:00", "2031-05-12T00:00"]),
        ("week", ["2031-04-28T00:00", "2031-05-05T00:00", "2031-05-12T00:00"]),
        ("month", ["2031-05-01T00:00"]),
        ("quarter", ["2031-04-01T00:00"]),
        ("P1Y", ["2031-01-01T00:00"]),
        ("P7D", ["2031-04-28T00:00", "2031-05-05T00:00", "2031-05-12T00:00"]),
        ("all", ["2031-05-01T00:00"]),
    ],
)
def test_longer_buckets(granularity: str, expected: list[str]) -> None:
    """Weeks begin on Monday; the bucket of everything begins where the query does."""
    assert begins(granularity, "2031-05-01", "2031-05-15") == expected


def test_several_units_are_counted_from_1970() -> None:
    """So that two queries that overlap cut time alike."""
    assert begins("P3D", "2031-05-01", "2031-05-09")[1:] == begins("P3D", "2031-05-04", "2031-05-09")
    assert begins("PT7H", "2031-05-01", "2031-05-02") == [
        f"2031-05-01T{hour:02}:00" for hour in (0, 7, 14, 21)
    ]
    assert begins("PT24H", "2031-05-01", "2031-05-02") == ["2031-05-01T00:00"]


@pytest.mark.parametrize("text", ["", "PT30S", "P1DT1H", "P1M1D", "PT36H", "P", "fortnight", "P0D"])
def test_what_is_no_granularity_is_refused(text: str) -> None:
    """Events §19.1: nothing is shorter than a minute."""
    with pytest.raises(Malformed) as refused:
        Granularity.parse(text)
    assert refused.value.field == "granularity"


def test_a_query_is_about_a_bounded_number_of_buckets() -> None:
    with pytest.raises(Malformed, match="too fine"):
        begins("day", "1900", "2031")
    assert len(begins("month", "1900", "2031")) == 131 * 12
    for endless in ("P999999W", "P999999D"):
        with pytest.raises(Malformed, match="calendar"):
            begins(endless, "1900", "2031")
    assert begins("year", "9997", "9998-06") == ["9997-01-01T00:00", "9998-01-01T00:00"]


ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Africa/Casablanca",
]


@given(
    st.datetimes(datetime(1975, 1, 1), datetime(2037, 1, 1)),
    st.integers(1, 60 * 24 * 60),
    st.sampled_from([*buckets.NAMES, "all", "P2D", "P2W", "P5M", "PT7H"]),
    st.sampled_from(ZONES),
)
def test_every_instant_is_in_exactly_one_bucket(
    since: datetime, minutes: int, granularity: str, zone: str
) -> None:
    """Buckets follow each other without a gap, from the beginning of the query to its end."""
    begin = instants.microseconds(since.replace(tzinfo=UTC))
    span = Span(begin, begin + minutes * buckets.MINUTE_US)
    runs = buckets.runs(Granularity.parse(granularity), span, periods.zone(zone))
    assert (runs[0].since, runs[-1].until) == (span.since, span.until)
    assert all(one.until == other.since for one, other in pairwise(runs))
    assert all(one.origin <= one.since < one.until for one in runs)
    starts = list(buckets.starts(runs))
    assert starts == sorted(set(starts))
    assert starts[0] <= span.since < span.until
    assert starts[-1] < span.until
    assert buckets.count(runs) == len(starts)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2037, 1, 1)), st.sampled_from(ZONES))
def test_a_day_holds_the_instants_of_its_date(noon: datetime, zone: str) -> None:
    place = periods.zone(zone)
    at = instants.microseconds(noon.replace(tzinfo=place))
    [run] = buckets.runs(Granularity.parse("day"), Span(at, at + 1), place)
    begin = instants.moment(run.origin).astimezone(place)
    assert begin.date() == instants.moment(at).astimezone(place).date()
    assert timedelta(microseconds=run.step) <= timedelta(hours=25)
