"""Parameters: what is taken for a number, and what never is."""

import pytest

from server import parameters
from storage.entries import NEWEST


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), (str(NEWEST), NEWEST)])
def test_whole_numbers_are_read(text: str, number: int) -> None:
    assert parameters.number(text) == number


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.5", "1e3", " 1", "1_0", "٣", "²", str(NEWEST + 1), "9" * 5_000, "0" * 5_000]
)
def test_what_no_database_holds_is_no_number(text: str) -> None:
    """SEC-051: more digits than Python reads are no mistake of ours."""
    assert parameters.number(text) is None
