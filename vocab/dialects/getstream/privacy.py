"""What is to be deleted for somebody's privacy (§7.9): activities and reactions."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from vocab.dialects.getstream import activities, ids
from vocab.dialects.getstream.feedids import FeedId
from vocab.dialects.getstream.fields import Fields, each
from vocab.fields import REQUIRED
from vocab.jsontext import Json

AT_ONCE_MAX: Final = 100
"""So much is deleted in one call."""
FEEDS_MAX: Final = 100


@dataclass(frozen=True, slots=True)
class Deletion:
    """One activity to delete, and the feeds that are named beside it."""

    id: UUID
    feeds: tuple[FeedId, ...]


def deletions(body: Json) -> list[Deletion]:
    """Read which activities are to be deleted; raises BadFields."""
    fields = Fields(body)
    items = fields.items("activities", most=AT_ONCE_MAX, required=True)
    fields.settle()
    return each(items, _deletion)


def _deletion(body: Json) -> Deletion:
    fields = Fields(body)
    text = fields.text("id", required=True)
    id = ids.parse(text)
    if text and id is None:
        fields.refuse("id", "must be the id of an activity")
    targets = activities.targets(fields, "remove_from_feeds", most=FEEDS_MAX)
    fields.settle()
    return Deletion(id or activities.NOBODY, tuple(target.feed for target in targets))


def reactions(body: Json) -> list[str]:
    """Read the ids of reactions that are to be deleted; raises BadFields."""
    fields = Fields(body)
    items = fields.items("ids", most=AT_ONCE_MAX, required=True)
    if not all(isinstance(item, str) and item for item in items):
        fields.refuse("ids", "must be ids of reactions" if items else REQUIRED)
    fields.settle()
    return list(dict.fromkeys(items))
