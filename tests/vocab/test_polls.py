"""What a Question says."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vocab import Invalid, Object, polls

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
LATER, EARLIER = "2026-05-03T00:00:00Z", "2026-05-02T11:59:59Z"


def question(term: str = "oneOf", *names: str, **members: Any) -> Object:
    options = [{"type": "Note", "name": name} for name in names or ("Tea", "Coffee")]
    return Object({"type": "Question", "attributedTo": "https://a.example/u", term: options} | members)


@pytest.mark.parametrize(
    ("members", "over"),
    [
        ({}, False),
        ({"endTime": LATER}, False),
        ({"endTime": EARLIER}, True),
        ({"closed": True}, True),
        ({"closed": False}, False),
        ({"closed": EARLIER}, True),
        ({"closed": LATER}, False),
        ({"closed": {"type": "Object"}}, True),
    ],
)
def test_when_a_poll_is_over(members: dict[str, Any], over: bool) -> None:
    """AP-266, FEP-9967: closed is a date, a truth or an object, and counts like endTime."""
    assert polls.is_over(question(**members), NOW) is over


def test_a_new_poll_counts_from_nothing() -> None:
    """AP-266: whatever its author sent along; each option has a collection, and no id."""
    sent = question(votersCount=9, closed=True, endTime=LATER)
    sent.data["oneOf"][0] |= {"id": "https://a.example/o", "replies": {"type": "Collection", "totalItems": 4}}
    made = polls.opened(sent, NOW)
    assert made.data["oneOf"] == [
        {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": 0}}
        for name in ("Tea", "Coffee")
    ]
    assert made.data["votersCount"] == 0
    assert "closed" not in made.data


@pytest.mark.parametrize(
    "bad",
    [
        question("oneOf", "Tea", "Tea"),
        question("anyOf", "Tea"),
        question("oneOf", "Tea", ""),
        question("oneOf", "Tea", "x" * 501),
        question(endTime=EARLIER),
        question(anyOf=[{"name": "a"}, {"name": "b"}]),
        question(oneOf=[{"type": "Note"}, {"name": "Tea"}, {"name": "Coffee"}]),
        question(oneOf=["https://a.example/1", {"name": "Tea"}, {"name": "Coffee"}]),
    ],
)
def test_polls_nobody_could_vote_in_are_refused(bad: Object) -> None:
    """AP-266: at least two options, with names of their own, of one kind, and time to vote."""
    with pytest.raises(Invalid):
        polls.opened(bad, NOW)


def test_an_edited_poll_keeps_its_votes() -> None:
    """AP-166, AP-266: whatever counts the author sends; with other options only while nobody has voted."""
    voted = polls.counted(polls.opened(question(), NOW), "Tea", 1)
    edited = question(content="better", votersCount=99)
    assert polls.revised(voted, edited, NOW).data["oneOf"] == voted.data["oneOf"]
    assert polls.revised(voted, edited, NOW).data["votersCount"] == 1
    with pytest.raises(Invalid):
        polls.revised(voted, question("oneOf", "Tea", "Water"), NOW)
    assert polls.options(polls.revised(question(), question("anyOf", "A", "B"), NOW)) == ["A", "B"]


@given(st.lists(st.sampled_from(["Tea", "Coffee", "Water"]), max_size=20))
def test_every_vote_is_counted(votes: list[str]) -> None:
    """AP-266, AP-267: the counts are those of a plain tally."""
    poll = polls.opened(question("anyOf", "Tea", "Coffee", "Water"), NOW)
    for voters, name in enumerate(votes, 1):
        poll = polls.counted(poll, name, voters)
    counts = {option["name"]: option["replies"]["totalItems"] for option in poll.data["anyOf"]}
    assert counts == {name: votes.count(name) for name in ("Tea", "Coffee", "Water")}
    assert poll.data["votersCount"] == len(votes)
