"""Times as the Feeds API spells them (§3.1): always six digits of a second, with ``Z`` or without any zone."""

import re
from datetime import UTC, datetime
from typing import Final

from vocab import instants

_ISO: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)([Zz]|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII
)
_JAVASCRIPT: Final = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d{4})(?: \(.*\))?",
    re.ASCII,
)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def parse(text: str) -> datetime | None:
    """Read a time as UTC, to the microsecond; None when it is none.

    ISO 8601 with ``Z``, with an offset, or without a zone, which means UTC; a date alone is its midnight. And what
    JavaScript's ``Date.toString()`` writes, which SDKs send by mistake.
    """
    if found := _ISO.fullmatch(text):
        zone = found[3] or "Z"
        return instants.parse(
            f"{found[1]}T{(found[2] or '00:00').replace(',', '.')}{zone if len(zone) != 3 else zone + '00'}"
        )
    found = _JAVASCRIPT.fullmatch(text)
    if found is None or found[1] not in _MONTHS:
        return None
    month = _MONTHS.index(found[1]) + 1
    return instants.parse(f"{found[3]}-{month:02d}-{found[2]}T{found[4]}{found[5]}")


def naive(moment: datetime) -> str:
    """Spell the time of an activity or group: UTC, without a zone."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").removesuffix("+00:00")


def zoned(moment: datetime) -> str:
    """Spell the time of anything else: the same, and ``Z``."""
    return naive(moment) + "Z"
