"""How many event streams may be open."""

import contextlib

import pytest

from server.errors import ProblemError
from server.seats import Seats


def test_an_actor_and_the_whole_process_have_so_many_seats() -> None:
    """REL-023: 429 for an actor with too many, 503 when all are taken; one that is left can be taken again."""
    seats = Seats(3, 2, "event streams")
    with contextlib.ExitStack() as taken:
        first = taken.enter_context(contextlib.ExitStack())
        first.enter_context(seats.taken(1))
        taken.enter_context(seats.taken(1))
        with pytest.raises(ProblemError) as refused, seats.taken(1):
            pass
        assert (refused.value.status, refused.value.headers["Retry-After"]) == (429, "60")
        taken.enter_context(seats.taken(2))
        with pytest.raises(ProblemError) as refused, seats.taken(3):
            pass
        assert refused.value.status == 503
        first.close()
        with seats.taken(3):
            pass


def test_nobody_is_counted_alone_where_there_is_no_limit_for_each() -> None:
    seats = Seats(2, 0, "connections")
    with seats.taken("a"), seats.taken("a"), pytest.raises(ProblemError) as refused, seats.taken("a"):
        pass
    assert (refused.value.status, refused.value.detail) == (503, "too many connections are open")
