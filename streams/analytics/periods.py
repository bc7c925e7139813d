"""From when until when: partial dates and periods, as a place on earth has them (Events §19.1).

Periods that look back from now are elapsed time, but for months and years; those that count from a date are days of the
calendar.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from streams.errors import Malformed
from streams.instants import DAY_US, SECOND_US
from vocab import instants
from vocab.dialects.events import moments

YEARS: Final = range(2, 9_999)
COUNT_MAX: Final = 1_000_000
NAME_CHARS_MAX: Final = 64

_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[Tt ](\d\d)(?::(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)?"
    r"([Zz]|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_PERIOD: Final = re.compile(
    r"P(?:(\d{1,6})Y)?(?:(\d{1,6})M)?(?:(\d{1,6})W)?(?:(\d{1,6})D)?"
    r"(?:T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,6})S)?)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time: months and days of the calendar, and microseconds."""

    months: int = 0
    days: int = 0
    time: int = 0

    def before(self, at: int, zone: tzinfo) -> int:
        """Return the instant that lies so long before another; its days have 24 hours. Raises OverflowError."""
        found = _shifted(at, -self.months, zone) - self.days * DAY_US - self.time
        if _local(found, zone).year not in YEARS:
            raise OverflowError
        return found

    def after(self, at: int, zone: tzinfo) -> int:
        """Return the instant that lies so long after another; its days are those of the calendar.

        Raises OverflowError.
        """
        local = _local(_shifted(at, self.months, zone), zone).replace(tzinfo=None)
        return instant(local + timedelta(days=self.days), zone) + self.time


@dataclass(frozen=True, slots=True)
class Span:
    """From one instant until just before another, in microseconds."""

    since: int
    until: int


def period(text: str) -> Period | None:
    """Read an ISO 8601 period; None for what is none, or has no length."""
    found = _PERIOD.fullmatch(text)
    if found is None or text[-1] in "Tt":
        return None
    years, months, weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    made = Period(years * 12 + months, weeks * 7 + days, ((hours * 60 + minutes) * 60 + seconds) * SECOND_US)
    return made if made != Period() else None


def back(text: str) -> Period | None:
    """Read a period that is said to lie before now: ``P-1D``; None for what is none."""
    return period(text.replace("-", "")) if text.upper().startswith(("P-", "PT-", "-P")) else None


def zone(name: str) -> tzinfo:
    """Return a time zone by its name, ``Atlantic/Reykjavik``; UTC when there is none. Raises Malformed."""
    found = moments.zoned(name or "UTC") if len(name) <= NAME_CHARS_MAX else None
    if found is None:
        raise Malformed("tz", "is no time zone; one is written like Europe/Berlin")
    return found


def span(since: str, until: str, *, place: tzinfo, now: int) -> Span:
    """Read where a query begins and ends: today and now, unless it says so. Raises Malformed."""
    try:
        return _span(since.strip(), until.strip(), place, now)
    except OverflowError:
        raise Malformed("from", "begins or ends outside of the calendar") from None


def _span(since: str, until: str, place: tzinfo, now: int) -> Span:
    counted = period(since), period(until)
    if counted[0] and counted[1]:
        raise Malformed("to", "only one end can be counted from the other")
    if counted[0]:
        end = _point("to", until, place, now)[0] if until else now
        return Span(counted[0].before(end, place), end)
    if since:
        begin, whole = _point("from", since, place, now)
    else:
        today = _local(now, place).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        begin, whole = instant(today, place), None
    if counted[1]:
        return Span(begin, counted[1].after(begin, place))
    if until:
        end = _point("to", until, place, now)[0]
        if end < begin:
            raise Malformed("to", "lies before the beginning")
        return Span(begin, end)
    end = now if whole is None else whole.after(begin, place)
    return Span(begin, max(begin, end))


def _point(field: str, text: str, place: tzinfo, now: int) -> tuple[int, Period | None]:
    """Return the instant at which a text begins, and how long a lone year or month lasts."""
    before = back(text)
    if before is not None:
        return before.before(now, place), None
    found = _DATE.fullmatch(text)
    if found is None:
        raise Malformed(field, "is neither a date like 2031-03-04T06:00 nor a period like P-1D")
    year, month, day, hour, minute, second = (int(found[group] or 0) for group in range(1, 7))
    whole = Period(months=12) if not month else Period(months=1) if not day else None
    try:
        if year not in YEARS:
            raise ValueError
        micros = int((found[7] or "")[:6].ljust(6, "0"))
        local = datetime(year, month or 1, day or 1, hour, minute, second, micros)
    except ValueError:
        raise Malformed(field, "is no date of the calendar") from None
    return _offset(field, local, found[8]) if found[8] else instant(local, place), whole


def _offset(field: str, local: datetime, text: str) -> int:
    parsed = instants.parse(f"{local.isoformat()}{text if len(text) != 3 else f'{text}:00'}")
    if parsed is None:
        raise Malformed(field, "has an offset from UTC that does not exist")
    return instants.microseconds(parsed)


def instant(local: datetime, place: tzinfo) -> int:
    """Return when clocks at a place show a time, the first of two; where they skip it, when they do so."""
    if local.year not in YEARS:
        raise OverflowError
    return instants.microseconds(local.replace(tzinfo=place))


def _local(at: int, place: tzinfo) -> datetime:
    return instants.moment(at).astimezone(place)


def _shifted(at: int, months: int, place: tzinfo) -> int:
    """Return the instant some months later, on the last day of a month that is too short."""
    if not months:
        return at
    local = _local(at, place).replace(tzinfo=None)
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    if year not in YEARS:
        raise OverflowError
    day = min(local.day, calendar.monthrange(year, month + 1)[1])
    return instant(local.replace(year=year, month=month + 1, day=day), place)


def spell(at: int, place: tzinfo) -> str:
    """Write an instant as clocks at a place show it, with milliseconds (Events §19.2)."""
    text = _local(at, place).isoformat(timespec="milliseconds")
    return f"{text[:-6]}Z" if place is UTC else text
