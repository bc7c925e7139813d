"""Whose turn it is."""

from hypothesis import given
from hypothesis import strategies as st

from federation.turns import Turns
from storage.jobs import Job


def job(id, lane):
    return Job(id, "deliver", lane, "", {}, None, None, 1, 0, 0)


def take_all(turns):
    taken = []
    while (job := turns.take()) is not None:
        taken.append(job)
    return taken


def test_hosts_take_turns():
    """REL-018: one host with much to do does not keep the others waiting."""
    turns = Turns(10, 2)
    for number in range(100):
        turns.add(job(number, "slow"))
    for number in range(100, 103):
        turns.add(job(number, f"quick{number}"))
    assert sorted(taken.lane for taken in take_all(turns)) == [
        "quick100",
        "quick101",
        "quick102",
        "slow",
        "slow",
    ]


def test_limits():
    """AP-303: two per host, and so many in all."""
    turns = Turns(3, 2)
    for lane in "aabbcc":
        turns.add(job(ord(lane), lane))
    assert len(take_all(turns)) == 3


def test_order_within_a_host():
    """REL-017: first come, first served."""
    turns = Turns(9, 1)
    for number in range(3):
        turns.add(job(number, "a"))
    order = []
    while (taken := turns.take()) is not None:
        order.append(taken.id)
        turns.done(taken)
    assert order == [0, 1, 2]


def test_withdraw():
    """REL-016: what waits for a host can be given back; what runs stays."""
    turns = Turns(9, 1)
    for number in range(3):
        turns.add(job(number, "a"))
    turns.add(job(3, "b"))
    running = turns.take()
    assert [held.id for held in turns.withdraw("a")] == [1, 2]
    assert turns.withdraw("a") == []
    assert turns.full_hosts == {"b"}
    turns.done(running)
    assert [held.id for held in turns.withdraw()] == [3]
    assert len(turns) == 0


@given(
    lanes=st.lists(st.sampled_from("abcd")),
    at_once=st.integers(1, 5),
    per_host=st.integers(1, 3),
    data=st.data(),
)
def test_nothing_is_lost_or_done_twice(lanes, at_once, per_host, data):
    """Every job gets exactly one turn, and the limits hold at every moment."""
    turns, running, finished = Turns(at_once, per_host), [], []
    for number, lane in enumerate(lanes):
        turns.add(job(number, lane))
    while len(finished) < len(lanes):
        running += take_all(turns)
        assert running
        assert len(running) <= at_once
        assert all([held.lane for held in running].count(lane) <= per_host for lane in "abcd")
        assert len(turns) + len(finished) == len(lanes)
        finished.append(running.pop(data.draw(st.integers(0, len(running) - 1))))
        turns.done(finished[-1])
    assert sorted(held.id for held in finished) == list(range(len(lanes)))
