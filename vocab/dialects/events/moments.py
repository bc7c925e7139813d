"""Instants as messages spell them, and as they are answered (Events §1.3).

ISO 8601 is read in all its spellings of a date and a time. What older clients send besides is read with a warning.
"""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from vocab import instants
from vocab.dialects.events.messages import Moment
from vocab.dialects.events.problems import ADJUSTED, INVALID, Problems

TEXT_CHARS_MAX: Final = 64
REMEMBERED: Final = 4_096

_ISO: Final = re.compile(
    r"(\d{4})(?:-?(\d\d)(?:-?(\d\d)"
    r"(?:([Tt]|\s+)(\d\d)(?::?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)?)?)?)?"
    r"\s?([Zz]|([+-])(\d\d)(?::?(\d\d))?)?",
    re.ASCII,
)
_AMERICAN: Final = re.compile(
    r"(\d\d?)/(\d\d?)/(\d{4})(?: +(\d\d?):(\d\d)(?::(\d\d)(?:\.(\d+))?)?(?: ?([AaPp])[Mm])?)?", re.ASCII
)
_EPOCH: Final = re.compile(r"-?\d{9,15}", re.ASCII)
_OFFSET: Final = re.compile(r"([+-])(\d\d):?(\d\d)", re.ASCII)
_START: Final = datetime(1970, 1, 1)
_EARLIEST: Final = instants.microseconds(datetime.min.replace(tzinfo=UTC))
_LATEST: Final = instants.microseconds(datetime.max.replace(tzinfo=UTC))
_MINUTES_MAX: Final = 24 * 60


def read(value: Any, *, zone: str, problems: Problems, field: str) -> Moment | None:
    """Read an instant; without an offset it is in the time ``zone``. What is none is an error and None.

    It is cut to whole milliseconds and keeps its offset.
    """
    found, usual = None, True
    if isinstance(value, str):
        found, usual = _text(value, zone) if len(value) <= TEXT_CHARS_MAX else (None, True)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        found, usual = _epoch(value), False
    if found is None:
        problems.error(INVALID, field, "must be a date and time in ISO 8601")
    elif not usual:
        problems.warn(ADJUSTED, field, f"read as {found.text}")
    return found


@lru_cache(1_024)
def spell(at: int) -> str:
    """Write microseconds since 1970 as it is answered: UTC with ``Z`` and three digits of a second."""
    return instants.moment(at).isoformat(timespec="milliseconds")[:-6] + "Z"


def of(at: int) -> Moment:
    """Return an instant of our own clock, cut to whole milliseconds."""
    whole = at - at % 1_000
    return Moment(whole, spell(whole))


def footprint(moment: Moment) -> str:
    """Write an instant as footprints have it: UTC without a mark of the zone (Events §2.2)."""
    return moment.text[:-1] if moment.text.endswith("Z") else spell(moment.at)[:-1]


@lru_cache(1_024)
def zoned(name: str) -> tzinfo | None:
    """Return a time zone by its name, ``Atlantic/Reykjavik`` or ``+02:00``; None when there is none such."""
    offset = _OFFSET.fullmatch(name)
    try:
        if offset:
            return timezone(timedelta(minutes=_minutes(offset[1], offset[2], offset[3])))
        return UTC if name.upper() in ("UTC", "Z", "GMT") else ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return None


@lru_cache(REMEMBERED)
def _text(text: str, zone: str) -> tuple[Moment | None, bool]:
    """Read text, and tell whether it is spelled as it should be."""
    text = text.strip()
    try:
        if found := _ISO.fullmatch(text):
            return _iso(found, zone)
        if found := _AMERICAN.fullmatch(text):
            return _american(found, zone), False
    except (ValueError, OverflowError):
        return None, True
    return (_epoch(int(text)) if _EPOCH.fullmatch(text) else None), False


def _iso(found: re.Match[str], zone: str) -> tuple[Moment | None, bool]:
    year, month, day, mark, hour, minute, second, fraction, offset, sign, hours, minutes = found.groups()
    if day is None and (offset or (month and "-" not in found[0])):
        return None, True
    local = _local(int(year), int(month or 1), int(day or 1), hour, minute, second, fraction)
    if offset is None:
        return _in_zone(local, zone), mark in ("T", "t")
    return _moment(local, _minutes(sign, hours, minutes) if sign else 0), mark in ("T", "t")


def _american(found: re.Match[str], zone: str) -> Moment | None:
    """Read ``MM/dd/yyyy HH:mm:ss``, with AM or PM if it is told."""
    month, day, year, hour, minute, second, fraction, half = found.groups()
    if half:
        if not 1 <= int(hour) <= 12:
            raise ValueError(hour)
        hour = str(int(hour) % 12 + (12 if half in "Pp" else 0))
    return _in_zone(_local(int(year), int(month), int(day), hour, minute, second, fraction), zone)


def _local(
    year: int,
    month: int,
    day: int,
    hour: str | None,
    minute: str | None,
    second: str | None,
    fraction: str | None,
) -> datetime:
    """Put a date and time together: second 60 and hour 24 are the beginning of what follows."""
    hours, minutes, seconds = int(hour or 0), int(minute or 0), int(second or 0)
    microseconds = int(fraction[:3].ljust(3, "0")) * 1_000 if fraction else 0
    if hours == 24 and not (minutes or seconds or microseconds):
        return datetime(year, month, day) + timedelta(days=1)
    if seconds == 60:
        return datetime(year, month, day, hours, minutes, 59, microseconds) + timedelta(seconds=1)
    return datetime(year, month, day, hours, minutes, seconds, microseconds)


def _minutes(sign: str, hours: str, minutes: str | None) -> int:
    """Return how many minutes an offset is ahead of UTC; raises ValueError for what is none."""
    ahead = int(hours) * 60 + int(minutes or 0)
    if ahead >= _MINUTES_MAX or int(minutes or 0) > 59:
        raise ValueError(ahead)
    return -ahead if sign == "-" else ahead


def _in_zone(local: datetime, zone: str) -> Moment | None:
    ahead = local.replace(tzinfo=zoned(zone) or UTC).utcoffset() or timedelta()
    if ahead.seconds % 60:  # local mean times of old have offsets that ISO 8601 cannot spell
        return _moment(local - ahead, 0)
    return _moment(local, (ahead.days * 86_400 + ahead.seconds) // 60)


def _moment(local: datetime, ahead: int) -> Moment | None:
    since = local - _START
    at = (since.days * 86_400 + since.seconds - ahead * 60) * 1_000_000 + since.microseconds
    if not _EARLIEST <= at <= _LATEST:
        return None
    text = local.isoformat(timespec="milliseconds")
    if not ahead:
        return Moment(at, text + "Z")
    hours, minutes = divmod(abs(ahead), 60)
    return Moment(at, f"{text}{'-' if ahead < 0 else '+'}{hours:02d}:{minutes:02d}")


def _epoch(milliseconds: float) -> Moment | None:
    """Read milliseconds since 1970."""
    try:
        at = int(milliseconds) * 1_000
    except (ValueError, OverflowError):
        return None
    return of(at) if _EARLIEST <= at <= _LATEST else None
