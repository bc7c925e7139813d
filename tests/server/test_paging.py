"""Which page a request asks for."""

import pytest
from starlette.requests import Request

from server import paging
from server.errors import ProblemError
from storage.entries import NEWEST
from streams.read import PAGE, PAGE_MAX, Bounds


def asked(query: str) -> tuple[Bounds | None, int]:
    return paging.asked(Request({"type": "http", "query_string": query.encode(), "headers": []}))


def test_without_parameters_the_list_itself() -> None:
    assert asked("") == (None, PAGE)
    assert asked("limit=5000") == (None, PAGE_MAX)
    assert asked("page=true&limit=0") == (Bounds(), 1)


def test_bounds_lie_where_an_entry_can() -> None:
    """AP-155: above the last position there is nothing, and no number beyond it."""
    assert asked(f"after={NEWEST}") == (Bounds(after=NEWEST - 1), PAGE)
    assert asked(f"before={NEWEST}") == (Bounds(), PAGE)


@pytest.mark.parametrize("name", ["before", "after", "limit"])
@pytest.mark.parametrize("odd", ["", "x", "-1", str(NEWEST + 1), "9" * 5_000])
def test_what_is_no_number_is_told(name: str, odd: str) -> None:
    """SEC-051."""
    with pytest.raises(ProblemError) as told:
        asked(f"{name}={odd}")
    assert (told.value.status, told.value.field) == (400, name)
