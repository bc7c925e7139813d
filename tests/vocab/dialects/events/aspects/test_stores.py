"""Events §7.26: small aspects."""

from collections.abc import Callable
from typing import Any


def test_the_date_of_a_holiday_is_as_it_was_written(told: Callable[..., Any]) -> None:
    """Clients write the day first, and the day alone."""
    for date in ("17-06-2031", "2031-06-17"):
        said = {"name": "National day", "date": date, "is_public": True, "offset_days": -3}
        assert told("holiday", said, "entity") == said
