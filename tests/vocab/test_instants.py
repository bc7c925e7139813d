"""Date-times."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import instants


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z"),
        ("2026-03-01t08:00z", "2026-03-01T08:00:00Z"),
        ("2026-03-01T08:00:00.123456789Z", "2026-03-01T08:00:00.123456Z"),
        ("2026-03-01T08:00:00.5+00:00", "2026-03-01T08:00:00.5Z"),
        ("2026-03-01T08:00:00-23:59", "2026-03-02T07:59:00Z"),
        ("2026-03-01T08:00:00+99:30", "2026-02-25T04:30:00Z"),
        ("2026-12-31T23:59:60Z", "2027-01-01T00:00:00Z"),
        ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
    ],
)
def test_readable(text, expected):
    """AP-016: offsets of any value, fractions of any length, seconds optional, leap second."""
    assert instants.spell(instants.microseconds(instants.parse(text))) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-03-01", "2026-03-01 08:00:00Z", "2026-03-01T08:00:00", "2026-13-01T08:00:00Z",
     "2026-02-30T08:00:00Z", "2026-03-01T25:00:00Z", "2026-03-01T08:61:00Z", "2026-03-01T08:00:61Z",
     "2026-03-01T08:00:00+00:61", "9999-12-31T23:59:60Z", "0001-01-01T00:00:00+01:00", "२०२६-03-01T08:00:00Z",
     "2026-03-01T08:00:00.Z", "x2026-03-01T08:00:00Z", "2026-03-01T08:00:00Z\n"],
)  # fmt: skip
def test_unreadable(text):
    """AP-016: anything else is no date-time."""
    assert instants.parse(text) is None


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_is_spelled_can_be_read(moment):
    """AP-016: written in UTC with seconds, and read back as the same moment."""
    text = instants.spell(instants.microseconds(moment))
    assert text.endswith("Z")
    assert instants.parse(text) == moment


def test_epoch():
    """Microseconds count from 1970."""
    assert instants.spell(0) == "1970-01-01T00:00:00Z"
    assert instants.microseconds(datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)) == 1_000_000
