"""When a thing holds, by name of the period: the aspect ``timed`` (Events §7.6)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from vocab.dialects.events import moments
from vocab.dialects.events.aspects import kinds
from vocab.dialects.events.aspects.found import Host
from vocab.dialects.events.aspects.shapes import ERASED, Shape, erases
from vocab.dialects.events.problems import ADJUSTED, INVALID

PERIODS_MAX: Final = 50
DURATION_MS_MAX: Final = 10**14
"""Some three thousand years."""
EARLIEST: Final = -62_135_596_800_000_000
LATEST: Final = 253_402_300_799_999_000
"""The years 1 to 9999, in microseconds."""

ORDINARY: Final = "valid"
"""The period that is meant when none is named."""
BOUNDS: Final = ("begins", "ends", "duration")
FLAT: Final = {*BOUNDS, "type", "action"}


def _duration(value: Any, host: Host, field: str) -> int | None:
    found = kinds.whole(value, host, field)
    if found is not None and not 0 <= found <= DURATION_MS_MAX:
        host.problems.error(INVALID, field, f"must be from 0 to {DURATION_MS_MAX} milliseconds")
        return None
    return found


PERIOD: Final = Shape({"begins": kinds.moment, "ends": kinds.moment, "duration": _duration})


def timed(value: Any, host: Host, field: str) -> dict[str, Any] | None:
    """Read periods, one written flat or several by name, and complete each."""
    if not isinstance(value, dict):
        host.problems.error(INVALID, field, "must be an object")
        return None
    found: dict[str, Any] = {}
    for name, period in _periods(value).items():
        if host.merging and not isinstance(period, dict) and erases(period):
            found[name] = ERASED
            continue
        read = PERIOD(period, host, f"{field}.{name}")
        if read is not None:
            found.setdefault(name, _completed(read, host, f"{field}.{name}"))
    if len(found) > PERIODS_MAX:
        host.problems.error(INVALID, field, f"must have at most {PERIODS_MAX} periods")
        return None
    return {name: period for name, period in found.items() if period}


def _periods(value: dict[str, Any]) -> dict[str, Any]:
    """Return the periods by name; members of a flat period are those that are not objects themselves."""
    flat: dict[str, Any] = {}
    named: dict[str, Any] = {}
    for key, member in value.items():
        if member is None:
            continue
        if key.strip().lower() in FLAT and not isinstance(member, dict):
            flat[key.strip().lower()] = member
        else:
            named[slug(key)] = member
    if not flat.keys() & set(BOUNDS):
        return named | {key: member for key, member in flat.items() if key not in named}
    kind = [flat.pop(name, None) for name in ("type", "action")]
    name = next((slug(name) for name in kind if isinstance(name, str) and name.strip()), ORDINARY)
    return {name: flat} | named


def slug(name: str) -> str:
    """Return the name of a period: snake case as it is, anything else with ``-`` between its words."""
    lowered = name.strip().lower()
    if re.fullmatch(r"\w+", lowered):
        return lowered
    return re.sub(r"[\W_]+", "-", lowered).strip("-") or ORDINARY


def _completed(period: dict[str, Any], host: Host, field: str) -> dict[str, Any]:
    """Work out what a period leaves open; on events it ends, at the latest, when they occurred."""
    begins, ends = (_instant(period.get(name), host) for name in ("begins", "ends"))
    length = period.get("duration")
    length = length * 1_000 if isinstance(length, int) else None
    erased = ERASED in (period.get(name) for name in BOUNDS)
    if host.on == "event" and host.occurred is not None and ends is None and not erased:
        now = host.occurred.at
        if (begins is None and length is not None) or (
            begins is not None and length is None and begins <= now
        ):
            ends = now
            period["ends"] = host.occurred.text
    if begins is not None and ends is not None:
        if ends < begins:
            host.problems.error(INVALID, f"{field}.ends", "lies before it begins")
            return period
        if length is not None and length != ends - begins:
            host.problems.warn(ADJUSTED, f"{field}.duration", "taken from when it begins and ends")
        period["duration"] = (ends - begins) // 1_000
    elif begins is not None and length is not None:
        _place(period, "ends", begins + length, host, field)
    elif ends is not None and length is not None:
        _place(period, "begins", ends - length, host, field)
    return {name: period[name] for name in (*BOUNDS, *period) if name in period}


def _instant(text: Any, host: Host) -> int | None:
    """Return the instant that was read before; None for a marker."""
    if not isinstance(text, str) or text == ERASED:
        return None
    found = moments.read(text, zone=host.zone, problems=host.problems, field="")
    return None if found is None else found.at


def _place(period: dict[str, Any], name: str, at: int, host: Host, field: str) -> None:
    if EARLIEST <= at <= LATEST:
        period[name] = moments.spell(at)
    else:
        host.problems.error(INVALID, f"{field}.duration", "leads out of the years that dates have")


def merged(stored: Mapping[str, Any], said: Mapping[str, Any]) -> dict[str, Any]:
    """Return a stored period after a message said it anew.

    When one of its bounds changes, those that the message does not name are dropped rather than kept inconsistent.
    """
    kept = {name: value for name, value in said.items() if not erases(value)}
    gone = said.keys() - kept.keys()
    changed = gone & set(BOUNDS) or any(
        kept.get(name, stored.get(name)) != stored.get(name) for name in BOUNDS
    )
    rest = {name: value for name, value in stored.items() if name not in gone}
    if changed:
        rest = {name: value for name, value in rest.items() if name not in BOUNDS}
    return rest | kept
