"""When a delivery is tried again, and when never."""

import random

import pytest

from federation.backoff import (
    GIVE_UP_SECONDS,
    SCHEDULE_SECONDS,
    SECOND_US,
    judge,
    next_attempt,
    retry_after_seconds,
)

NOON = 1795176000 * SECOND_US


@pytest.mark.parametrize(
    ("status", "first", "later"),
    [
        (200, "done", "done"),
        (202, "done", "done"),
        (204, "done", "done"),
        (None, "retry", "retry"),
        (408, "retry", "retry"),
        (425, "retry", "retry"),
        (500, "retry", "retry"),
        (502, "retry", "retry"),
        (504, "retry", "retry"),
        (429, "wait", "wait"),
        (503, "wait", "wait"),
        (400, "reknock", "dead"),
        (401, "reknock", "dead"),
        (403, "reknock", "dead"),
        (415, "retype", "dead"),
        (405, "dead", "dead"),
        (406, "dead", "dead"),
        (413, "dead", "dead"),
        (422, "dead", "dead"),
        (404, "refetch", "refetch"),
        (410, "refetch", "refetch"),
        (301, "refetch", "refetch"),
        (307, "refetch", "refetch"),
    ],
)
def test_verdicts(status, first, later):
    """AP-296, REL-015: every kind of answer, before and after the second knock of a last attempt."""
    assert judge(status, 1, knocked=False, retyped=False) == first
    assert judge(status, 3, knocked=True, retyped=True) == later


def test_unwilling_hosts_get_three_attempts():
    """AP-296: 401 in both forms is tried twice more, 403 is not."""
    verdicts = [judge(401, attempt, knocked=True, retyped=True) for attempt in (1, 2, 3)]
    assert verdicts == ["retry", "retry", "dead"]
    assert judge(403, 1, knocked=True, retyped=True) == "dead"


def test_schedule():
    """AP-295, REL-014: the gaps grow, each spread by a quarter, and end within 3 to 8 days."""
    rng = random.Random(7)
    for _ in range(50):
        now, attempt, gaps = NOON, 1, []
        while (then := next_attempt(attempt, created=NOON, now=now, jitter=rng.random())) is not None:
            gaps.append((then - now) / SECOND_US)
            now, attempt = then, attempt + 1
        for gap, planned in zip(gaps, SCHEDULE_SECONDS, strict=False):
            assert 0.75 * planned <= gap <= 1.25 * planned + 1
        assert 3 * 86400 <= (now - NOON) / SECOND_US <= 8 * 86400
        assert len(gaps) <= 30


def test_no_synchronised_bursts():
    """REL-014: many deliveries that fail together do not come back together."""
    rng = random.Random(7)
    moments = {next_attempt(1, created=NOON, now=NOON, jitter=rng.random()) for _ in range(1000)}
    assert len(moments) > 990


def test_retry_after_moves_the_next_attempt():
    """REL-014: what the peer asks for is what it gets, within a day."""
    assert next_attempt(1, created=NOON, now=NOON, jitter=0, retry_after="7200") == NOON + 7200 * SECOND_US
    assert next_attempt(5, created=NOON, now=NOON, jitter=0, retry_after="10") == NOON + 10 * SECOND_US
    assert next_attempt(1, created=NOON, now=NOON, jitter=0, retry_after="0") == NOON + SECOND_US
    assert (
        next_attempt(1, created=NOON, now=NOON, jitter=0, retry_after="9999999") == NOON + 86400 * SECOND_US
    )
    assert next_attempt(1, created=NOON, now=NOON, jitter=0.5, retry_after="soon") == NOON + 60 * SECOND_US


def test_retry_after_cannot_keep_a_delivery_for_ever():
    """REL-014: after seven days it is over whatever the peer asks for."""
    late = NOON + GIVE_UP_SECONDS * SECOND_US
    assert next_attempt(3, created=NOON, now=late, jitter=0, retry_after="60") is None
    assert next_attempt(3, now=late, jitter=0.5) == late + SCHEDULE_SECONDS[2] * SECOND_US


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("90", 90),
        (" 90 ", 90),
        ("9" * 40, 86400),
        ("Fri, 20 Nov 2026 12:02:00 GMT", 120),
        ("Fri, 20 Nov 2020 12:02:00 GMT", 0),
        ("Fri, 20 Nov 2099 12:02:00 GMT", 86400),
        ("Fri, 99 Nov 2026", None),
        ("²", None),
    ],
)
def test_retry_after(value, seconds):
    """REL-014: seconds or a date, capped at a day; what cannot be read is not there."""
    assert retry_after_seconds(value, now=NOON) == seconds
