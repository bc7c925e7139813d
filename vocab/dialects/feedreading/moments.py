"""Dates as feeds write them (Atom §10.3.7): RFC 3339 with any offset, RFC 822 with short years and names of zones."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from vocab import instants

ZONES: Final = {
    "WET": "+0000", "WEST": "+0100", "BST": "+0100", "CET": "+0100", "CEST": "+0200", "MEZ": "+0100", "MESZ": "+0200",
    "EET": "+0200", "EEST": "+0300", "MSK": "+0300", "JST": "+0900", "KST": "+0900", "AEST": "+1000", "AEDT": "+1100",
    "NZST": "+1200", "NZDT": "+1300", "AKST": "-0900", "AKDT": "-0800", "HST": "-1000", "UTC": "+0000", "Z": "+0000",
}  # fmt: skip
"""Zones beyond those of RFC 822 itself."""
CHARS_MAX: Final = 64

_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", re.ASCII)
_LOCAL = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(?: ?([Zz]|UTC|GMT|[+-]\d\d:?\d\d))?", re.ASCII
)
_ZONE = re.compile(r"\b([A-Z]{1,5})\Z")


def read(text: str | None) -> datetime | None:
    """Read a date as UTC; None for what is none. One without a zone is UTC."""
    text = " ".join((text or "").split())
    if not text or len(text) > CHARS_MAX:
        return None
    return instants.parse(text) or _spaced(text) or _day(text) or _mailed(text)


def _spaced(text: str) -> datetime | None:
    found = _LOCAL.fullmatch(text)
    if found is None:
        return None
    zone = "Z" if found[3] in (None, "UTC", "GMT", "z") else found[3]
    return instants.parse(f"{found[1]}T{found[2]}{zone}")


def _day(text: str) -> datetime | None:
    found = _DAY.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1), tzinfo=UTC)
    except ValueError:
        return None


def _mailed(text: str) -> datetime | None:
    zone = _ZONE.search(text)
    if zone is not None and zone[1] in ZONES:
        text = text[: zone.start()] + ZONES[zone[1]]
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment if timedelta(0) <= moment - datetime(1, 1, 2, tzinfo=UTC) else None


def spelled(moment: datetime) -> str:
    """Write an instant as documents have it."""
    return instants.spell(instants.microseconds(moment))
