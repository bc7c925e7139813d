"""When to leave a provider in peace (Atom §8.3 rule 5): a schedule as a function of what happened and the time.

Whoever is late three times running is banned for a minute. Then it is tried once, and when it is late again
banned for twice as long. Whoever says that it is asked too often is left alone for as long as it wants.
"""

from dataclasses import dataclass, replace
from typing import Final, Literal

LATE_MAX: Final = 3
BAN_SECONDS: Final = 60.0
BAN_SECONDS_MAX: Final = 3_600.0
REST_SECONDS_MAX: Final = 3_600.0

Why = Literal["banned", "throttled"]


@dataclass(frozen=True, slots=True)
class Record:
    """What happened lately: how often it was late running, how often banned running, until when it rests and why.

    Times are seconds of a monotonic clock.
    """

    late: int = 0
    bans: int = 0
    until: float = 0.0
    why: Why = "banned"


def rests(record: Record, now: float) -> Why | None:
    """Tell why a provider is not to be asked now, None when it is."""
    return record.why if now < record.until else None


def after_success(record: Record) -> Record:
    """Return what is known after an answer in time: nothing bad."""
    return Record()


def after_delay(record: Record, now: float, *, late_max: int = LATE_MAX) -> Record:
    """Return what is known after an answer did not come in time.

    Questions that were on their way to one who rests by now count no more.
    """
    if rests(record, now):
        return record
    late = record.late + 1
    if late < late_max and not record.bans:
        return replace(record, late=late)
    seconds = min(BAN_SECONDS * 2**record.bans, BAN_SECONDS_MAX)
    return Record(late=0, bans=min(record.bans + 1, 16), until=now + seconds, why="banned")


def after_refusal(record: Record, now: float, seconds: float) -> Record:
    """Return what is known after a provider said that it is asked too often."""
    return replace(record, until=now + max(0.0, min(seconds, REST_SECONDS_MAX)), why="throttled")
