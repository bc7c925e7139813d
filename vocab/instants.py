"""Date-times as Activity Streams spells them (AP-016): RFC 3339, leniently read, strictly written."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

_DATE_TIME = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?:[Zz]|([+-])(\d\d):?(\d\d))", re.ASCII
)
REMEMBERED: Final = 1_024
"""One document names the same few instants again and again."""
ORDINARY_CHARS_MAX: Final = 40
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def parse(text: str) -> datetime | None:
    """Read a date-time as UTC, or return None when it is none (AP-016).

    Seconds may be missing, a fraction may have any length, an offset any value; second 60 is the next minute.
    """
    return _parsed(text) if len(text) <= ORDINARY_CHARS_MAX else _parsed.__wrapped__(text)


@lru_cache(REMEMBERED)
def _parsed(text: str) -> datetime | None:
    found = _DATE_TIME.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute = (int(found[group]) for group in range(1, 6))
    seconds = int(found[6] or 0)
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    if seconds > 60 or int(found[10] or 0) > 59:
        return None
    try:
        moment = datetime(year, month, day, hour, minute, tzinfo=UTC)
        moment += timedelta(seconds=seconds, microseconds=int((found[7] or "")[:6].ljust(6, "0")))
        return moment + offset if found[8] == "-" else moment - offset
    except (ValueError, OverflowError):
        return None


def microseconds(moment: datetime) -> int:
    """Return an aware date-time as microseconds since 1970 UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(now: int) -> datetime:
    """Return microseconds since 1970 UTC as a date-time."""
    return _EPOCH + timedelta(microseconds=now)


@lru_cache(REMEMBERED)
def spell(now: int) -> str:
    """Write microseconds since 1970 UTC the way we emit instants: ``Z``, seconds present, no idle zeros."""
    then = moment(now)
    spelled = then.strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    fraction = f".{then.microsecond:06d}".rstrip("0") if then.microsecond else ""
    return f"{spelled}{fraction}Z"
