"""Activity Streams 1.0: verbs and types, which Atom feeds speak as well, and JSON (Atom §3.9, §12, §13)."""

from vocab.dialects.as1.lists import BARE_TYPE, MEDIA_TYPE, activities, feed, is_as1, spelled
from vocab.dialects.as1.reading import to_activity, to_object
from vocab.dialects.as1.writing import from_activity, from_object

__all__ = [
    "BARE_TYPE",
    "MEDIA_TYPE",
    "activities",
    "feed",
    "from_activity",
    "from_object",
    "is_as1",
    "spelled",
    "to_activity",
    "to_object",
]
