"""Times as text."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.aggregation.strftime import DIRECTIVES, compiled
from streams.errors import Malformed

TIMES = st.datetimes(datetime(1000, 1, 1), timezones=st.just(UTC))


@given(TIMES, st.sampled_from(sorted(DIRECTIVES)))
def test_directives_are_those_of_python(moment, letter):
    """Feeds API §8.4: what Python writes in the C locale, of any day."""
    pattern = f"<%{letter}>"
    assert compiled("f", pattern, 0)(moment) == moment.strftime(pattern)


def test_patterns():
    """Feeds API §8.4: directives among other text, and a sign of its own."""
    moment = datetime(2026, 3, 1, 7, 5, tzinfo=UTC)
    assert compiled("f", "day %Y-%m-%d, %H h: 100%%", 0)(moment) == "day 2026-03-01, 07 h: 100%"
    assert compiled("f", "", 0)(moment) == ""


def test_years_have_four_digits():
    assert compiled("f", "%Y", 0)(datetime(33, 4, 3, tzinfo=UTC)) == "0033"


@pytest.mark.parametrize(
    ("pattern", "position"), [("%Q", 10), ("%Y%", 12), ("ab%-d", 12), ("%\n", 10), ("%s", 10)]
)
def test_there_are_no_others(pattern, position):
    """SEC-114: a fixed set, the rest refused where it stands."""
    with pytest.raises(Malformed) as refused:
        compiled("f", pattern, 10)
    assert refused.value.position == position
