"""When to try a delivery again, or never: tables and pure functions, without clock or randomness."""

from email.utils import parsedate_to_datetime
from typing import Literal, TypeAlias

SECOND_US = 1_000_000
HOUR_SECONDS = 3600
DAY_SECONDS = 24 * HOUR_SECONDS

SCHEDULE_SECONDS = (60, 5 * 60, 20 * 60, HOUR_SECONDS, 3 * HOUR_SECONDS, 8 * HOUR_SECONDS, DAY_SECONDS)
"""Gaps after the first, second … attempt; the last one repeats (AP-295)."""
JITTER = 0.25
GIVE_UP_SECONDS = 7 * DAY_SECONDS
RETRY_AFTER_SECONDS_MAX = DAY_SECONDS
UNWILLING_ATTEMPTS_MAX = 3

Verdict: TypeAlias = Literal["done", "retry", "wait", "dead", "reknock", "retype", "refetch"]
"""done: delivered · retry: on the schedule · wait: on the schedule, or as Retry-After says ·
dead: never · reknock: at once in the other signature form · retype: at once with the other
content type · refetch: read the actor again, its inbox may have moved or it may be gone."""

PERMANENT = frozenset({400, 403, 405, 406, 413, 415, 422})
REJECTS_SIGNATURE = frozenset({400, 401, 403})


def judge(status: int | None, attempt: int, *, knocked: bool, retyped: bool) -> Verdict:
    """Read an answer (AP-296; REL-015 where that says nothing).

    ``attempt`` counts from 1. ``knocked``: the other signature form is not to be tried any more in
    this attempt; ``retyped``: nor the other content type.
    """
    if status is None or status in (408, 425) or (status >= 500 and status != 503):
        return "retry"
    if 200 <= status < 300:
        return "done"
    if status in (429, 503):
        return "wait"
    if status == 415 and not retyped:
        return "retype"
    if status in REJECTS_SIGNATURE and not knocked:
        return "reknock"
    if status in (404, 410) or 300 <= status < 400:
        return "refetch"
    if status == 401 and attempt < UNWILLING_ATTEMPTS_MAX:
        return "retry"
    return "dead"


def next_attempt(
    attempt: int, *, now: int, jitter: float, created: int | None = None, retry_after: str | None = None
) -> int | None:
    """When to try again after this attempt failed, or None to give up (REL-014).

    ``jitter`` lies between 0 and 1 and spreads the attempts by a quarter to both sides. With
    ``created`` it is over after seven days.
    """
    step_seconds = SCHEDULE_SECONDS[min(attempt, len(SCHEDULE_SECONDS)) - 1]
    gap_seconds = step_seconds * (1 - JITTER + 2 * JITTER * jitter)
    asked_seconds = retry_after_seconds(retry_after, now=now)
    if asked_seconds is not None:
        gap_seconds = max(asked_seconds, 1) * (1 + JITTER * jitter)
    moment = now + int(gap_seconds * SECOND_US)
    given_up = created is not None and moment - created > GIVE_UP_SECONDS * SECOND_US
    return None if given_up else moment


def retry_after_seconds(value: str | None, *, now: int) -> int | None:
    """Read a Retry-After field, seconds or a date, never more than a day (REL-014)."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), RETRY_AFTER_SECONDS_MAX)
    try:
        moment = parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(int(moment - now / SECOND_US), RETRY_AFTER_SECONDS_MAX))
