"""Into which stretches of time points are put together (Events §19.1).

A bucket of days, weeks, months or years is one of the calendar at a place: a day on which clocks are set is an hour
shorter or longer. Shorter buckets are counted from its midnight. Several days or months in one bucket are counted from
the beginning of 1970, weeks begin on Monday.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from storage.pointqueries import Run
from streams.analytics.periods import YEARS, Period, Span, instant, period
from streams.errors import Malformed
from streams.instants import DAY_US, SECOND_US
from vocab import instants

MINUTE_US: Final = 60 * SECOND_US
PIECES_MAX: Final = 10_000
"""So many days, or buckets that are longer, a query may be about."""
NAMES: Final = {
    "none": Period(time=MINUTE_US),
    "minute": Period(time=MINUTE_US),
    "five_minute": Period(time=5 * MINUTE_US),
    "ten_minute": Period(time=10 * MINUTE_US),
    "fifteen_minute": Period(time=15 * MINUTE_US),
    "thirty_minute": Period(time=30 * MINUTE_US),
    "hour": Period(time=60 * MINUTE_US),
    "day": Period(days=1),
    "week": Period(days=7),
    "month": Period(months=1),
    "quarter": Period(months=3),
    "year": Period(months=12),
}
_EPOCH: Final = date(1970, 1, 1)
_MONDAY: Final = date(1970, 1, 5)


@dataclass(frozen=True, slots=True)
class Granularity:
    """How long a bucket is; None is all of the time at once."""

    period: Period | None

    @classmethod
    def parse(cls, text: str) -> "Granularity":
        """Read a granularity. Raises Malformed."""
        name = text.strip().lower()
        if name == "all":
            return cls(None)
        wanted = NAMES.get(name) or period(text.strip())
        if wanted is None:
            raise Malformed(
                "granularity", "is no period like P1W or PT6H, nor one of all, " + ", ".join(NAMES)
            )
        if wanted.time == DAY_US:
            wanted = Period(wanted.months, wanted.days + 1)
        if sum(map(bool, (wanted.months, wanted.days, wanted.time))) != 1:
            raise Malformed("granularity", "months, days and hours do not go together")
        if wanted.time and not MINUTE_US <= wanted.time < DAY_US:
            raise Malformed("granularity", "is a minute at least, and from a day on a number of days")
        return cls(wanted)


def runs(granularity: Granularity, span: Span, place: tzinfo) -> list[Run]:
    """Return the buckets of a span, those of the same length that follow each other as one run. Raises Malformed."""
    if span.since >= span.until:
        return []
    if granularity.period is None:
        return [Run(span.since, span.since, span.until, span.until - span.since)]
    try:
        return _runs(granularity.period, span, place)
    except OverflowError:
        raise Malformed("granularity", "begins or ends outside of the calendar") from None


def _runs(each: Period, span: Span, place: tzinfo) -> list[Run]:
    found: list[Run] = []
    for number, (begin, end) in enumerate(_pieces(each, span.since, place)):
        if begin >= span.until:
            break
        if number >= PIECES_MAX:
            raise Malformed("granularity", "is too fine for so long a time")
        step = each.time or end - begin
        run = Run(begin, max(begin, span.since), min(end, span.until), step)
        last = found[-1] if found else None
        if last and last.step == step and (begin - last.origin) % step == 0:
            found[-1] = last._replace(until=run.until)
        else:
            found.append(run)
    return found


def starts(found: list[Run]) -> Iterator[int]:
    """Return when each bucket begins."""
    for run in found:
        yield from range(run.since - (run.since - run.origin) % run.step, run.until, run.step)


def count(found: list[Run]) -> int:
    """Return how many buckets there are."""
    return sum(
        -(-(run.until - run.origin) // run.step) - (run.since - run.origin) // run.step for run in found
    )


def _pieces(each: Period, since: int, place: tzinfo) -> Iterator[tuple[int, int]]:
    """Return stretches of the calendar, from the one that an instant lies in on: whole days of shorter buckets."""
    local = instants.moment(since).astimezone(place).date()
    begin = _floor(each, local)
    while True:
        end = _following(each, begin)
        yield _midnight(begin, place), _midnight(end, place)
        begin = end


def _floor(each: Period, day: date) -> date:
    if each.months:
        year, month = divmod((day.year * 12 + day.month - 1) // each.months * each.months, 12)
        return date(max(year, YEARS[0]), month + 1, 1)
    days = each.days or 1
    origin = _EPOCH if days % 7 else _MONDAY
    return day - timedelta(days=(day - origin).days % days)


def _following(each: Period, begin: date) -> date:
    if each.months:
        year, month = divmod(begin.year * 12 + begin.month - 1 + each.months, 12)
        return date(year, month + 1, 1) if year in YEARS else date(YEARS[-1], 12, 31)
    return begin + timedelta(days=each.days or 1)


def _midnight(day: date, place: tzinfo) -> int:
    return instant(datetime.combine(day, time.min), place)
