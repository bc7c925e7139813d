"""Activities as the Feeds API spells them (§5.1): read from requests, written into responses."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from vocab.dialects.getstream import ids, sizes, times
from vocab.dialects.getstream.feedids import FeedId, Target
from vocab.dialects.getstream.fields import Fields, each
from vocab.jsontext import Json

ACTIVITIES_MAX: Final = 100
"""So many activities are taken in one call."""
TARGETS_MAX: Final = 100
VERB_BYTES_MAX: Final = 255
FOREIGN_ID_BYTES_MAX: Final = 2_048
"""Activities are found by their foreign ids, and no index takes longer texts."""

OWN: Final = frozenset({"id", "actor", "verb", "object", "target", "foreign_id", "time", "origin", "to"})
"""Members with a meaning of their own."""
REFUSED: Final = frozenset(
    {"activity_id", "activity", "analytics", "extra_context", "is_read", "is_seen", "site_id"}
)
"""Names that no custom field may have."""
DROPPED: Final = frozenset({"id", "origin", "score"})
"""Names of what we answer, and clients send back: left out without a word."""

NOBODY: Final = UUID(int=0)
"""The id of no activity."""

_DURATION: Final = re.compile(r"\d+(?:\.\d+)?ms", re.ASCII)
"""Our own answer's ``duration`` sent back; a custom field of that name says something else."""


@dataclass(frozen=True, slots=True)
class FeedActivity:
    """One activity with its id, which holds its time; ``target`` and ``foreign_id`` are empty when there is none."""

    id: UUID
    actor: str
    verb: str
    object: str
    target: str = ""
    foreign_id: str = ""
    to: tuple[FeedId, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)

    @property
    def time(self) -> datetime:
        """When it was done, to the microsecond."""
        return ids.time_of(self.id)


@dataclass(frozen=True, slots=True)
class Draft:
    """An activity as a client sent it, without an id; without a time it is given that of the server."""

    actor: str
    verb: str
    object: str
    target: str
    foreign_id: str
    time: datetime | None
    to: tuple[Target, ...]
    custom: dict[str, Any]

    def dated(self, now: datetime, node: int) -> FeedActivity:
        """Return the activity with its id (§3.2); raises as ``measured`` does.

        ``now`` is the time of one that came without, and must be later than the last one given; ``node`` is a
        random number, for one that came without a foreign id too.
        """
        time = self.time or now
        if self.foreign_id:
            id = ids.of_foreign_id(time, self.foreign_id)
        elif self.time is None:
            id = ids.unique(time, node)
        else:
            id = ids.of_content(time, self._content())
        feeds = tuple(target.feed for target in self.to)
        return measured(
            FeedActivity(
                id, self.actor, self.verb, self.object, self.target, self.foreign_id, feeds, self.custom
            )
        )

    def _content(self) -> dict[str, Any]:
        """Return what makes an activity without a foreign id this one."""
        told = {"actor": self.actor, "verb": self.verb, "object": self.object, "target": self.target}
        return {name: value for name, value in told.items() if value} | self.custom


def posted(body: Json) -> tuple[list[Draft], bool]:
    """Read the body of §6.1: one activity, or ``activities``; tell which of both. Raises BadFields."""
    if isinstance(body, dict) and "activities" in body:
        return each(_items(body), draft), True
    return [draft(body)], False


def revisions(body: Json) -> list[Draft]:
    """Read the body of §6.6: activities that are found by foreign id and time. Raises BadFields.

    Whether each has both is asked before anything else.
    """
    items = _items(body)
    each(items, _identified)
    return each(items, draft)


def _items(body: Json) -> list[Any]:
    fields = Fields(body)
    items = fields.items("activities", most=ACTIVITIES_MAX, required=True)
    fields.settle()
    return items


def _identified(body: Json) -> UUID:
    fields = Fields(body)
    found = _by_foreign_id(fields)
    fields.settle()
    return found


def identity(fields: Fields) -> UUID:
    """Return the id of the activity that a body is about: its own, or that of its foreign id and time (§3.2)."""
    text = fields.text("id")
    if not text:
        return _by_foreign_id(fields)
    found = ids.parse(text)
    if found is None:
        fields.refuse("id", "must be the id of an activity")
    return found or NOBODY


def _by_foreign_id(fields: Fields) -> UUID:
    foreign_id, time = (
        fields.text("foreign_id", required=True, bytes_max=FOREIGN_ID_BYTES_MAX),
        fields.time("time", required=True),
    )
    return NOBODY if time is None else ids.of_foreign_id(time, foreign_id)


def draft(body: Json) -> Draft:
    """Read one activity; raise BadFields with everything that is wrong with it (§4)."""
    fields = Fields(body)
    made = Draft(
        actor=fields.text("actor", required=True),
        verb=fields.text("verb", required=True, bytes_max=VERB_BYTES_MAX),
        object=fields.text("object", required=True),
        target=fields.text("target"),
        foreign_id=fields.text("foreign_id", bytes_max=FOREIGN_ID_BYTES_MAX),
        time=fields.time("time"),
        to=targets(fields, "to"),
        custom={name: value for name, value in fields.members.items() if is_custom(name, value)},
    )
    for name in sorted(REFUSED & fields.members.keys()):
        fields.refuse(name, "this name is reserved")
    fields.settle()
    return made


def targets(
    fields: Fields, name: str, *, most: int = TARGETS_MAX, required: bool = False
) -> tuple[Target, ...]:
    """Read a list of feeds, each once."""
    found: dict[FeedId, Target] = {}
    for entry in fields.items(name, most=most, required=required):
        target = Target.read(entry)
        if target is None:
            fields.refuse(name, f"must hold ids of feeds, such as user:1, not {str(entry)[:100]!r}")
        else:
            found.setdefault(target.feed, target)
    return tuple(found.values())


def is_custom(name: str, value: Any) -> bool:
    """Tell whether a member is a custom field, by its name or by what we answer under that name."""
    if name == "duration" and isinstance(value, str) and _DURATION.fullmatch(value):
        return False
    return name not in OWN | DROPPED | REFUSED


def with_custom(activity: FeedActivity, custom: dict[str, Any]) -> FeedActivity:
    """Return an activity with other custom fields; raises as ``measured`` does."""
    return measured(replace(activity, custom=custom))


def measured(activity: FeedActivity) -> FeedActivity:
    """Return an activity that can be kept; raise TooLarge for one of more than 10 KB, BadFields for one too deep."""
    sizes.check(spelled(activity))
    return activity


def spelled(activity: FeedActivity, origin: str | None = None) -> dict[str, Any]:
    """Write an activity as it is answered; ``origin`` is the feed through which it came to the one that is read."""
    told = {
        "id": str(activity.id), "actor": activity.actor, "verb": activity.verb, "object": activity.object,
        "target": activity.target, "foreign_id": activity.foreign_id, "time": times.naive(activity.time),
        "origin": origin,
    }  # fmt: skip
    return activity.custom | told | ({"to": [str(feed) for feed in activity.to]} if activity.to else {})
