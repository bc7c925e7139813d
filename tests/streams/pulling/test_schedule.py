"""When a feed is read next (Atom §10.1)."""

import pytest

from streams.instants import SECOND_US
from streams.pulling import Answer, after_answer, after_failure

NOON = 1_790_000_000_000_000 // (86_400 * SECOND_US) * 86_400 * SECOND_US + 12 * 3_600 * SECOND_US
DAY = 86_400


def seconds(at: int) -> float:
    return (at - NOON) / SECOND_US


def test_the_longer_of_what_owner_and_feed_want_counts() -> None:
    assert seconds(after_answer(900, Answer(), now=NOON, jitter=0)) == 900
    assert seconds(after_answer(900, Answer(7_200), now=NOON, jitter=0)) == 7_200
    assert seconds(after_answer(900, Answer(10**9), now=NOON, jitter=0)) == 7 * DAY
    assert 900 < seconds(after_answer(900, Answer(), now=NOON, jitter=0.9)) < 1_000


def test_a_feed_whose_hub_tells_is_read_daily() -> None:
    assert seconds(after_answer(60, Answer(), now=NOON, jitter=0, told_by_hub=True)) == DAY


def test_hours_and_days_that_are_to_be_skipped_are() -> None:
    """RSS 2.0 skipHours, skipDays; a feed that skips everything is read all the same."""
    assert seconds(after_answer(900, Answer(skip_hours={12, 13}), now=NOON, jitter=0)) == 2 * 3_600
    assert seconds(after_answer(900, Answer(skip_hours=range(24)), now=NOON, jitter=0)) == 900
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    skipped = [after_answer(900, Answer(skip_days=[day]), now=NOON, jitter=0) for day in week]
    assert [seconds(at) for at in skipped].count(12 * 3_600) == 1
    assert [seconds(at) for at in skipped].count(900) == 6


@pytest.mark.parametrize(
    ("failures", "expected"), [(1, 900), (2, 1_800), (5, 14_400), (8, DAY), (10_000, DAY)]
)
def test_failures_come_later_each_time_and_never_later_than_a_day(failures: int, expected: int) -> None:
    assert seconds(after_failure(900, failures, now=NOON, jitter=0.5)) == pytest.approx(expected)


def test_what_a_server_asks_for_is_obeyed_within_a_day() -> None:
    assert seconds(after_failure(900, 1, now=NOON, jitter=0, retry_after_seconds=5_000)) == 5_000
    assert seconds(after_failure(900, 1, now=NOON, jitter=0, retry_after_seconds=0)) == 60
    assert seconds(after_failure(900, 1, now=NOON, jitter=0, retry_after_seconds=10**7)) < 1.2 * DAY
