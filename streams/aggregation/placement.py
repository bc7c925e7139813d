"""What a format speaks of: an activity on its way into a feed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from streams.errors import Malformed
from streams.expressions import Name, find
from streams.instants import moment


@dataclass(frozen=True, slots=True)
class Placement:
    """An activity in the dialect of the Feeds API, its time in microseconds since 1970, and the feed it enters."""

    activity: Mapping[str, Any]
    time: int
    group: str = ""
    user_id: str = ""
    app_id: str = ""


FIELD: Final = "aggregation_format"
"""The setting that a mistake is found in."""

Reader: TypeAlias = Callable[[Placement], Any]

_RESERVED: Final[Mapping[tuple[str, ...], Reader]] = {
    ("time",): lambda placement: (
        moment(placement.time).replace(tzinfo=None).isoformat(timespec="microseconds")
    ),
    ("time", "year"): lambda placement: moment(placement.time).year,
    ("time", "month"): lambda placement: moment(placement.time).month,
    ("time", "day"): lambda placement: moment(placement.time).day,
    ("time", "hour"): lambda placement: moment(placement.time).hour,
    ("feed", "group"): lambda placement: placement.group,
    ("feed", "user_id"): lambda placement: placement.user_id,
    ("app_id",): lambda placement: placement.app_id,
    ("site_id",): lambda placement: placement.app_id,
    ("verb", "infinitive"): lambda placement: placement.activity.get("verb"),
}
"""What is not simply a member of the activity; ``verb.infinitive`` is an old spelling of ``verb``."""


def reader(name: Name) -> Reader:
    """Return how a variable is read; what the activity lacks is the empty text."""
    path = name.path
    if path[0] in ("time", "feed") and path not in _RESERVED:
        raise Malformed(FIELD, f"there is no {name.text}", name.at)
    read = _RESERVED.get(path) or (lambda placement: find(placement.activity, path))

    def value(placement: Placement) -> Any:
        found = read(placement)
        return "" if found is None else found

    return value
