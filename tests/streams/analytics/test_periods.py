"""From when until when an analysis counts (Events §19.1)."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.analytics import periods
from streams.analytics.periods import Period
from streams.errors import Malformed
from vocab import instants

NOW = "2031-03-04T05:06:07Z"


def at(text: str) -> int:
    found = instants.parse(text)
    assert found is not None
    return instants.microseconds(found)


def span(since: str, until: str = "", zone: str = "", now: str = NOW) -> tuple[str, str]:
    found = periods.span(since, until, place=periods.zone(zone), now=at(now))
    return instants.spell(found.since), instants.spell(found.until)


@pytest.mark.parametrize(
    ("since", "until", "begin", "end"),
    [
        ("", "", "2031-03-04T00:00:00Z", NOW),
        ("2031", "", "2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z"),
        ("2031-02", "", "2031-02-01T00:00:00Z", "2031-03-01T00:00:00Z"),
        ("2031-02-03", "", "2031-02-03T00:00:00Z", NOW),
        ("2031-02-03T04", "", "2031-02-03T04:00:00Z", NOW),
        ("2031-02-03T04:05:06.7", "", "2031-02-03T04:05:06.7Z", NOW),
        ("2031-02-03T04:05+02:00", "", "2031-02-03T02:05:00Z", NOW),
        ("2031-02-03T04:05-05", "", "2031-02-03T09:05:00Z", NOW),
        ("2030", "2031-02", "2030-01-01T00:00:00Z", "2031-02-01T00:00:00Z"),
        ("2031-02-03", "2031-02-04", "2031-02-03T00:00:00Z", "2031-02-04T00:00:00Z"),
        ("P-1D", "", "2031-03-03T05:06:07Z", NOW),
        ("P-T6H", "", "2031-03-03T23:06:07Z", NOW),
        ("PT-6H", "P-T1H", "2031-03-03T23:06:07Z", "2031-03-04T04:06:07Z"),
        ("P-1M", "", "2031-02-04T05:06:07Z", NOW),
        ("2031-01-31", "P1M", "2031-01-31T00:00:00Z", "2031-02-28T00:00:00Z"),
        ("2031-01-31", "P1WT1H", "2031-01-31T00:00:00Z", "2031-02-07T01:00:00Z"),
        ("P2D", "2031-03-03", "2031-03-01T00:00:00Z", "2031-03-03T00:00:00Z"),
        ("P2D", "", "2031-03-02T05:06:07Z", NOW),
        ("2032-01-01", "", "2032-01-01T00:00:00Z", "2032-01-01T00:00:00Z"),
    ],
)
def test_ends_of_a_query(since: str, until: str, begin: str, end: str) -> None:
    """A lone year or month is that whole span, anything finer runs to now; periods count from an end."""
    assert span(since, until) == (begin, end)


def test_dates_are_those_of_the_place() -> None:
    assert span("2031-07-01", "2031-07-02", "Europe/Berlin") == (
        "2031-06-30T22:00:00Z",
        "2031-07-01T22:00:00Z",
    )
    assert span("", "", "Pacific/Auckland") == ("2031-03-03T11:00:00Z", NOW)
    assert span("2031-07-01T00:00Z", "2031-07-02", "Europe/Berlin")[0] == "2031-07-01T00:00:00Z"


def test_days_back_are_elapsed_and_days_from_a_date_are_days() -> None:
    """``P-1D`` is 24 hours before now; a day that begins on the 30th of March 2031 in Berlin has 23."""
    assert span("P-1D", "", "Europe/Berlin", "2031-03-30T12:00:00Z")[0] == "2031-03-29T12:00:00Z"
    assert span("2031-03-30", "P1D", "Europe/Berlin") == ("2031-03-29T23:00:00Z", "2031-03-30T22:00:00Z")


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        ("yesterday", "", "from"), ("2031-13", "", "from"), ("2031-02-30", "", "from"), ("P", "", "from"),
        ("PT", "", "from"), ("P0D", "", "from"), ("2031-03-04", "soon", "to"), ("2031-03-04", "2031-03-03", "to"),
        ("P1D", "P1D", "to"), ("0000", "", "from"), ("9999", "", "from"), ("2031-02-03T04:05+99:99", "", "from"),
        ("P-999999Y", "", "from"), ("2031", "P999999Y", "from"), ("-P999999D", "", "from"),
        ("P999999W", "", "from"), ("2031-03-04T25", "", "from"), ("٢٠٣١", "", "from"),
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused_by_name(since: str, until: str, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        span(since, until)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "name", ["Nowhere/City", "../../etc/passwd", "Europe", "x" * 100, "/etc/localtime", "\0"]
)
def test_what_is_no_zone_is_refused(name: str) -> None:
    with pytest.raises(Malformed) as refused:
        periods.zone(name)
    assert refused.value.field == "tz"


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_understood_or_refused(since: str, until: str) -> None:
    try:
        begin, end = span(since, until)
    except Malformed:
        return
    assert at(begin) <= at(end)


@given(st.integers(0, 40_000), st.integers(0, 40), st.integers(0, 10_000_000_000))
def test_a_period_after_is_never_before(months: int, days: int, time: int) -> None:
    period = Period(months % 1_000, days, time)
    begin = at(NOW)
    assert period.after(begin, UTC) >= begin >= period.before(begin, UTC)


def test_instants_are_told_as_clocks_show_them() -> None:
    """Events §19.2."""
    assert periods.spell(at("2031-07-01T10:00:00.5Z"), UTC) == "2031-07-01T10:00:00.500Z"
    assert (
        periods.spell(at("2031-07-01T10:00:00Z"), ZoneInfo("Europe/Berlin"))
        == "2031-07-01T12:00:00.000+02:00"
    )
    assert (
        periods.spell(at("2031-07-01T10:00:00Z"), ZoneInfo("Atlantic/Reykjavik"))
        == "2031-07-01T10:00:00.000+00:00"
    )
