"""Stream's Feeds v2 as pure functions: its JSON ↔ values ↔ Activity Streams 2.0.

``activities`` and ``as2`` are the dialect; each other file has one noun of it. Sections (§) are those of the wire
specification that the door of this dialect keeps.
"""

from vocab.dialects.getstream.activities import Draft, FeedActivity
from vocab.dialects.getstream.as2 import from_activity, to_activity
from vocab.dialects.getstream.entities import Entities
from vocab.dialects.getstream.feedids import FeedId, Target
from vocab.dialects.getstream.references import Reference

__all__ = [
    "Draft",
    "Entities",
    "FeedActivity",
    "FeedId",
    "Reference",
    "Target",
    "from_activity",
    "to_activity",
]
