"""When a feed is read next (Atom §10.1). Pure: the instant and the chance come from outside."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from streams.instants import SECOND_US, moment

INTERVAL_SECONDS: Final = 15 * 60
INTERVAL_SECONDS_MIN: Final = 60
INTERVAL_SECONDS_MAX: Final = 7 * 86_400
DAILY_SECONDS: Final = 86_400
"""How often a feed is read whose hub tells what is new."""
JITTER: Final = 0.1
HOURS_SKIPPED_MAX: Final = 7 * 24
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Answer:
    """What an answer says of when to come again: seconds to be left alone, hours and days to be skipped (UTC)."""

    interval_seconds: int = 0
    skip_hours: Collection[int] = ()
    skip_days: Collection[str] = ()


def after_answer(
    interval_seconds: int, answer: Answer, *, now: int, jitter: float, told_by_hub: bool = False
) -> int:
    """Return when to read a feed again that has answered; ``jitter`` lies between 0 and 1."""
    least = DAILY_SECONDS if told_by_hub else INTERVAL_SECONDS_MIN
    asked = min(answer.interval_seconds, INTERVAL_SECONDS_MAX)
    seconds = max(interval_seconds, asked, least) * (1 + JITTER * jitter)
    return _past_skipped(now + int(seconds * SECOND_US), answer)


def after_failure(
    interval_seconds: int, failures: int, *, now: int, jitter: float, retry_after_seconds: int | None = None
) -> int:
    """Return when to try a feed again that failed so many times in a row: later each time, daily in the end."""
    doubled = max(interval_seconds, INTERVAL_SECONDS_MIN) * 2 ** min(max(failures - 1, 0), 16)
    seconds = min(doubled, DAILY_SECONDS) * (1 - JITTER + 2 * JITTER * jitter)
    if retry_after_seconds is not None:
        seconds = max(retry_after_seconds, INTERVAL_SECONDS_MIN) * (1 + JITTER * jitter)
    return now + int(min(seconds, DAILY_SECONDS * (1 + JITTER)) * SECOND_US)


def _past_skipped(at: int, answer: Answer) -> int:
    """Move an instant past hours and days that are to be skipped; a feed that skips them all is read all the same."""
    found = at
    for _ in range(HOURS_SKIPPED_MAX):
        then = moment(found)
        if then.hour not in answer.skip_hours and DAYS[then.weekday()] not in answer.skip_days:
            return found
        found += 3_600 * SECOND_US - found % (3_600 * SECOND_US)
    return at
