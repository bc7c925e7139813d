"""Where an activity goes beside its home: ``to``, and changes of it (§6.4, §6.8)."""

from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from vocab.dialects.getstream import activities
from vocab.dialects.getstream.activities import TARGETS_MAX, Draft, identity
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.fields import Fields, each
from vocab.errors import BadFields
from vocab.jsontext import Json

CHANGES_MAX: Final = 100
FEEDS_MAX: Final = 5_000
"""So many feeds an activity can be added to in one call."""


class Retargeted(NamedTuple):
    """The new ``to``, and what makes it differ from the old one."""

    to: tuple[FeedId, ...]
    added: tuple[FeedId, ...]
    removed: tuple[FeedId, ...]


@dataclass(frozen=True, slots=True)
class TargetChange:
    """Other targets for one activity: all of them, or some more and some less."""

    id: UUID
    new: tuple[FeedId, ...] | None
    added: tuple[FeedId, ...]
    removed: tuple[FeedId, ...]

    def applied(self, to: tuple[FeedId, ...]) -> Retargeted:
        """Return what comes of the targets an activity has; raise BadFields when these become too many."""
        kept = tuple(feed for feed in to if feed not in self.removed)
        changed = self.new if self.new is not None else tuple(dict.fromkeys(kept + self.added))
        if len(changed) > TARGETS_MAX:
            raise BadFields({"added_targets": [f"an activity has at most {TARGETS_MAX} targets"]})
        added = tuple(feed for feed in changed if feed not in to)
        return Retargeted(changed, added, tuple(feed for feed in to if feed not in changed))


def read(body: Json) -> list[TargetChange]:
    """Read one change of targets or a list of them. Raises BadFields."""
    if not isinstance(body, list):
        return [_change(body)]
    if not 0 < len(body) <= CHANGES_MAX:
        raise BadFields({"body": [f"must have from 1 to {CHANGES_MAX} items"]})
    return each(body, _change)


def _change(body: Json) -> TargetChange:
    fields = Fields(body)
    id = identity(fields)
    new, added, removed = (_feeds(fields, f"{which}_targets") for which in ("new", "added", "removed"))
    replaces = fields.get("new_targets") is not None
    if replaces and (added or removed):
        fields.refuse("new_targets", "cannot be given together with added_targets or removed_targets")
    if not replaces and not added and not removed:
        fields.refuse("new_targets", "either this, added_targets or removed_targets is required")
    for feed in added:
        if feed in removed:
            fields.refuse("added_targets", f"{feed}: cannot be removed at the same time")
    fields.settle()
    return TargetChange(id, new if replaces else None, added, removed)


def _feeds(fields: Fields, name: str) -> tuple[FeedId, ...]:
    return tuple(target.feed for target in activities.targets(fields, name))


def added_to_many(body: Json) -> tuple[Draft, tuple[FeedId, ...]]:
    """Read an activity and the feeds that it is added to (§6.4); it has no ``to`` of its own. Raises BadFields."""
    fields = Fields(body)
    feeds = tuple(
        target.feed for target in activities.targets(fields, "feeds", most=FEEDS_MAX, required=True)
    )
    activity = fields.data("activity", required=True)
    if activity.get("to"):
        fields.refuse("activity", "must have no targets of its own")
    fields.settle()
    return activities.draft(activity), feeds
